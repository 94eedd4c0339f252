"""What a moderator writes to the person whom a decision is about."""

from lib import text
from members.models.activity import REASON_MAX_LENGTH as MAX_LENGTH


def required_reason(reason: str) -> str:
    """As clean_reason(), for a decision that needs one. Raises ValidationError also when there is none."""
    return text.clean_text(reason, field="reason", limit=MAX_LENGTH, needed="Write the reason: the member reads it.")


def clean_reason(reason: str) -> str:
    """The reason without room around it; it may be empty. Raises ValidationError when there is too much of it."""
    return text.clean_text(reason, field="reason", limit=MAX_LENGTH)

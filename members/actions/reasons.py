"""What a moderator writes to the person whom a decision is about."""

from django.core.exceptions import ValidationError

from cdoforum.lib import text
from members.models.activity import REASON_MAX_LENGTH as MAX_LENGTH


def required_reason(reason: str) -> str:
    """As clean_reason(), for a decision that needs one. Raises ValidationError also when there is none."""
    reason = clean_reason(reason)
    if not reason:
        raise ValidationError({"reason": "Write the reason: the member reads it."})
    return reason


def clean_reason(reason: str) -> str:
    """The reason without room around it; it may be empty. Raises ValidationError when there is too much of it."""
    reason = text.many_lines(reason)
    if len(reason) > MAX_LENGTH:
        raise ValidationError({"reason": f"Write at most {MAX_LENGTH:,} characters."})
    return reason

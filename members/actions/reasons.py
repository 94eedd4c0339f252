"""A moderator's decision needs a reason that the person can read."""

from django.core.exceptions import ValidationError

from cdoforum.lib import text
from members.models.activity import REASON_MAX_LENGTH as MAX_LENGTH


def required_reason(reason: str) -> str:
    """The reason without room around it. Raises ValidationError when there is none, or too much of it."""
    reason = text.many_lines(reason)
    if not reason:
        raise ValidationError({"reason": "Write the reason: the member reads it."})
    if len(reason) > MAX_LENGTH:
        raise ValidationError({"reason": f"Write at most {MAX_LENGTH:,} characters."})
    return reason

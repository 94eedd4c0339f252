"""Twice is harmless: a form that creates something carries a token, unique for its author."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)

SENT_BEFORE = "This form was sent before, for something else. Your text is kept: send it again."


def made_before(made: QuerySet[Row], **fits) -> Row | None:
    """What the form with a token has made already, if it was sent before: made_before(Post.objects.filter(author=…,
    token=…), thread=thread). Raises ValidationError when that was something which does not fit."""
    earlier = made.first()
    if earlier and not made.filter(**fits).exists():
        raise ValidationError({"token": SENT_BEFORE})
    return earlier

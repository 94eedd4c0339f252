"""What the actions share: the checks of a text, and of which text it is."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError

from cdoforum.lib.access import Denied
from cdoforum.lib.text import check_storable, many_lines, one_line, tags

from ..models import Introduction, SupplierListing

CHANGED_SINCE = "The supplier has changed the text since you opened this page. Read it again."
MAX_TOPICS = 8


def check_was_read(thing: Introduction | SupplierListing, seen: str | None):
    """Raises Denied when the text has been sent anew since. `seen` is the version that was read; None passes."""
    if seen is not None and seen != thing.version:
        raise Denied(CHANGED_SINCE)


def clean_text(text: str, *, field: str, limit: int, needed: str = "") -> str:
    """The text as it is stored. `needed` is what to say when it is empty, if it may not be. Raises ValidationError."""
    return _checked(many_lines, text, field, limit, needed)


def clean_line(text: str, *, field: str, limit: int, needed: str = "") -> str:
    """The same in one line. Raises ValidationError."""
    return _checked(one_line, text, field, limit, needed)


def _checked(cleaned: Callable[[str], str], text: str, field: str, limit: int, needed: str) -> str:
    text = text or ""
    check_storable(text, field=field)
    text = cleaned(text)
    if needed and not text:
        raise ValidationError({field: needed})
    if len(text) > limit:
        raise ValidationError({field: f"The text has {len(text):,} characters; it can have {limit:,}. Shorten it."})
    return text


def clean_topics(topics: Iterable[str]) -> list[str]:
    """A listing's topics as they are stored. Raises ValidationError."""
    return tags(topics, noun="topic", limit=MAX_TOPICS)

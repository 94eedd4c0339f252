"""What the actions share: the checks of a text, and of which text it is."""

from collections.abc import Iterable

from lib.access import Denied
from lib.text import clean_line, clean_text, tags

from ..models import Introduction, SupplierListing

__all__ = ["clean_line", "clean_text"]

CHANGED_SINCE = "The supplier has changed the text since you opened this page. Read it again."
MAX_TOPICS = 8


def check_was_read(thing: Introduction | SupplierListing, seen: str | None):
    """Raises Denied when the text has been sent anew since. `seen` is the version that was read; None passes."""
    if seen is not None and seen != thing.version:
        raise Denied(CHANGED_SINCE)


def clean_topics(topics: Iterable[str]) -> list[str]:
    """A listing's topics as they are stored. Raises ValidationError."""
    return tags(topics, noun="topic", limit=MAX_TOPICS)

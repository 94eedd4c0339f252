"""What members type: checked, and made into HTML."""

from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from lib import markup, text
from members.models import Member

from .. import access
from ..models import Thread
from ..models.threads import TITLE_MAX_LENGTH

MAX_TAGS = 5
TITLE_MIN_LENGTH = 8  # characters
PREVIEWS = 30  # a minute, by one member


def clean_source(source: str) -> str:
    """The Markdown source as it is stored. Raises ValidationError in words that say what to do."""
    return text.clean_text(source, field="source", limit=settings.POST_MAX_LENGTH, needed="Write something first.")


def clean_title(title: str) -> str:
    """One line of a sensible length. Raises ValidationError."""
    title = text.clean_line(title, field="title", limit=TITLE_MAX_LENGTH)
    if len(title) < TITLE_MIN_LENGTH:
        raise ValidationError(
            {"title": f"Write a title that says what the thread is about, in at least {TITLE_MIN_LENGTH} characters."}
        )
    return title


def clean_tags(tags: Iterable[str]) -> list[str]:
    """A thread's tags as they are stored. Raises ValidationError."""
    return text.tags(tags, noun="tag", limit=MAX_TAGS)


def render(source: str, *, author: Member, space, thread: Thread | None) -> tuple[str, list[Member]]:
    """Source → HTML, and the members mentioned in it: those who may read it, and of whom the author may know.

    Raises ValidationError.
    """
    try:
        typed = markup.Text(source)
        readers = access.known_readers(author, space, thread)
        mentioned = list(readers.filter(handle__in=typed.mentions)) if typed.mentions else []
        html = typed.html({member.handle: member.get_absolute_url() for member in mentioned})
    except markup.TooMuch as error:
        words = "There are too many table cells, list items, nested quotes or links. Split it into several posts."
        raise ValidationError({"source": words}) from error
    if text.is_blank(markup.plain_text(html)) and "<img" not in html:
        raise ValidationError({"source": "This would show nothing. Add some words."})
    return html, mentioned


def write(source: str, *, author: Member, space, thread: Thread | None) -> tuple[str, str, list[Member]]:
    """The source as it is stored, and what render() makes of it. Raises ValidationError."""
    source = clean_source(source)
    return source, *render(source, author=author, space=space, thread=thread)


def preview(source: str, *, author: Member, space, thread: Thread | None) -> str:
    """The HTML that a text would become. Raises ValidationError, also for whoever looks too often."""
    key = f"previews:{author.pk}"
    cache.add(key, 0, 60)
    if cache.incr(key) > PREVIEWS:
        raise ValidationError("You have looked at many previews within a minute. Your text is kept: wait a minute.")
    return write(source, author=author, space=space, thread=thread)[1]

"""What every action that writes text shares: locking, the checks of a text, and its rendering."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404

from lib import markup, text
from lib.tokens import SENT_BEFORE
from members import inbox
from members.models import Activity, Member

from .. import access
from ..models import Post, Thread
from ..models.threads import TITLE_MAX_LENGTH

MAX_TAGS = 5
TITLE_MIN_LENGTH = 8  # characters


def lock_thread(viewer, thread_id: int) -> Thread:
    """The thread, locked until the transaction ends. Raises Http404 when the viewer may not read it."""
    threads = access.threads(viewer).select_related("space").select_for_update(of=("self",), no_key=True)
    return get_object_or_404(threads, pk=thread_id)


def check_pace(author: Member, now: datetime, *verbs: str):
    """Raises ValidationError when the member has done one of these POSTS_PER_MINUTE times within a minute."""
    since = now - timedelta(minutes=1)
    lately = Activity.objects.filter(actor=author, verb__in=verbs, created_at__gt=since).count()
    if lately >= settings.POSTS_PER_MINUTE:
        raise ValidationError(
            f"You have done this {lately} times within a minute. Wait a minute and try again: your text is kept.",
            code="pace",
        )


def sent_before(author: Member, token: UUID, *, fits: Callable[[Post], bool]) -> Post | None:
    """The post that the form with this token has made already. Raises ValidationError if it was another form."""
    earlier = Post.objects.filter(author=author, token=token).select_related("thread__space").first()
    if earlier and not fits(earlier):
        raise ValidationError({"token": SENT_BEFORE})
    return earlier


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
        handles = markup.mentions(source)
        mentioned = list(access.known_readers(author, space, thread).filter(handle__in=handles)) if handles else []
        html = markup.render(source, {member.handle: member.get_absolute_url() for member in mentioned})
    except markup.TooMuch as error:
        raise ValidationError(
            {"source": "The text has too many table cells, list items, quotes or links. Split it into several posts."}
        ) from error
    return html, mentioned


def write(source: str, *, author: Member, space, thread: Thread | None) -> tuple[str, str, list[Member]]:
    """The source as it is stored, and what render() makes of it. Raises ValidationError."""
    source = clean_source(source)
    return source, *render(source, author=author, space=space, thread=thread)


def tell_mentioned(post: Post, mentioned: list[Member], *, now: datetime):
    """Tells those whom a post mentions, apart from its author and whoever was told of an earlier version of it."""
    if not mentioned:
        return
    earlier = Activity.objects.with_target(post).filter(verb="post.mentioned").values_list("data", flat=True)
    told = {post.author_id}.union(*(data["members"] for data in earlier))
    newly = [member.pk for member in mentioned if member.pk not in told]
    if newly:
        inbox.record("post.mentioned", actor=post.author, target=post, now=now, members=newly)


def preview(source: str, *, author: Member, space, thread: Thread | None) -> str:
    """The HTML that a text would become. Raises ValidationError."""
    return write(source, author=author, space=space, thread=thread)[1]

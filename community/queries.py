"""What pages and sockets read. Every query of something readable begins with access."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Max, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from members.models import Member

from . import access
from .models import Post, SpacePage, Thread

POSTS_ON_PROFILE = 5
MENTIONABLE = 8  # names offered while typing
CHANGES_BATCH = 100  # posts in one answer
NEW_FOR = timedelta(days=14)  # how long a thread that one has never opened counts as new
IN_A_LIST = (  # of a thread; each column more costs time in each row
    *("title", "version", "tag_names", "post_count", "last_post_at", "pinned_at", "locked_at", "space__title"),
    *("author__name", "author__job_title", "author__standing", "author__erased_at"),
    "author__organisation__short_name",
)
FRAGMENT_SECONDS = 30  # how long a page, or its posts, are kept: docs/decisions/0007-what-is-kept.md


def spaces(viewer) -> QuerySet[SpacePage]:
    """The spaces that the viewer may read, each with its counts and its latest thread."""
    return access.spaces(viewer).select_related("statistics__latest_thread")


def threads(viewer, *, space: SpacePage | None = None, tag: str | None = None) -> QuerySet[Thread]:
    """Threads as a list shows them, latest first, each with how far the viewer has read it (`read_number`)."""
    found = access.threads(viewer) if space is None else Thread.objects.filter(space=space)
    if tag is not None:
        found = found.filter(tagged__tag__slug=tag)
    if viewer.is_authenticated:
        found = access.with_marker(found, viewer.pk)
    return found.select_related("space", "author__organisation").only(*IN_A_LIST).order_by("-last_post_at", "-pk")


def with_unread(viewer, threads: Iterable[Thread], now=None) -> list[Thread]:
    """Gives each thread of a list its `unread_count` for this viewer (0 for visitors)."""
    threads = list(threads)
    recent = (now or timezone.now()) - NEW_FOR
    for thread in threads:
        read = getattr(thread, "read_number", None)
        if not viewer.is_authenticated:
            thread.unread_count = 0
        elif read is None:
            thread.unread_count = thread.post_count if thread.last_post_at > max(recent, viewer.date_joined) else 0
        else:
            thread.unread_count = max(0, thread.post_count - read)
    return threads


def _posts() -> QuerySet[Post]:
    """Posts with what their HTML needs, and without what it does not."""
    return Post.objects.select_related("author__organisation", "reply_to").defer(
        "source", "text", "reply_to__source", "reply_to__html", "reply_to__text"
    )


def render_post(post: Post, thread: Thread) -> str:
    """A post's HTML, the same for every reader."""
    post.thread = thread  # which knows its address without a query
    return render_to_string("components/post.html", {"post": post})


def page_of_posts(thread: Thread, page: int) -> str:
    """The HTML of one page of posts, kept until one of them changes: docs/decisions/0007-what-is-kept.md."""

    def posts() -> QuerySet[Post]:
        return _posts().filter(thread=thread, number__range=bounds(page)).order_by("number")

    latest_change = caches["local"].get_or_set(
        f"latest-change:{thread.pk}:{thread.version}:{page}",
        lambda: posts().aggregate(version=Max("version"))["version"],
        FRAGMENT_SECONDS,
    )
    # No two posts of a thread share a version, so it says which page this is. The slug is in the posts' addresses.
    html: Any = caches["local_pages"].get_or_set(
        f"posts:{thread.pk}:{thread.slug}:{latest_change}",
        lambda: "".join(render_post(post, thread) for post in posts()),
        FRAGMENT_SECONDS,
    )
    return html


def bounds(page: int) -> tuple[int, int]:
    """The numbers of the first and of the last post that fit on a page."""
    return (page - 1) * settings.POSTS_PER_PAGE + 1, page * settings.POSTS_PER_PAGE


def frame(thread: Thread, posts: Iterable[Post]) -> dict:
    """What tabs need to show these posts, and the thread's own state."""
    return {
        "posts": [
            {"id": post.pk, "number": post.number, "version": post.version, "html": render_post(post, thread)}
            for post in posts
        ],
        "thread": {"title": thread.title, "locked": thread.locked_at is not None, "post_count": thread.post_count},
    }


def posts_for_frame(post_ids: Iterable[int]) -> list[Post]:
    return list(_posts().filter(pk__in=list(post_ids)).order_by("version"))


def changes(viewer, thread_id: int, since: int) -> dict:
    """Everything in a thread that is newer than version `since`, oldest change first.

    → {"version", "posts", "thread", "more"}: `more` says that there is another batch after `version`.
    Raises Http404 when the viewer may not read the thread.
    """
    thread = access.thread(viewer, thread_id)
    posts = list(_posts().filter(thread=thread, version__gt=since).order_by("version")[: CHANGES_BATCH + 1])
    more = len(posts) > CHANGES_BATCH
    posts = posts[:CHANGES_BATCH]
    # Read after the thread, so a post may be newer than the version read with it.
    version = posts[-1].version if more else max([thread.version, *(post.version for post in posts)])
    if version > thread.version:  # then the title and the lock must not be older than what is called this version
        thread.refresh_from_db(fields=["title", "locked_at", "post_count"])
    return {"version": version, "more": more, **frame(thread, posts)}


def revisions(post: Post):
    """Every text a post has had, oldest first; the last is what it says now."""
    return post.revisions.select_related("editor__organisation").order_by("number")


def mentionable(viewer, thread: Thread, q: str) -> list[Member]:
    """Whom the viewer can mention in this thread, by the beginning of a name or of a part of it."""
    begins = Q(name__istartswith=q) | Q(name__icontains=f" {q}") | Q(handle__startswith=q.lower())
    found = access.known_readers(viewer, thread.space, thread).filter(begins).exclude(pk=viewer.pk)
    return list(found.select_related("organisation").order_by("name")[:MENTIONABLE])


def posts_of(viewer, member: Member) -> list[Post]:
    """The latest posts of a member that the viewer may read, for the member's profile."""
    found = access.posts(viewer).filter(author=member, deleted_at=None).select_related("thread__space")
    return list(found.defer("source", "html").order_by("-created_at")[:POSTS_ON_PROFILE])

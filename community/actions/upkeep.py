"""For the operator: counting again what is counted, and rendering again what was rendered."""

import logging
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max

from lib import markup
from lib.locks import locked

from ..models import Post, SpacePage, SpaceStatistics, Thread
from . import texts

logger = logging.getLogger(__name__)

BATCH = 500


def drift(*, fix: bool = False) -> Iterator[str]:
    """One sentence for each counter that differs from what it counts; `fix=True` corrects it.

    Reads without locks, so on a busy site a sentence may be about a post that was being written.
    """
    yield from _drift_of_threads(fix)
    yield from _drift_of_spaces(fix)


def _drift_of_threads(fix: bool) -> Iterator[str]:
    counted = Thread.objects.annotate(
        posts_there=Count("posts"), highest=Max("posts__number"), latest=Max("posts__version")
    )
    for thread in counted.exclude(post_count=F("posts_there")).order_by("pk"):
        yield f"Thread {thread.pk} says {thread.post_count} posts and has {thread.posts_there}."
        if fix:
            Thread.objects.filter(pk=thread.pk).update(post_count=thread.posts_there)
    for thread in counted.exclude(posts_there=F("highest")).order_by("pk"):
        yield f"Thread {thread.pk} has {thread.posts_there} posts numbered up to {thread.highest}: look at it by hand."
    for thread in counted.filter(latest__gt=F("version")).order_by("pk"):
        yield f"Thread {thread.pk} is at version {thread.version} and has a post of version {thread.latest}."
        if fix:
            Thread.objects.filter(pk=thread.pk).update(version=thread.latest)


def _drift_of_spaces(fix: bool) -> Iterator[str]:
    for space in SpacePage.objects.select_related("statistics").order_by("path"):
        threads = Thread.objects.filter(space=space).order_by("-last_post_at", "-pk")
        posts = Post.objects.filter(thread__space=space).count()
        true = {"thread_count": threads.count(), "post_count": posts, "latest_thread": threads.first()}
        known = getattr(space, "statistics", None) or SpaceStatistics(space=space)
        wrong = [name for name, value in true.items() if getattr(known, name) != value]
        for name in wrong:
            yield f"Space “{space.title}” says {name} {getattr(known, name)}; it is {true[name]}."
        if wrong and fix:
            SpaceStatistics.objects.update_or_create(space=space, defaults=true)


def render_again(*, after: int = 0) -> Iterator[int]:
    """Renders every post's source anew, with the rules of today. Yields each changed post's id.

    Tabs hear nothing of it: a post says the same as before. Pages show it within a minute
    (docs/decisions/0007-what-is-kept.md).
    """
    while ids := list(Post.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        for post_id in ids:
            if _render_one(post_id):
                yield post_id
        after = ids[-1]


@transaction.atomic
def _render_one(post_id: int) -> bool:
    post = locked(Post.objects.select_related("author", "thread__space")).get(pk=post_id)
    try:
        html, _ = texts.render(post.source, author=post.author, space=post.thread.space, thread=post.thread)
    except ValidationError as refusal:  # by the rules of today it could not be posted; it was, and is not taken back
        logger.warning("Post %s stays as it was rendered: %s", post_id, " ".join(refusal.messages))
        return False
    if html == post.html:
        return False
    Post.objects.filter(pk=post_id).update(html=html, text=markup.plain_text(html))
    return True

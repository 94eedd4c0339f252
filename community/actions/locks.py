"""The locks of the community: what @action names in its decorator."""

from django.shortcuts import get_object_or_404

from lib.locks import locked

from .. import access
from ..models import Post, SpacePage, Thread


def present_space(actor, space: SpacePage) -> SpacePage:
    """The space as it is now: nobody waits for it, since threads are only added. Raises Http404."""
    return access.space(actor, space.slug)


def lock_space(actor, space: SpacePage) -> SpacePage:
    """The space, locked, published or not: what the actor may do with it, access says afterwards."""
    return get_object_or_404(locked(SpacePage.objects.all()), pk=space.pk)


def lock_thread(actor, thread: Thread) -> Thread:
    """The thread, locked. Raises Http404 when the actor may not read it."""
    return get_object_or_404(locked(access.threads(actor).select_related("space")), pk=thread.pk)


def lock_post(actor, post: Post) -> Post:
    """The post with its thread locked, so that versions are given one after another. Raises Http404."""
    found = access.post(actor, post.pk)
    thread = lock_thread(actor, found.thread)
    found.refresh_from_db()
    found.thread = thread
    return found

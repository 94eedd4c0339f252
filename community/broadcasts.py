"""What open tabs hear. Rendered and serialised once, in the process where it happened, after commit."""

from django.db import transaction

from lib import live

from . import queries
from .models import SpacePage, Thread


def thread_changed(thread: Thread, *post_ids: int):
    """Tells tabs that a thread has reached its present version, and which posts changed with it."""
    version = thread.version

    def publish():
        payload = queries.frame(thread, queries.posts_for_frame(post_ids))
        live.publish(thread.topic, {"from": version - 1, "version": version, **payload})

    transaction.on_commit(publish, robust=True)


def audience_changed(space: SpacePage):
    """Sends every tab in a space away: who may still read it comes back."""
    transaction.on_commit(lambda: live.drop(space_id=space.pk), robust=True)

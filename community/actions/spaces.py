"""Spaces are made and changed by editors in the CMS; this is what follows when they are."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django_tasks import task

from members import inbox
from members.models import Member, Notification

from .. import broadcasts
from ..models import Post, SpacePage, SpaceStatistics, Thread


@transaction.atomic
def audience_may_have_changed(*, space: SpacePage):
    """Sends open tabs away, so that each asks for access anew, and takes from inboxes what may not be read any more."""
    SpaceStatistics.objects.get_or_create(space=space)
    broadcasts.audience_changed(space)
    transaction.on_commit(lambda: forget_unreadable.enqueue(space.pk), robust=True)


@task(backend="forum")
def forget_unreadable(space_id: int):
    """Asks access again for everyone who has something unread about this space."""
    posts = Post.objects.filter(thread__space=space_id).values("pk")
    threads = Thread.objects.filter(space=space_id).values("pk")
    about_space = Q(activity__target_type=ContentType.objects.get_for_model(Post), activity__target_id__in=posts) | Q(
        activity__target_type=ContentType.objects.get_for_model(Thread), activity__target_id__in=threads
    )
    unread = Notification.objects.filter(about_space, read_at=None)
    for member in Member.objects.for_session().filter(pk__in=unread.values("member")):
        inbox.forget_unreadable(member)

"""Who may read a space, and what follows when editors publish one or moderators decide."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django_tasks import task

from members import inbox
from members.actions import NOW, action
from members.models import Member, Notification

from .. import access, broadcasts
from ..models import Post, SpacePage, SpaceStatistics, Thread
from .locks import lock_space


@action(space=lock_space)
def decide_readers(
    *, actor: Member, space: SpacePage, audience: str, may_start: str, may_reply: str, now: datetime = NOW
) -> SpacePage:
    """Says who may read a space, start threads and reply. Raises Denied or ValidationError. Twice is harmless."""
    access.check_decide_readers(actor, space, audience)
    decided = {"audience": audience, "may_start": may_start, "may_reply": may_reply}
    for name, value in decided.items():
        if value not in dict(SpacePage._meta.get_field(name).choices or ()):
            raise ValidationError({name: "Choose one of these."})
    changed = {name: value for name, value in decided.items() if getattr(space, name) != value}
    if changed:
        SpacePage.objects.filter(pk=space.pk).update(**changed)
        before = {name: getattr(space, name) for name in changed}
        for name, value in changed.items():
            setattr(space, name, value)
        inbox.record("space.readers_decided", actor=actor, target=space, now=now, before=before, after=changed)
        _readers_may_have_changed(space)
    return space


@action()
def follow_publication(*, space: SpacePage, now: datetime = NOW):
    """After an editor published or unpublished a space: it has its counts, and is away where it may not be read."""
    SpaceStatistics.objects.get_or_create(space=space)
    _readers_may_have_changed(space)


def _readers_may_have_changed(space: SpacePage):
    """Sends open tabs away, so that each asks access again, and takes what may not be read any more from inboxes."""
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

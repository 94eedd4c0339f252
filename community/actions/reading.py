"""How far a member has read."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members import inbox
from members.models import Member

from .. import access
from ..models import ReadMarker, Thread


@transaction.atomic
def mark_read(*, member: Member, thread: Thread, number: int, now: datetime | None = None):
    """Notes that a member has read a thread up to post `number`. A marker never goes back.

    What the member was told of this thread counts as read, too.
    """
    now = now or timezone.now()
    number = min(number, thread.post_count)
    if number == thread.post_count:  # first, since it locks the member: as everything does that writes for a member
        told = [f"{thread.topic}:{what}" for what in ("replies", "mentions", "title", "lock")]
        inbox.mark_read(member, about=told, now=now)
    marker, created = ReadMarker.objects.get_or_create(
        member=member, thread=thread, defaults={"number": number, "updated_at": now}
    )
    if not created:
        ReadMarker.objects.filter(pk=marker.pk, number__lt=number).update(number=number, updated_at=now)


def mark_read_by_id(*, member: Member, thread_id: int, number: int):
    """The same for a thread named by its id. Raises Http404 when the member may not read it."""
    mark_read(member=member, thread=access.thread(member, thread_id), number=number)

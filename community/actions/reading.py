"""How far a member has read."""

from datetime import datetime

from members import inbox
from members.actions import NOW, action
from members.models import Member

from ..models import ReadMarker, Thread


@action()
def mark_read(*, reader: Member, thread: Thread, number: int, now: datetime = NOW):
    """Notes that a member has read a thread, which they may read, up to post `number`. A marker never goes back.

    What the member was told of this thread counts as read, too.
    """
    note_read(reader, thread, number, now)


def note_read(reader: Member, thread: Thread, number: int, now: datetime):
    """The same as a step of another action."""
    number = min(number, thread.post_count)
    if number == thread.post_count:  # first, since it locks the member: as everything does that writes for a member
        told = [f"{thread.topic}:{what}" for what in ("replies", "mentions", "title", "lock")]
        inbox.mark_read(reader, about=told, now=now)
    marker, created = ReadMarker.objects.get_or_create(
        member=reader, thread=thread, defaults={"number": number, "updated_at": now}
    )
    if not created:
        ReadMarker.objects.filter(pk=marker.pk, number__lt=number).update(number=number, updated_at=now)

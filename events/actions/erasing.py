"""What happens to a member's places when their account is erased."""

from datetime import datetime

from members.actions.erasure import erases
from members.models import Member

from ..models import EventPage, Registration
from .seats import give_back, give_free_seats, lock_event


@erases
def leave_all(member: Member, now: datetime):
    """Gives back every place that a member who is being erased has at an event to come."""
    held = Registration.objects.active().filter(member=member)
    for event in EventPage.objects.filter(ends_at__gt=now, registrations__in=held).order_by("pk"):
        event = lock_event(None, event)
        for registration in event.registrations.active().filter(member=member):
            give_back(registration, member, now)
        give_free_seats(event, now)

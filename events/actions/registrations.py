"""A member takes a place at an event, or gives it back."""

from datetime import datetime
from uuid import UUID

from lib.tokens import made_before
from members import inbox
from members.actions import NOW, action
from members.actions.pace import HOUR, check_pace
from members.models import Member

from .. import access
from ..models import EventPage, Registration
from .seats import give_back, give_free_seats, has_free_seat, keep_state, lock_event

Status = Registration.Status
CONFIRMED, WAITING = "registration.confirmed", "registration.waiting"
REGISTRATIONS_PER_HOUR = 20  # by one member


@action(event=lock_event)
def register(*, actor: Member, event: EventPage, token: UUID, now: datetime = NOW) -> Registration:
    """Gives the actor a place, or puts them on the waiting list when all are taken.

    Whoever has a place or waits already gets that registration back, and so does the same form sent twice. Raises
    Denied when the actor can't register, and ValidationError for the token of another event's form.
    """
    mine = Registration.objects.filter(member=actor)
    before = made_before(mine.filter(token=token), event=event) or mine.active().filter(event=event).first()
    if before:
        return before
    access.check_register(event, now)
    # Each sends a mail: whoever comes and goes all the time has to rest.
    check_pace(actor, CONFIRMED, WAITING, at_most=REGISTRATIONS_PER_HOUR, within=HOUR, now=now)
    keep_state(event, now)
    give_free_seats(event, now)  # those who wait come first, if nobody has passed a seat on
    has_seat = has_free_seat(event)
    registration = Registration.objects.create(
        event=event,
        member=actor,
        token=token,
        created_at=now,
        status=Status.REGISTERED if has_seat else Status.WAITING,
        registered_at=now if has_seat else None,
    )
    inbox.record(CONFIRMED if has_seat else WAITING, actor=actor, target=registration, now=now, event=event.pk)
    return registration


@action(event=lock_event)
def cancel(*, actor: Member, event: EventPage, now: datetime = NOW) -> Registration:
    """Gives the actor's place back, or takes them off the waiting list; the seat goes to the first in line.

    Whoever has cancelled already gets that registration back. Raises Denied when there is nothing to cancel, or when
    it is too late.
    """
    registration = access.registration(actor, event)
    if Status(registration.status).may_become(Status.CANCELLED):
        access.check_give_back(event, now)
        give_back(registration, actor, now)
        give_free_seats(event, now)
    return registration

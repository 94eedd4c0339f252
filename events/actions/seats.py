"""The steps that actions share: locking an event, and who has which seat. In the transaction of whoever calls them."""

from datetime import datetime

from lib.locks import locked
from members import inbox
from members.models import Member

from .. import access
from ..models import EventPage, EventState, Registration

Status = Registration.Status


def lock_event(actor: Member | None, event: EventPage) -> EventPage:
    """The event as it is now, whose registrations nobody else changes until the transaction ends.

    Raises Http404 for an actor who may not see it. Without an actor it is the forum that acts.
    """
    _lock_row(event)
    return (
        EventPage.objects.select_related("state").get(pk=event.pk)
        if actor is None
        else access.event(actor, pk=event.pk)
    )


def lock_managed_event(actor: Member, event: EventPage) -> EventPage:
    """The same for an editor, published or not. Raises Http404, and Denied for whoever only sees it."""
    _lock_row(event)
    return access.managed_event(actor, event.pk)


def _lock_row(event: EventPage):
    """The row is read again afterwards: after waiting for another's change, PostgreSQL gives the row that was locked as
    it is now, but those it is joined with (the page, the state) as they were before."""
    list(locked(EventPage.objects.filter(pk=event.pk)).values_list("pk"))


def keep_state(event: EventPage, now: datetime) -> EventState:
    """The event's state; made when it is first needed, from what its page says."""
    state, _ = EventState.objects.get_or_create(event=event, defaults={"told": event.facts, "changed_at": now})
    event.state = state
    return state


def has_free_seat(event: EventPage) -> bool:
    """Counted again: the numbers that an event remembers may be old."""
    return event.capacity is None or event.registrations.registered().count() < event.capacity


def give_free_seats(event: EventPage, now: datetime):
    """Gives each free seat to the first on the waiting list who may still come."""
    if event.cancelled_at or event.ends_at <= now:
        return
    for registration in event.registrations.waiting().select_related("member__organisation"):
        if not has_free_seat(event):
            return
        if access.may_come(registration.member, event):
            _move(registration, Status.REGISTERED, now)
            inbox.record("registration.seat_given", actor=None, target=registration, now=now, event=event.pk)


def give_back(registration: Registration, actor: Member, now: datetime):
    """Cancels a place, or a place in the line."""
    was = registration.status
    _move(registration, Status.CANCELLED, now)
    event_id = registration.event_id
    inbox.record("registration.cancelled", actor=actor, target=registration, now=now, event=event_id, was=was)


def _move(registration: Registration, to: str, now: datetime):
    now = max(now, registration.created_at)  # a caller's `now` may be older than who came while it waited for the lock
    registration.status = to
    if to == Status.REGISTERED:
        registration.registered_at = now
    else:
        registration.cancelled_at = now
    registration.save(update_fields=["status", "registered_at", "cancelled_at"])

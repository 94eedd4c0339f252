"""What can be done with events. Each action locks the event's row, so that seats are counted by one at a time.

The time is taken once the lock is there: what is written comes after what was written while the action waited.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from lib.access import Denied
from lib.text import clean_line
from members import inbox
from members.actions import lock_actor
from members.actions.erasure import erases
from members.models import Member

from . import access, notifications
from .models import EventPage, EventState, Registration
from .models.registrations import REASON_MAX_LENGTH

Status = Registration.Status
REMIND_BEFORE = timedelta(days=1)
REGISTRATIONS_PER_HOUR = 20  # by one member
OTHER_EVENT = "This form belongs to another event. Reload the page and try again."


def _lock(event_id: int) -> EventPage:
    """The event, whose registrations nobody else changes until the transaction ends.

    Read anew once the lock is there: after waiting for another's change, PostgreSQL gives the row that was locked as
    it is now, but those it is joined with (the page, the state) as of before.
    """
    EventPage.objects.select_for_update(of=("self",), no_key=True).get(pk=event_id)
    return EventPage.objects.select_related("state").get(pk=event_id)


def _state(event: EventPage, now: datetime) -> EventState:
    """The event's state; made when it is first needed, from what its page says."""
    state, _ = EventState.objects.get_or_create(event=event, defaults={"told": event.facts, "changed_at": now})
    event.state = state
    return state


def _move(registration: Registration, to: str, now: datetime):
    if not registration.may_move(to):
        raise Denied(f"This registration is {registration.get_status_display().lower()} and can't become {to}.")
    now = max(now, registration.created_at)  # a caller's `now` may be older than who came while it waited for the lock
    registration.status = to
    if to == Status.REGISTERED:
        registration.registered_at = now
    else:
        registration.cancelled_at = now
    registration.save(update_fields=["status", "registered_at", "cancelled_at"])


def _give_free_seats(event: EventPage, now: datetime) -> list[Registration]:
    """Gives each free seat to the first on the waiting list who may still come. The event is locked."""
    if event.cancelled_at or not event.live or event.ends_at <= now:
        return []
    free = None if event.capacity is None else event.capacity - event.registrations.registered().count()
    given: list[Registration] = []
    for registration in event.registrations.waiting().select_related("member__organisation"):
        if free is not None and len(given) >= free:
            break
        if registration.member.is_active and access.is_for(registration.member, event):
            _move(registration, Status.REGISTERED, now)
            inbox.record("registration.seat_given", actor=None, target=registration, now=now, event=event.pk)
            given.append(registration)
    return given


def _check_pace(actor: Member, now: datetime):
    """Each registration sends a mail: who comes and goes all the time has to rest. Raises ValidationError."""
    lately = Registration.objects.filter(member=actor, created_at__gt=now - timedelta(hours=1)).count()
    if lately >= REGISTRATIONS_PER_HOUR:
        raise ValidationError(f"You have registered {lately} times within an hour. Wait an hour and try again.")


def register(*, actor: Member, event: EventPage, token: UUID, now: datetime | None = None) -> Registration:
    """Gives the actor a place, or puts them on the waiting list when all are taken.

    Who has a place or waits already gets that registration back, and so does the same form sent twice. Raises Denied
    when the actor can't register, and ValidationError for the token of another event's form.
    """
    with transaction.atomic():
        actor = lock_actor(actor)
        event = _lock(event.pk)
        now = now or timezone.now()
        before = Registration.objects.filter(member=actor, token=token).first()
        if before and before.event_id != event.pk:
            raise ValidationError(OTHER_EVENT)
        before = before or event.registrations.active().filter(member=actor).first()
        if before:
            return before
        access.check_register(actor, event, now)
        _check_pace(actor, now)
        _state(event, now)
        _give_free_seats(event, now)
        has_seat = event.capacity is None or event.registrations.registered().count() < event.capacity
        try:
            with transaction.atomic():
                registration = Registration.objects.create(
                    event=event,
                    member=actor,
                    token=token,
                    created_at=now,
                    status=Status.REGISTERED if has_seat else Status.WAITING,
                    registered_at=now if has_seat else None,
                )
        except IntegrityError as error:
            raise ValidationError(OTHER_EVENT) from error
        verb = "registration.confirmed" if has_seat else "registration.waiting"
        inbox.record(verb, actor=actor, target=registration, now=now, event=event.pk)
        return registration


def cancel_registration(*, actor: Member, event: EventPage, now: datetime | None = None) -> Registration:
    """Gives the actor's place back, or takes them off the waiting list; the seat goes to the first who waits.

    Who has cancelled already gets that registration back. Raises Denied when there is nothing to cancel, or when it
    is too late.
    """
    with transaction.atomic():
        actor = lock_actor(actor)
        event = _lock(event.pk)
        now = now or timezone.now()
        registration = event.registrations.active().filter(member=actor).first()
        if registration is None:
            before = event.registrations.filter(member=actor).last()
            if before is None:
                raise Denied("You have no place at this event.")
            return before
        access.check_cancel(actor, event, registration, now)
        was = registration.status
        _move(registration, Status.CANCELLED, now)
        inbox.record("registration.cancelled", actor=actor, target=registration, now=now, event=event.pk, was=was)
        _give_free_seats(event, now)
        return registration


@erases
def leave_all(member: Member, now: datetime):
    """Gives back every place that a member who is being erased has at an event to come."""
    held = Registration.objects.active().filter(member=member, event__ends_at__gt=now)
    for event_id in held.order_by("event").values_list("event", flat=True):
        event = _lock(event_id)
        for registration in event.registrations.active().filter(member=member):
            was = registration.status
            _move(registration, Status.CANCELLED, now)
            inbox.record("registration.cancelled", actor=member, target=registration, now=now, event=event_id, was=was)
        _give_free_seats(event, now)


def cancel_event(*, actor: Member, event: EventPage, reason: str, now: datetime | None = None) -> EventPage:
    """Calls the event off, and tells everyone with a place or on the waiting list why. Twice is harmless.

    Raises Denied, or ValidationError without a reason.
    """
    with transaction.atomic():
        actor = lock_actor(actor)
        event = _lock(event.pk)
        now = now or timezone.now()
        access.check_manage(actor, event)
        state = _state(event, now)
        if state.cancelled_at:
            return event
        if not event.live:
            raise Denied("This event is not published, so there is nobody to tell. Delete the draft instead.")
        if event.ends_at <= now:
            raise Denied("This event is over, so it can't be cancelled any more.")
        needed = "Say why the event is cancelled: people who registered will read it."
        reason = clean_line(reason, field="reason", limit=REASON_MAX_LENGTH, needed=needed)
        state.cancelled_at = state.changed_at = now
        state.cancelled_by, state.reason, state.sequence = actor, reason, state.sequence + 1
        state.save()
        inbox.record("event.cancelled", actor=actor, target=event, now=now, reason=reason, event=event.pk)
        return event


def follow_publication(*, event_id: int, actor: Member | None, now: datetime | None = None) -> EventPage:
    """After an editor published an event: tells registered people of a new time or place, and fills new seats.

    Twice is harmless: what people were told last is kept, and compared.
    """
    with transaction.atomic():
        event = _lock(event_id)
        now = now or timezone.now()
        if not event.live:
            return event
        state = _state(event, now)
        told, facts = state.told, event.facts
        changed = [name for name in facts if facts[name] != told.get(name)]
        if changed and not state.cancelled_at:
            state.told, state.changed_at, state.sequence = facts, now, state.sequence + 1
            state.save()
            if "starts_at" in changed:
                event.registrations.registered().update(reminded_at=None)
            if event.ends_at > now and event.registrations.active().exists():
                inbox.record("event.changed", actor=actor, target=event, now=now, event=event.pk, changed=changed)
        _give_free_seats(event, now)
        return event


def remind_due(now: datetime | None = None) -> int:
    """Reminds everyone who registered at least a day before, once, of what begins within a day. → how many people."""
    now = now or timezone.now()
    due = EventPage.objects.live().filter(starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE)
    return sum(_remind(event_id, now) for event_id in due.order_by("starts_at").values_list("pk", flat=True))


def _remind(event_id: int, now: datetime) -> int:
    with transaction.atomic():
        event = _lock(event_id)
        if event.cancelled_at or not event.live or not now < event.starts_at <= now + REMIND_BEFORE:
            return 0
        # Who registered within the last day was told then, and needs no second mail.
        due = event.registrations.registered().filter(
            reminded_at=None, registered_at__lte=event.starts_at - REMIND_BEFORE, member__is_active=True
        )
        ids = list(due.values_list("pk", flat=True))
        if ids:
            event.registrations.filter(pk__in=ids).update(reminded_at=now)
            inbox.record("event.reminder", actor=None, target=event, now=now, event=event.pk, registrations=ids)
        return len(ids)


def mark_seen(*, member: Member, event: EventPage, now: datetime | None = None) -> int:
    """Whoever looks at an event has read what the bell says of it. → how many notifications."""
    return inbox.mark_read(member, about=[notifications.about(event.pk, verb) for verb in notifications.VERBS], now=now)

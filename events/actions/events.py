"""What happens to an event as a whole: it is published, called off, about to begin, looked at."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from lib.text import clean_line
from members import inbox
from members.actions import NOW, action
from members.models import Member

from .. import access, notifications
from ..models import EventPage
from ..models.registrations import REASON_MAX_LENGTH
from .seats import give_free_seats, keep_state, lock_event, lock_managed_event

REMIND_BEFORE = timedelta(days=1)


@action(event=lock_managed_event)
def cancel(*, actor: Member, event: EventPage, reason: str, now: datetime = NOW) -> EventPage:
    """Calls the event off, and tells everyone with a place or on the waiting list why. Twice is harmless.

    Raises Denied, or ValidationError without a reason.
    """
    if event.cancelled_at:
        return event
    access.check_cancel_event(event, now)
    needed = "Say why the event is cancelled: people who registered will read it."
    reason = clean_line(reason, field="reason", limit=REASON_MAX_LENGTH, needed=needed)
    state = keep_state(event, now)
    state.cancelled_at = state.changed_at = now
    state.cancelled_by, state.reason, state.sequence = actor, reason, state.sequence + 1
    state.save()
    inbox.record("event.cancelled", actor=actor, target=event, now=now, reason=reason, event=event.pk)
    return event


@action(event=lock_event)
def follow_publication(*, event: EventPage, publisher: Member | None, now: datetime = NOW) -> EventPage:
    """After an editor published an event: tells registered people of a new time or place, and fills new seats.

    It is the forum that acts: what is published must be followed, whatever the publisher may do by now. Twice is
    harmless: what people were told last is kept, and compared.
    """
    if not event.live:
        return event
    state = keep_state(event, now)
    told, facts = state.told, event.facts
    changed = [name for name in facts if facts[name] != told.get(name)]
    if changed and not state.cancelled_at:
        state.told, state.changed_at, state.sequence = facts, now, state.sequence + 1
        state.save()
        if "starts_at" in changed:
            event.registrations.registered().update(reminded_at=None)
        if event.ends_at > now and event.registrations.active().exists():
            inbox.record("event.changed", actor=publisher, target=event, now=now, event=event.pk, changed=changed)
    give_free_seats(event, now)
    return event


def remind_due(*, now: datetime) -> int:
    """Reminds everyone who registered at least a day before, once, of what begins within a day. → how many people."""
    return sum(_remind(event=event, now=now) for event in _begin_soon(now))


def _begin_soon(now: datetime) -> QuerySet[EventPage]:
    return EventPage.objects.filter(
        starts_at__gt=now, starts_at__lte=now + REMIND_BEFORE, state__cancelled_at__isnull=True
    )


@action(event=lock_event)
def _remind(*, event: EventPage, now: datetime = NOW) -> int:
    if not _begin_soon(now).filter(pk=event.pk).exists():
        return 0  # moved or cancelled a moment ago
    # Whoever registered within the last day was told then, and needs no second mail.
    due = event.registrations.registered().filter(reminded_at=None, registered_at__lte=event.starts_at - REMIND_BEFORE)
    due = due.select_related("member__organisation")
    ids = [registration.pk for registration in due if access.may_come(registration.member, event)]
    if ids:
        event.registrations.filter(pk__in=ids).update(reminded_at=now)
        inbox.record("event.reminder", actor=None, target=event, now=now, event=event.pk, registrations=ids)
    return len(ids)


def mark_seen(*, actor: Member, event: EventPage, now: datetime | None = None) -> int:
    """Whoever looks at an event has read what the bell says of it. → how many notifications."""
    return inbox.mark_read(actor, about=[notifications.about(event.pk, verb) for verb in notifications.VERBS], now=now)

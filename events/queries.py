"""What pages ask: lists of events with places and the viewer's own registration, in a fixed number of queries."""

from datetime import datetime

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from lib.search_words import words_of

from . import access
from .models import EventPage, EventTag, Registration


def _count(status: str):
    rows = Registration.objects.filter(event=OuterRef("pk"), status=status).order_by()
    counted = rows.values("event").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def with_places(events: QuerySet[EventPage], viewer) -> QuerySet[EventPage]:
    """Each event with `taken`, `waiting` and the viewer's `status` ("registered", "waiting" or None)."""
    mine = Registration.objects.active().filter(event=OuterRef("pk"), member=viewer.pk).values("status")[:1]
    return events.annotate(
        taken=_count(Registration.Status.REGISTERED), waiting=_count(Registration.Status.WAITING), status=Subquery(mine)
    )


def _listed(viewer) -> QuerySet[EventPage]:
    events = with_places(access.visible_events(viewer), viewer)
    return events.select_related("state").defer("body")


def coming(viewer, now: datetime | None = None) -> QuerySet[EventPage]:
    """The events that are not over, the next one first. Slice it: `coming(viewer)[:3]`."""
    return _listed(viewer).filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")


def past(viewer, now: datetime | None = None) -> QuerySet[EventPage]:
    """The events that are over, the latest first."""
    return _listed(viewer).filter(ends_at__lte=now or timezone.now()).order_by("-starts_at", "-pk")


def filtered(events: QuerySet[EventPage], *, tag: str = "", attendance: str = "") -> QuerySet[EventPage]:
    """`attendance`: "online" or "in_person". A meeting that is both is found by either."""
    if tag:
        events = events.filter(tagged__tag__name__iexact=tag)
    if attendance:
        events = events.filter(attendance__in=[attendance, EventPage.Attendance.BOTH])
    return events


def tags_of(events: QuerySet[EventPage]) -> list[EventTag]:
    """The tags that these events have, the most used first, each with its `number` of events."""
    visible = Q(events__content_object__in=events.order_by().values("pk"))
    return list(
        EventTag.objects.annotate(number=Count("events", filter=visible))
        .filter(number__gt=0)
        .order_by("-number", "name")
    )


def registration_of(viewer, event: EventPage) -> Registration | None:
    """The viewer's place at an event, or in its waiting list; None without either."""
    if not viewer.is_authenticated:
        return None
    return event.registrations.active().filter(member=viewer).first()


def place_in_line(registration: Registration) -> int:
    """1 for the first on the waiting list."""
    earlier = Q(created_at__lt=registration.created_at) | Q(created_at=registration.created_at, pk__lt=registration.pk)
    return Registration.objects.waiting().filter(earlier, event=registration.event_id).count() + 1


def registrations(event: EventPage) -> QuerySet[Registration]:
    """All registrations for an event with their members, as editors see them: registered, waiting, cancelled."""
    order = [Registration.Status.REGISTERED, Registration.Status.WAITING, Registration.Status.CANCELLED]
    rank = Case(*(When(status=status, then=Value(number)) for number, status in enumerate(order)))
    return (
        event.registrations.select_related("member__organisation")
        .annotate(rank=rank)
        .order_by("rank", "created_at", "pk")
    )


def search_events(viewer, q: str):
    """The events that have all the words, of those the viewer may see, the best first: Wagtail's search.

    Only words go in: to SQLite's index a lone quotation mark is a syntax error.
    """
    words = words_of(q)
    return access.visible_events(viewer).search(" ".join(words)) if words else EventPage.objects.none()

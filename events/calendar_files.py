"""Events as iCalendar (RFC 5545): the public feed, and the file that a member keeps of one event.

The feed never holds a joining link. The file of one event holds it when the caller passes it, having asked access.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.encoding import force_str
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vDuration, vText

from . import zones
from .models import EventPage

PRODUCT = "-//CDO Forum//Events//EN"
REFRESH = timedelta(hours=6)
UTC_OFFSET = timedelta()


def feed(events: Iterable[EventPage]) -> bytes:
    """A calendar to subscribe to. Deterministic: the same events make the same bytes."""
    calendar = _calendar()
    calendar.calendar_name = f"{settings.WAGTAIL_SITE_NAME} events"
    calendar.refresh_interval = REFRESH
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return _write(calendar, [(event, _event(event, stamp=_changed_at(event))) for event in events])


def invitation(event: EventPage, *, now: datetime, joining_url: str = "", withdrawn: bool = False) -> bytes:
    """One event, to be kept. `withdrawn`: takes it out of the calendar of whoever gave the place back."""
    is_off = withdrawn or bool(event.cancelled_at)
    calendar = _calendar()
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    return _write(calendar, [(event, _event(event, stamp=now, joining_url=joining_url, is_off=is_off))])


def attachment(event: EventPage, **kwargs) -> tuple[str, bytes, str]:
    """The same as a mail's attachment: file name, content, type."""
    return f"{event.slug}.ics", invitation(event, **kwargs), "text/calendar"


def fingerprint(events: Iterable[EventPage]) -> str:
    """An ETag of the feed of these events, without writing it."""
    parts = "|".join(f"{event.pk}:{_changed_at(event).timestamp()}:{_sequence(event)}" for event in events)
    return f'"{hashlib.sha256(f"{PRODUCT}|{settings.SITE_URL}|{parts}".encode()).hexdigest()[:32]}"'


# --- The pieces ---------------------------------------------------------------------------------


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _write(calendar: Calendar, entries: list[tuple[EventPage, Event]]) -> bytes:
    years: dict[str, list[int]] = {}
    for event, _ in entries:
        years.setdefault(event.timezone, []).extend([event.starts_at.year, event.ends_at.year])
    for zone in sorted(years):
        if zone != "UTC":
            calendar.add_component(_timezone(zone, min(years[zone]) - 1, max(years[zone]) + 1))
    for _, entry in entries:
        calendar.add_component(entry)
    return calendar.to_ical()


def _event(event: EventPage, *, stamp: datetime, joining_url: str = "", is_off: bool = False) -> Event:
    zone = ZoneInfo(event.timezone)
    address = f"{settings.SITE_URL}{event.get_absolute_url()}"
    entry = Event()
    entry.add("uid", f"event-{event.pk}@{urlsplit(settings.SITE_URL).hostname}")
    entry.add("dtstamp", stamp.astimezone(ZoneInfo("UTC")))
    entry.add("dtstart", event.starts_at.astimezone(zone))
    entry.add("dtend", event.ends_at.astimezone(zone))
    entry.add("summary", event.title)
    entry.add(
        "description",
        "\n\n".join(filter(None, [event.summary, joining_url and f"Join online: {joining_url}", address])),
    )
    entry.add("location", _location(event, joining_url))
    entry.add("url", address)
    entry.add("status", "CANCELLED" if is_off or event.cancelled_at else "CONFIRMED")
    entry.add("sequence", _sequence(event))
    entry.add("last-modified", _changed_at(event).astimezone(ZoneInfo("UTC")))
    entry.add("transp", "TRANSPARENT" if is_off or event.cancelled_at else "OPAQUE")
    if tags := [force_str(tag) for tag in event.tags.all()]:
        entry.add("categories", sorted(tags))
    if joining_url:
        entry.add(
            "conference", joining_url, parameters={"VALUE": "URI", "FEATURE": "AUDIO,VIDEO", "LABEL": "Join online"}
        )
    entry.add("organizer", _organizer())
    return entry


def _location(event: EventPage, joining_url: str) -> str:
    place = ", ".join(filter(None, [event.venue.strip(), *(line.strip(" ,") for line in event.address.splitlines())]))
    if event.attendance == EventPage.Attendance.ONLINE:
        return joining_url or "Online"
    return f"{place} (and online)" if event.is_online else place


def _organizer() -> vCalAddress:
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["cn"] = vText(settings.WAGTAIL_SITE_NAME)
    return organizer


def _sequence(event: EventPage) -> int:
    state = getattr(event, "state", None)
    return state.sequence if state else 0


def _changed_at(event: EventPage) -> datetime:
    state = getattr(event, "state", None)
    known = [
        event.last_published_at,
        event.first_published_at,
        state and state.changed_at,
        event.latest_revision_created_at,
    ]
    return max((at for at in known if at), default=event.starts_at).replace(microsecond=0)


@lru_cache(maxsize=256)
def _timezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """A zone's rules for some years, one observance a change. Each begins at the time on the wall before the change."""
    found = Timezone()
    found.add("tzid", zone)
    there = ZoneInfo(zone)
    start = datetime(first_year, 1, 1, tzinfo=there)
    observances = [(start, start), *zones.transitions(zone, first_year, last_year)]
    for before, after in observances:
        entry = TimezoneDaylight() if after.dst() else TimezoneStandard()
        from_offset, to_offset = before.utcoffset() or UTC_OFFSET, after.utcoffset() or UTC_OFFSET
        entry.add("dtstart", after.replace(tzinfo=None) - to_offset + from_offset)
        entry.add("tzoffsetfrom", from_offset)
        entry.add("tzoffsetto", to_offset)
        entry.add("tzname", after.tzname())
        found.add_component(entry)
    return found

"""Events as iCalendar (RFC 5545): the public feed, and the file that a member keeps of one event.

The feed never holds a joining link. The file of one event holds it when the caller passes it, having asked access.
"""

import hashlib
from calendar import monthrange
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
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def feed(events: Iterable[EventPage]) -> bytes:
    """A calendar to subscribe to. Deterministic: the same events make the same bytes."""
    calendar = _calendar()
    calendar.calendar_name = f"{settings.WAGTAIL_SITE_NAME} events"
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})  # RFC 7986, 5.7
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return _write(calendar, [(event, _event(event, stamp=_changed_at(event))) for event in events])


def invitation(event: EventPage, *, now: datetime, joining_url: str = "", withdrawn: bool = False) -> bytes:
    """One event, to be kept. `withdrawn`: takes it out of the calendar of whoever gave the place back."""
    is_off = withdrawn or bool(event.cancelled_at)
    calendar = _calendar()
    calendar.add("method", _method(event, withdrawn))
    return _write(calendar, [(event, _event(event, stamp=now, joining_url=joining_url, is_off=is_off))])


def attachment(event: EventPage, *, withdrawn: bool = False, **kwargs) -> tuple[str, bytes, str]:
    """The same as a mail's attachment: file name, content, and type, which has to say the method (RFC 5545, 3.7.2)."""
    content = invitation(event, withdrawn=withdrawn, **kwargs)
    return f"{event.slug}.ics", content, f"text/calendar; method={_method(event, withdrawn)}"


def _method(event: EventPage, withdrawn: bool) -> str:
    return "CANCEL" if withdrawn or event.cancelled_at else "PUBLISH"


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
    entry.add("summary", event.title_with_state)
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
    known = [event.last_published_at, event.first_published_at, state and state.changed_at]  # a draft changes nothing
    return max((at for at in known if at), default=event.starts_at).replace(microsecond=0)


@lru_cache(maxsize=256)
def _timezone(zone: str, first_year: int, last_year: int) -> Timezone:
    """A zone's rules for some years: two observances that come back each year, where the zone has such a rule.

    Outlook makes one yearly rule of what it reads (MS-STANOICAL 2.2.47), and a list of single changes is none to it.
    Where the years differ, each change is an observance of its own. Each begins at the time on the wall before it.
    """
    found = Timezone()
    found.add("tzid", zone)
    changes = zones.transitions(zone, first_year, last_year)
    by_kind = [[change for change in changes if bool(change[1].dst()) == is_summer] for is_summer in (True, False)]
    rules = [_yearly(own, last_year - first_year + 1) for own in by_kind]
    if all(rules):
        for own, rule in zip(by_kind, rules, strict=True):
            entry = _observance(*own[0])
            entry.add("rrule", rule)
            found.add_component(entry)
    else:
        start = datetime(first_year, 1, 1, tzinfo=ZoneInfo(zone))
        for change in [(start, start), *changes]:
            found.add_component(_observance(*change))
    return found


def _observance(before: datetime, after: datetime) -> TimezoneDaylight | TimezoneStandard:
    entry = TimezoneDaylight() if after.dst() else TimezoneStandard()
    from_offset, to_offset = before.utcoffset() or UTC_OFFSET, after.utcoffset() or UTC_OFFSET
    entry.add("dtstart", _wall_before(before, after))
    entry.add("tzoffsetfrom", from_offset)
    entry.add("tzoffsetto", to_offset)
    entry.add("tzname", after.tzname())
    return entry


def _wall_before(before: datetime, after: datetime) -> datetime:
    """What the clocks would show at the moment of a change, had they not changed."""
    return after.replace(tzinfo=None) - (after.utcoffset() or UTC_OFFSET) + (before.utcoffset() or UTC_OFFSET)


def _yearly(changes: list[tuple[datetime, datetime]], years: int) -> dict | None:
    """The rule of one change a year, such as the last Sunday of March at one o'clock. None if there is no such rule."""
    walls = [_wall_before(*change) for change in changes]
    if len(walls) != years or len({(at.month, at.weekday(), at.time()) for at in walls}) != 1:
        return None
    first = walls[0]
    weeks = {(at.day - 1) // 7 + 1 for at in walls}
    is_last = all(at.day + 7 > monthrange(at.year, at.month)[1] for at in walls)
    if not is_last and len(weeks) != 1:
        return None
    which = -1 if is_last else weeks.pop()
    return {"freq": "yearly", "bymonth": first.month, "byday": f"{which}{WEEKDAYS[first.weekday()]}"}

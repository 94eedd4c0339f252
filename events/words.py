"""An event's facts in words, the same on pages, in mail and in the bell."""

from datetime import datetime
from zoneinfo import ZoneInfo

from . import zones


def _date(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B %Y}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Thursday 3 December 2026, 12:30 to 13:30; elsewhere with the zone and what it is in London."""
    starts, ends = (at.astimezone(ZoneInfo(zone)) for at in (starts_at, ends_at))
    if starts.date() == ends.date():
        span = f"{_date(starts)}, {_clock(starts)} to {_clock(ends)}"
    else:
        span = f"{_date(starts)}, {_clock(starts)} to {_date(ends)}, {_clock(ends)}"
    in_london = starts_at.astimezone(ZoneInfo(zones.LONDON))
    if in_london.utcoffset() == starts.utcoffset():
        return span
    london = _clock(in_london) if in_london.date() == starts.date() else f"{_clock(in_london)} on {_date(in_london)}"
    return f"{span}, {zones.NAMES.get(zone, zone)} time ({london} in London)"


def moment(at: datetime, zone: str) -> str:
    """on Thursday 3 December 2026 at 17:00"""
    there = at.astimezone(ZoneInfo(zone))
    return f"on {_date(there)} at {_clock(there)}"


def where(attendance: str, venue: str) -> str:
    """Online; Leeds Civic Hall; Leeds Civic Hall and online."""
    match attendance:
        case "online":
            return "Online"
        case "both":
            return f"{venue} and online" if venue else "In person and online"
    return venue or "In person"


def some(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

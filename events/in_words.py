"""An event's facts in words, the same on pages, in mail and in the bell."""

from datetime import datetime
from zoneinfo import ZoneInfo

from lib import times

from . import zones


def when(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Thursday 3 December 2026, 12:30 to 13:30; elsewhere with the zone and what it is in London."""
    began, ended = times.weekday(starts_at, zone), times.weekday(ends_at, zone)
    until = f"{f'{ended}, ' if ended != began else ''}{times.clock(ends_at, zone)}"
    span = f"{began}, {times.clock(starts_at, zone)} to {until}"
    there, in_london = (starts_at.astimezone(ZoneInfo(name)) for name in (zone, zones.LONDON))
    if in_london.utcoffset() == there.utcoffset():
        return span
    london = times.clock(starts_at)
    if in_london.date() != there.date():
        london += f" on {times.weekday(starts_at)}"
    return f"{span}, {zones.NAMES.get(zone, zone)} time ({london} in London)"


def moment(at: datetime, zone: str) -> str:
    """on Thursday 3 December 2026 at 17:00"""
    return f"on {times.weekday(at, zone)} at {times.clock(at, zone)}"


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

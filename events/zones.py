"""The time zones an event can be in, and wall clocks: what an editor types is the time on the wall at the event."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = "Europe/London"

CHOICES = [
    (LONDON, "London"),
    ("Europe/Amsterdam", "Amsterdam"),
    ("Europe/Athens", "Athens"),
    ("Europe/Berlin", "Berlin"),
    ("Europe/Brussels", "Brussels"),
    ("Australia/Sydney", "Canberra, Sydney"),
    ("Europe/Copenhagen", "Copenhagen"),
    ("Europe/Dublin", "Dublin"),
    ("Europe/Helsinki", "Helsinki"),
    ("Europe/Kyiv", "Kyiv"),
    ("Europe/Lisbon", "Lisbon"),
    ("Europe/Madrid", "Madrid"),
    ("America/New_York", "New York"),
    ("Europe/Oslo", "Oslo"),
    ("Europe/Paris", "Paris"),
    ("Europe/Prague", "Prague"),
    ("Atlantic/Reykjavik", "Reykjavik"),
    ("Europe/Riga", "Riga"),
    ("Europe/Rome", "Rome"),
    ("Asia/Singapore", "Singapore"),
    ("Europe/Stockholm", "Stockholm"),
    ("Europe/Tallinn", "Tallinn"),
    ("America/Toronto", "Toronto"),
    ("America/Vancouver", "Vancouver"),
    ("Europe/Vienna", "Vienna"),
    ("Europe/Vilnius", "Vilnius"),
    ("Europe/Warsaw", "Warsaw"),
    ("Pacific/Auckland", "Wellington"),
    ("Europe/Zurich", "Zurich"),
    ("UTC", "Universal Time (UTC)"),
]
NAMES = dict(CHOICES)


class NoSuchTime(ValueError):
    """The clocks skip this time when summer time begins."""


def aware(wall: datetime, zone: str) -> datetime:
    """The moment at which the wall clocks of a zone show `wall`.

    Of a time that comes twice, in the night in which summer time ends, it is the first. Raises NoSuchTime.
    """
    moment = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    if moment.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchTime(wall)
    return moment


def wall(moment: datetime, zone: str) -> datetime:
    """What the wall clocks of a zone show at a moment."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def transitions(zone: str, first_year: int, last_year: int) -> list[tuple[datetime, datetime]]:
    """When the zone's clocks change: for each change the last second before it and the first after it."""
    utc, there = ZoneInfo("UTC"), ZoneInfo(zone)
    day, end = datetime(first_year, 1, 1, tzinfo=utc), datetime(last_year + 1, 1, 1, tzinfo=utc)
    found = []
    while day < end:
        before, after = day, day + timedelta(days=1)
        if before.astimezone(there).utcoffset() != after.astimezone(there).utcoffset():
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) // 2
                middle = middle.replace(microsecond=0)
                if middle.astimezone(there).utcoffset() == before.astimezone(there).utcoffset():
                    before = middle
                else:
                    after = middle
            found.append((before.astimezone(there), after.astimezone(there)))
        day += timedelta(days=1)
    return found

"""Events, and who took a place at them."""

import datetime as dt
import uuid

from django.utils import timezone

from events import zones
from events.actions import events, registrations
from events.models import EventIndexPage, EventPage, EventState

from . import content, pages, people, pictures
from .history import History

SATURDAY = 5
CHRISTMAS_EVE, NEW_YEAR = (12, 24), (1, 1)  # month and day
ANNOUNCED_BEFORE = 45  # days
PICTURED = {
    "leaving-the-last-server-room",
    "round-table-leaving-legacy",
    "two-languages-from-the-start",
    "showcase-case-management",
    "more-than-one-language",
    "yearly-gathering",
}
FIELDS = ("slug", "title", "summary", "attendance", "open_to", "venue", "address", "joining_url", "capacity")


def plan(history: History):
    today = timezone.localdate(history.now)
    for row in content.read("events")["event"]:
        days = row["in_days"] if "in_days" in row else -row["days_ago"]
        day = working_day(today + dt.timedelta(days=days), onwards=days > 0)
        wall = dt.datetime.combine(day, dt.time.fromisoformat(row["time"]))
        starts_at = zones.aware(wall, zones.LONDON)
        # At least a week has passed since: so that people had the time to take a place.
        published = history.ago(max(ANNOUNCED_BEFORE - days, 7))
        history.add(published, _publish, history, row, starts_at)
        _plan_registrations(history, row, published, until=min(starts_at - dt.timedelta(hours=2), history.now))
    history.add(history.now, _remind)


def working_day(day: dt.date, onwards: bool) -> dt.date:
    """The day, or the next (else the last before it) on which people meet: not at weekends, not at Christmas."""
    while day.weekday() >= SATURDAY or (day.month, day.day) >= CHRISTMAS_EVE or (day.month, day.day) == NEW_YEAR:
        day += dt.timedelta(days=1 if onwards else -1)
    return day


def _plan_registrations(history: History, row: dict, published: dt.datetime, until: dt.datetime):
    """One after another, in the order of the file; nobody before they joined."""
    joined = {each["key"]: each["joined_days_ago"] for each in content.read("members")["member"]}
    keys = [*row["registered"], *row.get("waiting", ())]
    for place, key in enumerate(keys, start=1):
        at = history.awake(published + (until - published) * (place / (len(keys) + 1)))
        at = min(max(at, history.ago(max(joined[key] - 1, 0.1))), until)
        history.add(at, _register, history, row["slug"], key)
        if key in people.SIGN_INS:
            history.add(at, _look, history, row["slug"], key)


def _publish(history: History, row: dict, starts_at: dt.datetime, *, now: dt.datetime):
    eve = history.members["eve"]
    event = EventPage(
        **{name: row[name] for name in FIELDS if name in row},
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=row["duration_minutes"]),
        body=pages.stream(_body(history, row)),
    )
    event.tags.add(*row["tags"])
    pages.publish(event, below=EventIndexPage.objects.get(), by=eve, now=now)
    EventState.objects.filter(event=event).update(changed_at=now)
    history.events[row["slug"]] = event


def _body(history: History, row: dict) -> list[tuple]:
    body: list[tuple] = []
    if row["slug"] in PICTURED:
        image = pictures.keep(row["slug"], by=history.members["eve"])
        history.undo.append(lambda: image.file.delete(save=False))
        body.append(pages.picture(image))
    body.append(("paragraph", pages.rich_text(row["body"])))
    body.append(("programme", [{"speaker": "", "text": ""} | item for item in row["programme"]]))
    about = [
        {"about": one["words"], "image": None} | {k: one[k] for k in ("name", "role", "organisation")}
        for one in row["speaker"]
    ]
    return [*body, ("speakers", about)]


def _register(history: History, slug: str, key: str, *, now: dt.datetime):
    registrations.register(actor=history.members[key], event=history.events[slug], token=uuid.uuid4(), now=now)


def _look(history: History, slug: str, key: str, *, now: dt.datetime):
    """At the page that says that they have a place."""
    events.mark_seen(actor=history.members[key], event=history.events[slug], now=now)


def _remind(*, now: dt.datetime):
    events.remind_due(now=now)

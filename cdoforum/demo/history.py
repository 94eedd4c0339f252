"""The past of the demo: everything that happened, from all its parts, in the order of time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

from django.utils import timezone
from wagtail.models import Page

from events.models import EventPage
from members.inbox.announcing import tell
from members.models import Activity, Mail, Member, Organisation

MORNING, WAKING_HOURS = timedelta(hours=7.5), 14  # people write between half past seven and half past nine
INBOX_BEGINS = timedelta(days=14)  # what happened before is in nobody's inbox: telling costs as much as doing


@dataclass(order=True)
class Step:
    at: datetime
    number: int  # of steps at the same time, the one added first comes first
    do: Callable = field(compare=False)


class History:
    """Steps to be done, and who and what they have made so far, by the keys that the TOML files use."""

    def __init__(self, now: datetime):
        self.now = now
        self.steps: list[Step] = []
        self.members: dict[str, Member] = {}
        self.organisations: dict[str, Organisation] = {}
        self.pages: dict[str, Page] = {}
        self.events: dict[str, EventPage] = {}
        self.undo: list[Callable] = []  # takes back what a rolled back transaction leaves, such as files

    def ago(self, days: float, of: str = "") -> datetime:
        """So many days ago; what has another key `of` happens at another hour, up to ten hours earlier."""
        return self.awake(self.now - timedelta(days=days, minutes=crc32(of.encode()) % 600 if of else 0))

    def awake(self, moment: datetime) -> datetime:
        """A moment of the past, at an hour at which people are awake. Keeps the order of moments."""
        moment = min(moment, self.now)
        today = timezone.localtime(self.now).replace(hour=0, minute=0, second=0, microsecond=0)
        if moment >= today:
            return moment
        midnight = timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + MORNING + (moment - midnight) * (WAKING_HOURS / 24)

    def add(self, at: datetime, do: Callable, *args, **kwargs):
        """Plans `do(*args, now=at, **kwargs)`."""
        self.steps.append(Step(at, len(self.steps), partial(do, *args, now=at, **kwargs)))

    def run(self, progress: Callable[[int, int], None] = lambda done, of: None):
        """Does all steps, oldest first; after each of the latest, those who are to be told are told."""
        steps = sorted(self.steps)
        for done, step in enumerate(steps):
            progress(done, len(steps))
            step.do()
            self._tell(step.at)
        # What was owed in the past has been in the post for long.
        Mail.objects.filter(sent_at=None, cancelled_at=None).update(sent_at=self.now)
        progress(len(steps), len(steps))

    def _tell(self, now: datetime):
        owed = Activity.objects.filter(announced_at=None)
        if now < self.now - INBOX_BEGINS:
            owed.update(announced_at=now)
            return
        for activity_id in owed.order_by("pk").values_list("pk", flat=True):
            tell(activity_id, now=now)

"""What the worker does each minute for whatever jobs missed, in one go."""

from datetime import datetime

from members.inbox import owed


def sweep(now: datetime | None = None) -> int:
    return owed.announce_missed(now) + owed.send_missed(now)

"""When what is owed is tried, and tried again."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)

LEASE = timedelta(minutes=2)  # how long a job has before the sweep takes over
MAX_ATTEMPTS = 8  # with the pauses below a mail server may be away for two days


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts: soon at first, then more and more rarely; None after the last."""
    return now + timedelta(minutes=3**attempts) if attempts < MAX_ATTEMPTS else None


def leased(owed: QuerySet[M], now: datetime) -> M | None:
    """The one row that is owed, if its time has come and nobody else is at it.

    The next attempt is written before this one, so that a worker that dies, or a server that says no, leads to it; of
    two at once, one alone finds the row as it was.
    """
    due = owed.filter(Q(attempts=0) | Q(next_attempt_at__lte=now))
    found = due.first()
    if found is None:
        return None
    attempts = found.attempts + 1  # type: ignore[attr-defined]
    was = due.filter(attempts=attempts - 1)
    return found if was.update(attempts=attempts, next_attempt_at=next_attempt(attempts, now)) else None

"""When what is owed is tried, and tried again."""

from datetime import datetime, timedelta

LEASE = timedelta(minutes=2)  # how long a job has before the sweep takes over
MAX_ATTEMPTS = 8  # with the pauses below a mail server may be away for two days


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts: soon at first, then more and more rarely; None after the last."""
    return now + timedelta(minutes=3**attempts) if attempts < MAX_ATTEMPTS else None

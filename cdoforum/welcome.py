"""What the home page shows below its welcome."""

from community import queries
from directory.access import visible_introductions
from directory.models import Introduction
from events.queries import coming

THREADS, EVENTS = 6, 3


def welcome(viewer) -> dict:
    """The latest threads that the viewer may see, the next events, and what waits for the viewer's answer."""
    return {
        "threads": queries.with_unread(viewer, queries.threads(viewer)[:THREADS]),
        "events": list(coming(viewer)[:EVENTS]),
        "introductions": _to_answer(viewer),
    }


def _to_answer(viewer) -> list[Introduction]:
    if not viewer.is_authenticated or not viewer.is_officer:
        return []
    asked = visible_introductions(viewer).filter(officer=viewer.pk, status=Introduction.Status.FORWARDED)
    return list(asked.select_related("supplier").order_by("answer_by"))

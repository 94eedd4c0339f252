"""Events, and places at them."""

from .pages import EventIndexPage, EventPage, EventTag, EventTagging
from .registrations import EventState, Registration

__all__ = ["EventIndexPage", "EventPage", "EventState", "EventTag", "EventTagging", "Registration"]

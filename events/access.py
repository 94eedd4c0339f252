"""Who may see and do what with events. The one place that decides it, for pages, feeds, search and mail alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it out,
and `event` raises Http404. What a viewer may see but not do raises Denied.
"""

from datetime import datetime

from django.http import Http404
from wagtail.query import PageQuerySet

from lib.access import Denied

from .models import EventPage, Registration

OpenTo = EventPage.OpenTo


def is_staff(viewer) -> bool:
    """Editors and moderators look after events: they see all that are published, and the joining links."""
    return viewer.is_authenticated and viewer.may_use_cms


def _open_to(viewer) -> list[str]:
    if not viewer.is_authenticated:
        return [OpenTo.EVERYONE]
    if viewer.is_officer or is_staff(viewer):
        return [OpenTo.EVERYONE, OpenTo.MEMBERS, OpenTo.OFFICERS]
    return [OpenTo.EVERYONE, OpenTo.MEMBERS]


def visible_events(viewer) -> PageQuerySet:
    """The published events that the viewer may see."""
    return EventPage.objects.live().filter(open_to__in=_open_to(viewer))


def event(viewer, slug: str) -> EventPage:
    """One of them, by its address. Raises Http404, alike for what isn't there and what isn't for the viewer."""
    found = visible_events(viewer).select_related("state").filter(slug=slug).first()
    if found is None:
        raise Http404("There is no such event.")
    return found


def is_for(viewer, event: EventPage) -> bool:
    """Whether the viewer sees this event: the same as visible_events, of one that is at hand."""
    return event.live and event.open_to in _open_to(viewer)


def check_register(viewer, event: EventPage, now: datetime):
    """Raises Denied, with the reason, when the viewer can't register now."""
    if not is_for(viewer, event):
        raise Denied("This event is not open to you.")
    if event.cancelled_at:
        raise Denied("This event has been cancelled.")
    if event.ends_at <= now:
        raise Denied("This event is over.")
    if event.closes_at <= now:
        raise Denied("Registration for this event has closed.")
    if not viewer.is_authenticated:
        raise Denied("Sign in to register.")


def check_cancel(viewer, event: EventPage, registration: Registration, now: datetime):
    """Raises Denied, with the reason, when the viewer can't give this place back now."""
    if registration.member_id != viewer.pk:
        raise Denied("Only the member who has this place can give it back.")
    if event.cancelled_at:
        raise Denied("This event has been cancelled: there is no place to give back.")
    if event.starts_at <= now:
        raise Denied("This event has begun: there is no place to give back any more.")


def check_manage(viewer, event: EventPage):
    """Who sees the list of registrations and can cancel the event: those who may publish it in the CMS."""
    if not event.permissions_for_user(viewer).can_publish():
        raise Denied("Only editors look after events.")


def may_see_joining_link(viewer, event: EventPage, registration: Registration | None) -> bool:
    """Those with a place, and those who look after events; nobody else, and nobody once it is cancelled or over.

    `registration`: the viewer's own for this event, if any.
    """
    if not viewer.is_authenticated or event.cancelled_at or event.is_past:
        return False
    has_a_place = (
        registration is not None
        and registration.member_id == viewer.pk
        and registration.event_id == event.pk
        and registration.status == Registration.Status.REGISTERED
    )
    return has_a_place or is_staff(viewer)

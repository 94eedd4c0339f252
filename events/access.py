"""Who may see and do what with events. The one place that decides it, for pages, feeds, search and mail alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it out,
and `event` raises Http404. What a viewer may see but not do raises Denied.
"""

from datetime import datetime

from django.http import Http404
from wagtail.query import PageQuerySet

from lib.access import Denied, allows
from members.models import Member

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


def event(viewer, **which) -> EventPage:
    """One of them, by `slug` or `pk`. Raises Http404, alike for what isn't there and what isn't for the viewer."""
    found = visible_events(viewer).select_related("state").filter(**which).first()
    if found is None:
        raise Http404("There is no such event.")
    return found


def managed_event(viewer, pk: int) -> EventPage:
    """One event, published or not, for whoever looks after it. Raises Http404, and Denied where others see it."""
    found = EventPage.objects.select_related("state").filter(pk=pk).first()
    if found is None or not (is_for(viewer, found) or allows(check_manage, viewer, found)):
        raise Http404("There is no such event.")
    check_manage(viewer, found)
    return found


def is_for(viewer, event: EventPage) -> bool:
    """Whether the viewer sees this event: the same as visible_events, of one that is at hand."""
    return event.live and event.open_to in _open_to(viewer)


def may_come(member: Member, event: EventPage) -> bool:
    """Whether a member who registered may still come."""
    return member.is_active and is_for(member, event)


def registration(viewer: Member, event: EventPage) -> Registration:
    """The viewer's latest registration for an event: if one is active, it is this one. Raises Denied without any."""
    found = event.registrations.filter(member=viewer).last()
    if found is None:
        raise Denied("You have no place at this event.")
    return found


def check_register(event: EventPage, now: datetime):
    """Raises Denied, with the reason, when those who see this event can't register for it now."""
    if event.cancelled_at:
        raise Denied("This event has been cancelled.")
    if event.ends_at <= now:
        raise Denied("This event is over.")
    if event.closes_at <= now:
        raise Denied("Registration for this event has closed.")


def check_give_back(event: EventPage, now: datetime):
    """Raises Denied, with the reason, when those who have a place can't give it back now."""
    if event.cancelled_at:
        raise Denied("This event has been cancelled: there is no place to give back.")
    if event.starts_at <= now:
        raise Denied("This event has begun: there is no place to give back any more.")


def check_manage(viewer, event: EventPage):
    """Who sees the list of registrations and can cancel the event: those who may publish it in the CMS."""
    if not event.permissions_for_user(viewer).can_publish():
        raise Denied("Only editors look after events.")


def check_cancel_event(event: EventPage, now: datetime):
    """Raises Denied, with the reason, when those who look after this event can't call it off now."""
    if event.cancelled_at:
        raise Denied(f"“{event.title}” is cancelled already.")
    if not event.live:
        raise Denied("This event is not published, so there is nobody to tell. Delete the draft instead.")
    if event.ends_at <= now:
        raise Denied("This event is over, so it can't be cancelled any more.")


def has_joining_link(event: EventPage, registration: Registration | None) -> bool:
    """Whether a place comes with the joining link: nobody has it any more once the event is cancelled or over."""
    return _link_works(event) and registration is not None and registration.status == Registration.Status.REGISTERED


def may_see_joining_link(viewer, event: EventPage, registration: Registration | None) -> bool:
    """Those with a place, and those who look after events. `registration`: the viewer's own for this event, if any."""
    return has_joining_link(event, registration) or (_link_works(event) and is_staff(viewer))


def _link_works(event: EventPage) -> bool:
    return not event.cancelled_at and not event.is_past

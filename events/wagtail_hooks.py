"""Where events appear in Wagtail's admin."""

from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button
from wagtail.models import Page

from lib.access import allows

from . import access
from .cms import audit, events, registrations  # noqa: F401 (audit registers itself)
from .models import EventPage, Registration


@hooks.register("register_admin_urls")
def admin_urls():
    addresses = [
        path("<int:event_id>/registrations/", registrations.registrations, name="registrations"),
        path("<int:event_id>/registrations.csv", registrations.registrations_csv, name="registrations_csv"),
        path("<int:event_id>/cancel/", events.cancel, name="cancel"),
    ]
    return [path("events/", include((addresses, "events_cms")))]


def _may_manage(page, user) -> bool:
    return bool(page.pk) and page.specific_class is EventPage and allows(access.check_manage, user, page)


def _registrations_button(page) -> Button:
    address = reverse("events_cms:registrations", args=[page.pk])
    return Button("Registrations", address, icon_name="group", priority=60)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None):
    if _may_manage(page, user):
        yield _registrations_button(page)


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None):
    if _may_manage(page, user):
        yield _registrations_button(page)
        event = page.specific
        if allows(access.check_cancel_event, event, timezone.now()):
            address = reverse("events_cms:cancel", args=[page.pk])
            yield Button("Cancel event", address, icon_name="cross", priority=90)


@hooks.register("construct_homepage_panels")
def home_panels(request, panels):
    panels.append(events.ComingEvents())


@hooks.register("before_delete_page")
def keep_events_with_registrations(request, page):
    """What people registered for is part of the record: it can be cancelled, but not deleted."""
    kept = EventPage.objects.descendant_of(page, inclusive=True).filter(registrations__isnull=False)
    if event := kept.first():
        return _refuse(request, event, "so it can't be deleted. Cancel it, and they are told.")
    return None


@hooks.register("before_unpublish_page")
def tell_before_unpublishing(request, page):
    """An event that people count on does not vanish: it is cancelled first, which tells them."""
    counted_on = EventPage.objects.descendant_of(page, inclusive=True).live()
    counted_on = counted_on.filter(registrations__status__in=Registration.ACTIVE, ends_at__gt=timezone.now())
    if event := counted_on.exclude(state__cancelled_at__isnull=False).first():
        return _refuse(request, event, "so it can't just vanish. Cancel it first, and they are told.")
    return None


@hooks.register("before_bulk_action")
def the_same_for_many(request, action_type, objects, action):
    """Deleting or unpublishing several pages at once passes by the two hooks above."""
    asks = {"delete": keep_events_with_registrations, "unpublish": tell_before_unpublishing}.get(action_type)
    pages = [page for page in objects if isinstance(page, Page)]
    return next(filter(None, (asks(request, page) for page in pages)), None) if asks else None


def _refuse(request, event: EventPage, why: str):
    messages.error(request, f"People registered for “{event.title}”, {why}")
    return redirect("events_cms:registrations", event.pk)

"""Who registered for an event: a list, and a file for a spreadsheet."""

import csv

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.access import allows

from .. import access, queries
from ..models import EventPage, Registration

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # with these a spreadsheet program begins to calculate


def breadcrumbs(event: EventPage, label: str) -> list[dict]:
    """The way to a page about an event."""
    return [
        {"url": reverse("wagtailadmin_explore", args=[event.get_parent().pk]), "label": "Events"},
        {"url": reverse("wagtailadmin_pages:edit", args=[event.pk]), "label": event.title},
        {"url": "", "label": label},
    ]


@require_safe
def registrations(request, event_id: int):
    """Who has a place, who waits in which order, and who cancelled."""
    event = access.managed_event(request.user, event_id)
    found = list(queries.registrations(event))
    context = {
        "event": event,
        "registrations": found,
        "counts": {status: sum(r.status == status for r in found) for status in Registration.Status.values},
        "header_title": f"Registrations for {event.title}",
        "header_icon": "group",
        "breadcrumbs_items": breadcrumbs(event, f"Registrations: {event.title}"),
        "may_cancel": allows(access.check_cancel_event, event, timezone.now()),
    }
    return TemplateResponse(request, "events/cms/registrations.html", context)


@require_safe
def registrations_csv(request, event_id: int):
    """The same for a spreadsheet. No e-mail addresses: members gave them to the forum, not to a file."""
    event = access.managed_event(request.user, event_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="registrations-{event.slug}.csv"'
    response["Cache-Control"] = "private, no-store"
    response.write("\ufeff")  # else Excel takes it for Windows-1252, and names lose their accents
    writer = csv.writer(response)
    writer.writerow(["Name", "Role and organisation", "Standing", "Registration", "Since"])
    for registration in queries.registrations(event):
        byline = registration.member.byline
        since = timezone.localtime(registration.created_at)
        cells = [byline.name, byline.detail, byline.badge, registration.get_status_display(), f"{since:%Y-%m-%d %H:%M}"]
        writer.writerow([neutral(cell) for cell in cells])
    return response


def neutral(cell: str) -> str:
    """The cell as a text that no spreadsheet program takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell

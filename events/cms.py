"""What editors see of events in the CMS beside Wagtail's own pages: registrations, their export, and cancelling."""

import csv

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from lib.access import Denied
from members.cms.audit import Description, describes

from . import access, actions, queries
from .models import EventPage, Registration
from .models.registrations import REASON_MAX_LENGTH

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # with these a spreadsheet program begins to calculate
NEXT = 5


class CancelEventForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. Everyone who registered reads them, and they stand on the event's page.",
        error_messages={"required": "Say why the event is cancelled: people who registered will read it."},
    )


def _address(event: EventPage) -> str:
    return event.get_absolute_url() if event.live else ""


@describes(EventPage.objects.all())
def _event_in_words(event: EventPage) -> Description:
    return Description(f"Event “{event.title}”", _address(event))


@describes(Registration.objects.select_related("event", "member__organisation"))
def _registration_in_words(registration: Registration) -> Description:
    event = registration.event
    return Description(f"Place of {registration.member.byline.name} at “{event.title}”", _address(event))


def _event(request, event_id: int) -> EventPage:
    event = get_object_or_404(EventPage.objects.select_related("state"), pk=event_id)
    access.check_manage(request.user, event)
    return event


def _breadcrumbs(event: EventPage, label: str) -> list[dict]:
    return [
        {"url": reverse("wagtailadmin_explore", args=[event.get_parent().pk]), "label": "Events"},
        {"url": reverse("wagtailadmin_pages:edit", args=[event.pk]), "label": event.title},
        {"url": "", "label": label},
    ]


@require_safe
def registrations(request, event_id: int):
    """Who has a place, who waits in which order, and who cancelled."""
    event = _event(request, event_id)
    found = list(queries.registrations(event))
    context = {
        "event": event,
        "registrations": found,
        "counts": {status: sum(r.status == status for r in found) for status in Registration.Status.values},
        "header_title": f"Registrations for {event.title}",
        "header_icon": "group",
        "breadcrumbs_items": _breadcrumbs(event, f"Registrations: {event.title}"),
        "may_cancel": event.live and not event.cancelled_at and not event.is_past,
    }
    return TemplateResponse(request, "events/cms/registrations.html", context)


@require_safe
def registrations_csv(request, event_id: int):
    """The same for a spreadsheet. No e-mail addresses: members gave them to the forum, not to a file."""
    event = _event(request, event_id)
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


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, event_id: int):
    """Asks for the reason, and calls the event off."""
    event = _event(request, event_id)
    back = reverse("events_cms:registrations", args=[event.pk])
    if event.cancelled_at:
        messages.info(request, f"“{event.title}” is cancelled already.")
        return redirect(back)
    form = CancelEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_event(actor=request.user, event=event, reason=form.cleaned_data["reason"])
        except Denied as denied:
            form.add_error(None, denied.reason)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"“{event.title}” is cancelled. Everyone who registered is being told.")
            return redirect(back)
    context = {
        "event": event,
        "form": form,
        "told": event.registrations.active().count(),
        "header_title": f"Cancel {event.title}",
        "header_icon": "cross",
        "breadcrumbs_items": _breadcrumbs(event, f"Cancel: {event.title}"),
    }
    return TemplateResponse(request, "events/cms/cancel.html", context, status=422 if form.errors else 200)


class ComingEvents(Component):
    """On the CMS's first page: the next events and how full they are."""

    order = 150
    template_name = "events/cms/coming.html"

    def get_context_data(self, parent_context):
        viewer = parent_context["request"].user
        return {"events": queries.coming(viewer)[:NEXT] if access.is_staff(viewer) else []}


app_name = "events_cms"
urlpatterns = [
    path("<int:event_id>/registrations/", registrations, name="registrations"),
    path("<int:event_id>/registrations.csv", registrations_csv, name="registrations_csv"),
    path("<int:event_id>/cancel/", cancel, name="cancel"),
]

"""The next events on the first page, and calling one off."""

from functools import partial

from django import forms
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.ui.components import Component

from lib.access import refusal
from lib.forms import posted, status_of, submit

from .. import access, queries
from ..actions import events as actions
from ..models.registrations import REASON_MAX_LENGTH
from .registrations import breadcrumbs

NEXT = 5


class ComingEvents(Component):
    """On the CMS's first page: the next events and how full they are."""

    order = 150
    template_name = "events/cms/coming.html"

    def get_context_data(self, parent_context):
        viewer = parent_context["request"].user
        return {"events": queries.coming(viewer)[:NEXT] if access.is_staff(viewer) else []}


class CancelEventForm(forms.Form):
    reason = forms.CharField(
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences. Everyone who registered reads them, and they stand on the event's page.",
        error_messages={"required": "Say why the event is cancelled: people who registered will read it."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, event_id: int):
    """Asks for the reason, and calls the event off."""
    event = access.managed_event(request.user, event_id)
    back = reverse("events_cms:registrations", args=[event.pk])
    form = CancelEventForm(posted(request))
    if not form.is_bound and (reason := refusal(access.check_cancel_event, event, timezone.now())):
        messages.info(request, reason)
        return redirect(back)
    if submit(request, form, partial(actions.cancel, actor=request.user, event=event)):
        messages.success(request, f"“{event.title}” is cancelled. Everyone who registered is being told.")
        return redirect(back)
    context = {
        "event": event,
        "form": form,
        "told": event.registrations.active().count(),
        "header_title": f"Cancel {event.title}",
        "header_icon": "cross",
        "breadcrumbs_items": breadcrumbs(event, f"Cancel: {event.title}"),
    }
    return TemplateResponse(request, "events/cms/cancel.html", context, status=status_of(form))

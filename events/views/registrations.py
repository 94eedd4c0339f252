"""/events/<slug>/register/ and /cancel/: taking a place, and giving it back."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lib.forms import form_page, posted, submit

from .. import access, queries
from ..actions import registrations as actions
from ..forms import RegisterForm
from ..models import Registration
from .events import event_page


@require_http_methods(["GET", "HEAD", "POST"])
def register(request, slug: str):
    """POST: registers, or joins the waiting list. GET, as after signing in: the event's page, where the button is."""
    if not request.user.is_authenticated:
        # Whether there is such an event is told after signing in, to those who may know.
        return redirect_to_login(reverse("events:event", args=[slug]))
    event = access.event(request.user, slug=slug)
    form = RegisterForm(posted(request))
    registration = submit(request, form, partial(actions.register, actor=request.user, event=event))
    if registration is not None:
        _say(request, registration)
    elif form.is_bound:
        return event_page(request, event, form)
    return redirect(event)


def _say(request, registration: Registration):
    match registration.status:
        case Registration.Status.REGISTERED:
            messages.success(request, "You have a place.")
        case Registration.Status.WAITING:
            line = queries.place_in_line(registration)
            messages.info(request, f"All places are taken. You are number {line} on the waiting list.")
        case _:
            messages.info(request, "You gave this place back. Press Register to take one again.")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request, slug: str):
    """GET asks, POST gives the place back or leaves the waiting list."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("events:event", args=[slug]))
    event = access.event(request.user, slug=slug)
    registration = queries.registration_of(request.user, event)
    is_waiting = registration is not None and registration.status == Registration.Status.WAITING
    form = Form(posted(request))
    if not form.is_bound:
        if registration is None:
            messages.info(request, "You have no place at this event.")
            return redirect(event)
        access.check_give_back(event, timezone.now())
    cancelled = submit(request, form, partial(actions.cancel, actor=request.user, event=event))
    if cancelled is not None:
        if registration is not None:
            had_place = cancelled.registered_at is not None
            messages.success(
                request, "You have given your place back." if had_place else "You have left the waiting list."
            )
        return redirect(event)
    question = f"{event.title}, {event.when}."
    if not is_waiting and event.registrations.waiting().exists():
        question += " It goes to the first person on the waiting list, and you can’t get it back."
    return form_page(
        request, "events/cancel.html", form, section="events", event=event, is_waiting=is_waiting, question=question
    )

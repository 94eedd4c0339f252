"""/events/: the list, one event, registering and giving a place back, and the calendar files."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from lib import times
from lib.access import Denied, allows, refusal

from . import access, actions, calendar_feed, queries
from .forms import WAYS, FilterForm, RegisterForm
from .models import EventIndexPage, EventPage, Registration

PER_PAGE = 30
FEED_PAST = timedelta(days=90)  # how long an event stays in the feed when it is over
FEED_MOST = 500


@require_safe
def events(request):
    """The coming events by month, or the past ones, filtered by tag and by how people take part."""
    form = FilterForm(request.GET)
    is_sound = form.is_valid()
    when, tag, attendance = (form.cleaned_data.get(name) or "" for name in ("when", "tag", "attendance"))
    listed = (queries.past if when == "past" else queries.coming)(request.user)
    page = Paginator(queries.filtered(listed, tag=tag, attendance=attendance), PER_PAGE).get_page(
        request.GET.get("page")
    )
    filters = {name: value for name, value in (("when", when), ("tag", tag), ("attendance", attendance)) if value}
    context = {
        "section": "events",
        "introduction": EventIndexPage.objects.live().values_list("introduction", flat=True).first(),
        "months": _by_month(page.object_list),
        "page": page,
        "when": when or "coming",
        "tag": tag,
        "attendance": attendance,
        "is_sound": is_sound,
        "tags": [(tag, _address(filters | {"tag": tag.name})) for tag in queries.tags_of(listed)[:24]],
        "attendances": [(value, label, _address(filters | {"attendance": value})) for value, label in WAYS],
        "without_tag": _address(filters | {"tag": ""}),
        "without_attendance": _address(filters | {"attendance": ""}),
        "page_url": _address(filters) + ("&page=" if filters else "?page="),
        "feed_url": _feed_url(),
        "calendar_url": f"{settings.SITE_URL}{reverse('events:calendar')}",
    }
    return render(request, "events/events.html", context)


def _by_month(events) -> list[tuple[str, list[EventPage]]]:
    def month(event: EventPage) -> str:
        return times.month(event.starts_at, event.timezone)

    return [(name, list(those)) for name, those in groupby(events, key=month)]


def _address(filters: dict[str, str]) -> str:
    chosen = {name: value for name, value in filters.items() if value}
    return f"{reverse('events:events')}{f'?{urlencode(chosen)}' if chosen else ''}"


def _feed_url() -> str:
    """webcal: is what calendar programs subscribe to; they fetch it over https all the same."""
    return f"webcal://{urlsplit(settings.SITE_URL).netloc}{reverse('events:calendar')}"


@require_safe
def event(request, slug: str):
    """One event. Only here, and only to those who may have it, is the joining link shown."""
    event = access.event(request.user, slug)
    if request.method == "GET" and request.user.is_authenticated and request.user.unread_count:
        request.user.unread_count -= actions.mark_seen(member=request.user, event=event)
    return _event_page(request, event)


def _event_page(request, event: EventPage, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    registration = queries.registration_of(request.user, event)
    is_waiting = registration is not None and registration.status == Registration.Status.WAITING
    now = timezone.now()
    context = {
        "section": "events",
        "event": event,
        "registration": registration,
        "has_place": registration is not None and not is_waiting,
        "is_waiting": is_waiting,
        "line": queries.place_in_line(registration) if registration and is_waiting else None,
        "joining_url": event.joining_url if access.may_see_joining_link(request.user, event, registration) else "",
        "is_open": event.closes_at > now,
        "refusal": refusal(access.check_register, request.user, event, now),
        "may_cancel": registration is not None and allows(access.check_cancel, request.user, event, registration, now),
        "may_manage": access.is_staff(request.user) and allows(access.check_manage, request.user, event),
        "form": RegisterForm(initial={"token": uuid.uuid4()}),
        "problems": problems,
    }
    response = render(request, "events/event.html", context, status=status)
    patch_cache_control(response, private=True)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def register(request, slug: str):
    """POST: registers, or joins the waiting list. GET, as after signing in: the event's page, where the button is."""
    if not request.user.is_authenticated:
        # Whether there is such an event is told after signing in, to those who may know.
        return redirect_to_login(reverse("events:event", args=[slug]))
    event = access.event(request.user, slug)
    if request.method != "POST":
        return redirect(event)
    form = RegisterForm(request.POST)
    if form.is_valid():
        try:
            registration = actions.register(actor=request.user, event=event, token=form.cleaned_data["token"])
        except (Denied, ValidationError) as error:
            form.add_error(None, error.reason if isinstance(error, Denied) else error)
            status = 403 if isinstance(error, Denied) else 422
        else:
            _say(request, registration)
            return redirect(event)
    else:
        status = 422
    problems = [str(message) for errors in form.errors.values() for message in errors]
    return _event_page(request, event, problems=problems, status=status)


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
    event = access.event(request.user, slug)
    registration = queries.registration_of(request.user, event)
    if request.method == "POST":
        actions.cancel_registration(actor=request.user, event=event)
        if registration:
            was_waiting = registration.status == Registration.Status.WAITING
            messages.success(
                request, "You have left the waiting list." if was_waiting else "You have given your place back."
            )
        return redirect(event)
    if registration is None:
        messages.info(request, "You have no place at this event.")
        return redirect(event)
    access.check_cancel(request.user, event, registration, timezone.now())
    is_waiting = registration.status == Registration.Status.WAITING
    question = f"{event.title}, {event.when}."
    if not is_waiting and event.registrations.waiting().exists():
        question += " It goes to the first person on the waiting list, and you can’t get it back."
    return render(
        request,
        "events/cancel.html",
        {"section": "events", "event": event, "is_waiting": is_waiting, "question": question},
    )


@require_safe
def event_ics(request, slug: str):
    """The event as a file for one's calendar; with the joining link for those who may have it."""
    event = access.event(request.user, slug)
    registration = queries.registration_of(request.user, event)
    shows_link = access.may_see_joining_link(request.user, event, registration)
    content = calendar_feed.invitation(event, now=timezone.now(), joining_url=event.joining_url if shows_link else "")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.ics"'
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def calendar(request):
    """The feed to subscribe to: what the viewer may see; a calendar program is a visitor. Never a joining link."""
    since = timezone.now() - FEED_PAST
    visible = access.visible_events(request.user).filter(ends_at__gt=since).select_related("state").defer("body")
    found = list(visible.order_by("starts_at", "pk")[:FEED_MOST])
    etag = calendar_feed.fingerprint(found)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        found = list(
            visible.filter(pk__in=[event.pk for event in found]).prefetch_related("tags").order_by("starts_at", "pk")
        )
        response = HttpResponse(calendar_feed.feed(found), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="cdo-forum-events.ics"'
    response["ETag"] = etag
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(
        response, private=request.user.is_authenticated, public=not request.user.is_authenticated, max_age=300
    )
    return response

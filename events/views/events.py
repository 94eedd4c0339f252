"""/events/: the coming and past events, and the page of one."""

from itertools import groupby
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from lib import times
from lib.access import allows, refusal
from lib.forms import form_page
from lib.pages import counted, page_number

from .. import access, queries
from ..actions import events as actions
from ..forms import WAYS, FilterForm, RegisterForm
from ..models import EventIndexPage, EventPage, Registration

PER_PAGE = 30


@require_safe
def events(request):
    """The coming events by month, or the past ones, filtered by tag and by how people take part."""
    form = FilterForm(request.GET)
    is_sound = form.is_valid()
    when, tag, attendance = (form.cleaned_data.get(name) or "" for name in ("when", "tag", "attendance"))
    listed = (queries.past if when == "past" else queries.coming)(request.user)
    page = counted(queries.filtered(listed, tag=tag, attendance=attendance), page_number(request), PER_PAGE)
    filters = {name: value for name, value in (("when", when), ("tag", tag), ("attendance", attendance)) if value}
    context = {
        "section": "events",
        "introduction": EventIndexPage.objects.live().values_list("introduction", flat=True).first(),
        "months": _by_month(page.rows),
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
    event = access.event(request.user, slug=slug)
    if request.method == "GET" and request.user.is_authenticated and request.user.unread_count:
        request.user.unread_count -= actions.mark_seen(actor=request.user, event=event)
    return event_page(request, event, RegisterForm())


def event_page(request, event: EventPage, form: RegisterForm) -> HttpResponse:
    """The page of an event, with what the viewer can do there."""
    registration = queries.registration_of(request.user, event)
    is_waiting = registration is not None and registration.status == Registration.Status.WAITING
    now = timezone.now()
    response = form_page(
        request,
        "events/event.html",
        form,
        section="events",
        event=event,
        registration=registration,
        has_place=registration is not None and not is_waiting,
        is_waiting=is_waiting,
        line=queries.place_in_line(registration) if registration and is_waiting else None,
        joining_url=event.joining_url if access.may_see_joining_link(request.user, event, registration) else "",
        is_open=event.closes_at > now,
        refusal=refusal(access.check_register, event, now),
        may_cancel=registration is not None and allows(access.check_give_back, event, now),
        may_manage=access.is_staff(request.user) and allows(access.check_manage, request.user, event),
    )
    patch_cache_control(response, private=True)
    return response

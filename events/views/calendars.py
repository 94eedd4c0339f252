"""/events/calendar.ics and /events/<slug>/event.ics: for people's own calendar programs."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from .. import access, calendar_files, queries

FEED_PAST = timedelta(days=90)  # how long an event stays in the feed when it is over
FEED_MOST = 500


@require_safe
def event_ics(request, slug: str):
    """The event as a file for one's calendar; with the joining link for those who may have it."""
    event = access.event(request.user, slug=slug)
    registration = queries.registration_of(request.user, event)
    shows_link = access.may_see_joining_link(request.user, event, registration)
    content = calendar_files.invitation(event, now=timezone.now(), joining_url=event.joining_url if shows_link else "")
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
    etag = calendar_files.fingerprint(found)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        found = list(
            visible.filter(pk__in=[event.pk for event in found]).prefetch_related("tags").order_by("starts_at", "pk")
        )
        response = HttpResponse(calendar_files.feed(found), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="cdo-forum-events.ics"'
    response["ETag"] = etag
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, max_age=300, **{"private" if request.user.is_authenticated else "public": True})
    return response

"""What Wagtail's page editor sends when an editor fills in an event."""

from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from events.models import EventIndexPage, EventPage
from tests.make import JOINING_URL


def event_form(*, body=(), action="publish", **fields) -> dict:
    """The fields of the form, complete and sound unless changed. `action`: "publish" or "" (save draft)."""
    given = {
        "title": "Reading an assurance pack",
        "slug": "reading-an-assurance-pack",
        "summary": "What to ask, and in which order.",
        "timezone": "Europe/London",
        "starts_at": "2030-03-07 12:30",
        "ends_at": "2030-03-07 13:30",
        "attendance": "online",
        "venue": "",
        "address": "",
        "joining_url": JOINING_URL,
        "open_to": "everyone",
        "capacity": "",
        "registration_closes_at": "",
        "body": streamfield(list(body)),
        "tags": "",
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000},
    }
    data = nested_form_data(given | fields)
    if action:
        data[f"action-{action}"] = "1"
    return data


def add_url() -> str:
    return reverse("wagtailadmin_pages:add", args=["events", "eventpage", EventIndexPage.objects.get().pk])


def edit_url(event) -> str:
    return reverse("wagtailadmin_pages:edit", args=[event.pk])


def create(client, **fields) -> EventPage:
    """Publishes an event through the form. Fails with the form's own words."""
    response = client.post(add_url(), event_form(**fields))
    assert response.status_code == 302, errors(response)
    return EventPage.objects.get(slug=fields.get("slug", "reading-an-assurance-pack"))


def change(client, event, **fields) -> EventPage:
    """Publishes an event again with some fields changed."""
    at = "%Y-%m-%d %H:%M"
    given = {
        "title": event.title,
        "slug": event.slug,
        "summary": event.summary,
        "starts_at": event.starts_at.strftime(at),
        "ends_at": event.ends_at.strftime(at),
        "timezone": "UTC",
        "attendance": event.attendance,
        "venue": event.venue,
        "joining_url": event.joining_url,
        "open_to": event.open_to,
        "capacity": event.capacity or "",
    }
    response = client.post(edit_url(event), event_form(**given | fields))
    assert response.status_code == 302, errors(response)
    return EventPage.objects.get(pk=event.pk)


def errors(response) -> dict:
    return response.context["form"].errors if response.context and "form" in response.context else {}


__all__ = ["add_url", "change", "create", "edit_url", "errors", "event_form", "rich_text"]

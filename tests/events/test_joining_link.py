"""The joining link: for people with a place and for those who look after events, and for nobody else, by no road."""

import html
import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.search.index import get_indexed_models

from events import queries
from events.actions import events as event_actions
from events.actions import registrations
from events.models import EventPage
from members.models import Activity, Notification
from tests import make
from tests.events.forms import add_url, change, create, errors, event_form, rich_text

pytestmark = pytest.mark.django_db
LINK = make.JOINING_URL
SECRET = LINK.rpartition("/")[2]


@pytest.fixture
def event(ada, ben, cleo, sal):
    """One place: Ada has it, Ben waits, Cleo gave one back, Sal never asked."""
    event = make.event("Leaving legacy", capacity=1, open_to="everyone", tags=["legacy"])
    make.registration(event, cleo)
    make.registration(event, ada)
    registrations.cancel(actor=cleo, event=event)
    make.registration(event, ben)
    return event


def pages(event) -> list[str]:
    address = event.get_absolute_url()
    return [
        address,
        f"{address}event.ics",
        f"{address}register/",
        f"{address}cancel/",
        "/events/",
        "/events/?when=past",
        "/events/?tag=legacy",
        "/events/calendar.ics",
        "/",
        f"/search/?q={SECRET}",
        "/search/?q=legacy",
        "/inbox/",
        "/api/v2/pages/",
        f"/pages/{event.pk}/",
    ]


def leaks(client, event) -> list[str]:
    """The addresses that answer with the link, in body or headers."""
    found = []
    for address in pages(event):
        response = client.get(address, follow=True)
        text = b"".join(response.streaming_content) if response.streaming else response.content
        # The search page repeats what was searched for, so there the whole link is looked for.
        if (LINK if "search" in address else SECRET) in text.decode() + str(response.headers):
            found.append(address)
    return found


@pytest.mark.parametrize("role", [None, "ben", "cleo", "sal"])
def test_nobody_without_a_place_gets_it(event, role, request, as_):
    assert leaks(as_(request.getfixturevalue(role) if role else None), event) == []


def test_who_has_a_place_gets_it_on_the_event_and_in_its_file_only(event, ada, as_):
    address = event.get_absolute_url()
    # The two forms lead back to the event's page, or ask there.
    assert leaks(as_(ada), event) == [address, f"{address}event.ics", f"{address}register/"]


@pytest.mark.parametrize("role", ["mo", "eve", "admin"])
def test_those_who_look_after_events_see_it_too(event, role, request, as_):
    assert event.get_absolute_url() in leaks(as_(request.getfixturevalue(role)), event)


@pytest.mark.parametrize("role", ["mo", "eve"])
def test_but_it_is_mailed_to_none_of_them(role, request, told, mailoutbox, ada):
    member, event = request.getfixturevalue(role), make.event(capacity=1)
    make.registration(event, ada)
    with told():
        make.registration(event, member)
    assert "waiting list" in mailoutbox[-1].body and SECRET not in mailoutbox[-1].body


@pytest.mark.parametrize("role", ["ada", "mo", "eve", "admin"])
def test_it_is_gone_when_the_event_is_cancelled(event, role, eve, request, as_):
    event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    assert leaks(as_(request.getfixturevalue(role)), event) == []


@pytest.mark.parametrize("role", ["ada", "mo", "eve", "admin"])
def test_it_is_gone_when_the_event_is_over(event, role, request, as_):
    began = timezone.now() - timedelta(days=1)
    EventPage.objects.filter(pk=event.pk).update(starts_at=began, ends_at=began + timedelta(hours=1))
    assert leaks(as_(request.getfixturevalue(role)), event) == []


def test_the_mail_that_cancels_holds_it_for_no_one(event, ada, eve, told, mailoutbox):
    with told() as news:
        event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    assert ada.email in [address for address, _ in news.mails]
    for mail in mailoutbox[-2:]:
        assert SECRET not in mail.body + mail.alternatives[0][0]
        assert not any(SECRET in content.replace("\r\n ", "") for _, content, _ in mail.attachments)


def test_it_is_gone_when_the_standing_is(ada, as_):
    event = make.event(open_to="officers")
    make.registration(event, ada)
    assert event.get_absolute_url() in leaks(as_(ada), event)
    type(ada).objects.filter(pk=ada.pk).update(standing="newcomer")
    assert leaks(as_(ada), event) == []


def test_a_mail_owed_when_the_standing_goes_is_not_sent(ada, told):
    event = make.event(open_to="officers")
    with told() as news:
        make.registration(event, ada)
        type(ada).objects.filter(pk=ada.pk).update(standing="newcomer")
    assert news.mails == []


def test_a_new_link_is_told_to_those_with_a_place_only(event, ada, ben, eve, as_, told, mailoutbox):
    with told() as news:
        change(as_(eve), event, joining_url="https://meet.example/room-new")
    assert news.mails == [(ada.email, f"Changed: {event.title}")]
    assert news.bells == [(ada.email, "event.changed")]
    assert "room-new" in mailoutbox[-1].body


def test_no_mail_to_who_waits_or_left_holds_it(event, ben, cleo, eve, as_, told, mailoutbox):
    with told():
        change(as_(eve), event, venue="Civic Hall", attendance="both")
    with told():
        event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    to_others = [mail for mail in mailoutbox if mail.to[0] in {ben.email, cleo.email}]
    assert to_others
    for mail in to_others:
        assert SECRET not in mail.subject + mail.body + mail.alternatives[0][0]
        assert not any(SECRET in content for _, content, _ in mail.attachments)


def test_it_is_in_no_audit_row_and_no_notification(event, ada, told):
    with told():
        make.registration(make.event("Another"), ada)
    for row in [
        *Activity.objects.values_list("data", flat=True),
        *Notification.objects.values_list("collapse_key", flat=True),
    ]:
        assert SECRET not in json.dumps(row)


def test_no_search_finds_it(event, ada, eve):
    assert EventPage in get_indexed_models()
    call_command("update_index", verbosity=0, stdout=io.StringIO())
    for viewer in [ada, eve]:
        assert list(queries.search_events(viewer, "legacy")) == [event]
        assert not list(queries.search_events(viewer, SECRET))
        assert not list(queries.search_events(viewer, "meet.example"))
    assert not any("joining" in str(field.field_name) for field in EventPage.get_search_fields())


def test_the_preview_holds_it_for_no_one(event, eve, as_):
    page = as_(eve).get(f"/cms/pages/{event.pk}/view_draft/").content.decode()
    assert SECRET not in page and "stands here for people with a place" in page


def test_the_template_reads_it_from_nowhere_but_the_view():
    from pathlib import Path

    for template in [*Path("templates/events").rglob("*.html"), *Path("templates/components").glob("event*.html")]:
        assert "event.joining_url" not in template.read_text(), template
    for template in Path("templates/emails").rglob("*.*"):
        assert "event.joining_url" not in template.read_text(), template


ROOM = "https://teams.example/l/meetup-join/19%3ameeting_Room?tenant=a&code=Xy7"


@pytest.mark.parametrize("written", [
    ROOM, ROOM.upper(), ROOM.removeprefix("https://"), ROOM.replace("%3a", ":"), ROOM.replace("&", "&amp;"),
    ROOM.replace("https", "http"), f"{ROOM}&x=1", ROOM.replace("meetup", "meet\u00adup"),
])  # fmt: skip
@pytest.mark.parametrize("field", ["title", "summary", "venue", "address", "seo_title", "search_description", "body"])
def test_an_event_is_not_published_with_its_joining_link_where_strangers_read(field, written, as_, eve):
    value = f"Join us: {written}"
    typed = {"body": [("paragraph", rich_text(f"<p>{html.escape(value)}</p>"))]} if field == "body" else {field: value}
    response = as_(eve).post(add_url(), event_form(joining_url=ROOM, attendance="both", **{"venue": "Hall"} | typed))
    assert "is also in the" in str(errors(response)["joining_url"])
    assert not EventPage.objects.live().exists()


def test_a_body_that_links_to_the_joining_link_is_not_published(as_, eve):
    body = [("paragraph", rich_text(f'<p><a href="{html.escape(ROOM)}">the room</a></p>'))]
    response = as_(eve).post(add_url(), event_form(joining_url=ROOM, body=body))
    assert "is also in the body" in str(errors(response)["joining_url"])


def test_an_event_may_name_another_address_of_the_same_site(as_, eve):
    assert create(as_(eve), joining_url=ROOM, summary="More at https://teams.example/help").live

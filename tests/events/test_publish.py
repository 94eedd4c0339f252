"""An editor writes, previews, schedules and publishes an event in the CMS."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.users.models import UserProfile

from events.models import EventIndexPage, EventPage
from tests import make
from tests.events.forms import add_url, change, create, edit_url, errors, event_form, rich_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(as_, eve):
    return as_(eve)


@pytest.fixture
def image(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(content, "PNG")
    content.seek(0)
    return get_image_model().objects.create(title="Hall", file=ImageFile(content, name="hall.png"))


def test_an_editor_publishes_an_event_with_everything_in_it(editor, client, image):
    body = [
        ("heading", "Why now"),
        ("paragraph", rich_text("<p>Every supplier brings a pack.</p>")),
        ("image", {"image": image.pk, "alt_text": "A full hall", "decorative": ""}),
        ("quote", {"text": "Ask for the evidence.", "source": "Nadia Price"}),
    ]
    event = create(
        editor,
        body=body,
        tags="ai-assistants, procurement",
        attendance="both",
        venue="Civic Hall, Leeds",
        address="Calverley Street\nLeeds LS1 1UR",
        capacity="40",
    )
    page = client.get("/events/reading-an-assurance-pack/").content.decode()
    assert event.live
    for words in [
        "Reading an assurance pack",
        "What to ask, and in which order.",
        "Thursday 7 March 2030, 12:30 to 13:30",
        "Civic Hall, Leeds and online",
        "Calverley Street",
        "Why now",
        "Every supplier brings a pack.",
        'alt="A full hall"',
        "Ask for the evidence.",
        "40 of 40 places left",
        "ai-assistants",
    ]:
        assert words in page
    assert "Reading an assurance pack" in client.get("/events/").content.decode()
    assert b"Reading an assurance pack" in client.get("/events/calendar.ics").content


def test_programme_and_speakers_are_lists_in_the_body(editor, client):
    event = make.event(open_to="everyone")
    item = {
        "time": "12:30",
        "title": "Nine systems, one address",
        "text": "In the order we did it.",
        "speaker": "Jenifer Trevail",
    }
    event.body = [
        ("programme", [item | {"time": datetime(2030, 1, 1, 12, 30).time()}]),
        (
            "speakers",
            [
                {
                    "name": "Jenifer Trevail",
                    "role": "Head of Data",
                    "organisation": "Cornwall",
                    "about": "",
                    "image": None,
                }
            ],
        ),
    ]
    event.save_revision().publish()
    page = client.get(event.get_absolute_url()).content.decode()
    for words in ["<time>12:30</time>", *list(item.values())[1:], "Head of Data, Cornwall", ">JT<"]:
        assert words in page
    form = editor.get(edit_url(event)).content.decode()
    assert "Nine systems, one address" in form


def test_a_draft_may_be_unfinished_and_is_nowhere_to_be_seen(editor, client, ada, as_):
    response = editor.post(add_url(), event_form(action="", starts_at="", ends_at="", summary="", joining_url=""))
    assert response.status_code == 302, errors(response)
    draft = EventPage.objects.get(slug="reading-an-assurance-pack")
    assert not draft.live
    for viewer in [client, as_(ada), editor]:
        assert viewer.get("/events/reading-an-assurance-pack/").status_code == 404
        assert "Reading an assurance pack" not in viewer.get("/events/").content.decode()


def test_an_unfinished_draft_is_previewed(editor):
    editor.post(add_url(), event_form(action="", starts_at="", ends_at="", summary="", joining_url=""))
    draft = EventPage.objects.get(slug="reading-an-assurance-pack")
    page = editor.get(f"/cms/pages/{draft.pk}/view_draft/")
    assert page.status_code == 200
    assert "The time is not set yet" in page.content.decode()


def test_the_preview_shows_the_page_without_the_joining_link(editor):
    url = f"/cms/pages/add/events/eventpage/{EventIndexPage.objects.get().pk}/preview/"
    assert editor.post(url, event_form(action="", capacity="12")).json()["is_valid"]
    page = editor.get(url)
    assert page.status_code == 200
    words = page.content.decode()
    assert "Thursday 7 March 2030, 12:30 to 13:30" in words
    assert "12 of 12 places left" in words
    assert "The joining link stands here for people with a place" in words
    assert make.JOINING_URL not in words


def test_the_list_of_events_can_be_previewed(editor):
    index = EventIndexPage.objects.get()
    assert editor.get(f"/cms/pages/{index.pk}/view_draft/").status_code == 200


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(editor):
    response = editor.post(
        add_url(),
        event_form(
            ends_at="2030-03-07 11:30",
            joining_url="",
            registration_closes_at="2030-03-09 10:00",
            body=[("heading", "Kept")],
        ),
    )
    assert response.status_code == 200
    said = errors(response)
    assert said["ends_at"] == ["The event ends before it starts. Choose a later end."]
    assert said["joining_url"] == ["Write the joining link: people take part online."]
    assert "Registration can't stay open longer" in said["registration_closes_at"][0]
    page = response.content.decode()
    assert "2030-03-07 11:30" in page and "Kept" in page
    assert not EventPage.objects.exists()


@pytest.mark.parametrize("attendance", ["in_person", "both"])
def test_a_meeting_in_person_needs_a_venue(editor, attendance):
    response = editor.post(add_url(), event_form(attendance=attendance))
    assert errors(response)["venue"] == ["Write the venue: people take part in person."]


@pytest.mark.parametrize("where", ["summary", "body"])
def test_the_joining_link_may_not_stand_where_everyone_reads_it(editor, where):
    words = f"Join us at {make.JOINING_URL} at noon."
    fields = {"summary": words} if where == "summary" else {"body": [("paragraph", rich_text(f"<p>{words}</p>"))]}
    response = editor.post(add_url(), event_form(**fields))
    assert "people without a place read it" in errors(response)["joining_url"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "A\x00B"),
        ("summary", "A\x00B"),
        ("venue", "A\x00B"),
        ("address", "A\x00B"),
        ("joining_url", "https://meet.example/\x00"),
        ("joining_url", "javascript:alert(1)"),
        ("summary", "x" * 100_000),
        ("title", "x" * 100_000),
        ("address", "x" * 100_000),
        ("capacity", "0"),
        ("capacity", "-1"),
        ("capacity", "99999999999999999999"),
        ("capacity", "many"),
        ("starts_at", "soon"),
        ("starts_at", "9999-12-31 23:59"),
        ("starts_at", "0001-01-01 00:00"),
        ("timezone", "Europe/Atlantis"),
        ("attendance", "by post"),
        ("open_to", "friends"),
        ("registration_closes_at", "2030-02-30 10:00"),
    ],
)
def test_nonsense_is_refused_beside_its_field(editor, field, value):
    response = editor.post(add_url(), event_form(**{field: value}))
    assert response.status_code == 200
    assert field in errors(response)
    assert not EventPage.objects.exists()


@pytest.mark.parametrize("places", ["0", "-1", "many", "100001", "99999999999999999999"])
def test_a_number_of_places_is_refused_in_the_same_words(editor, places):
    said = errors(editor.post(add_url(), event_form(capacity=places)))
    assert said["capacity"] == ["Write a whole number from 1 to 100,000, or leave it empty for no limit."]


@pytest.mark.parametrize("words", ["A\x00B", "x" * 100_000])
@pytest.mark.parametrize("kind", ["heading", "paragraph", "quote"])
def test_nonsense_in_the_body_is_refused(editor, kind, words):
    value = {"heading": words, "paragraph": rich_text(f"<p>{words}</p>"), "quote": {"text": words, "source": ""}}[kind]
    response = editor.post(add_url(), event_form(body=[(kind, value)]))
    assert response.status_code == 200
    assert "body" in errors(response)
    assert not EventPage.objects.exists()


def test_script_in_any_field_is_shown_as_text(editor, client):
    bad = "<script>alert(1)</script>"
    event = create(
        editor,
        title=f"Title {bad}",
        summary=bad,
        attendance="both",
        venue=bad,
        address=bad,
        tags=bad,
        body=[
            ("heading", bad),
            ("paragraph", rich_text(f"<p>Words {bad}</p>")),
            ("quote", {"text": bad, "source": bad}),
        ],
    )
    for url in ["/events/", event.get_absolute_url(), f"/cms/events/{event.pk}/registrations/"]:
        page = editor.get(url).content.decode()
        assert "alert(1)" in page
        assert bad not in page


def test_a_scheduled_event_appears_when_its_time_comes(editor, client, monkeypatch):
    go_live = timezone.localtime() + timedelta(hours=2)
    event = create(editor, go_live_at=go_live.strftime("%Y-%m-%d %H:%M"))
    assert not event.live
    assert client.get(event.get_absolute_url()).status_code == 404
    assert not hasattr(event, "state")

    call_command("publish_scheduled")
    assert client.get(event.get_absolute_url()).status_code == 404

    monkeypatch.setattr("django.utils.timezone.now", lambda: go_live + timedelta(minutes=1))
    call_command("publish_scheduled")
    assert client.get(event.get_absolute_url()).status_code == 200
    assert EventPage.objects.get(pk=event.pk).state.sequence == 0


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Helsinki", "America/New_York", "UTC"])
def test_times_are_those_on_a_clock_at_the_event(editor, eve, zone):
    """Whatever zone the editor has chosen for the CMS itself."""
    UserProfile.objects.update_or_create(user=eve, defaults={"current_time_zone": "Asia/Tokyo"})
    event = create(
        editor,
        timezone=zone,
        starts_at="2030-07-04 12:30",
        ends_at="2030-07-04 13:30",
        registration_closes_at="2030-07-03 17:00",
    )
    hours = {"Europe/London": 11, "Europe/Helsinki": 9, "America/New_York": 16, "UTC": 12}[zone]
    assert event.starts_at == datetime(2030, 7, 4, hours, 30, tzinfo=UTC)
    form = editor.get(edit_url(event)).content.decode()
    for wall in ["2030-07-04 12:30", "2030-07-04 13:30", "2030-07-03 17:00"]:
        assert f'value="{wall}"' in form


def test_a_new_zone_keeps_the_clock_and_moves_the_moment(editor):
    event = create(editor)
    event = change(editor, event, timezone="Europe/Paris")
    assert event.starts_at == datetime(2030, 3, 7, 11, 30, tzinfo=UTC)


def test_a_time_that_summer_time_skips_is_refused(editor):
    response = editor.post(add_url(), event_form(starts_at="2030-03-31 01:30", ends_at="2030-03-31 03:30"))
    assert "skip it" in errors(response)["starts_at"][0]


def test_a_time_that_comes_twice_is_the_first(editor):
    event = create(editor, starts_at="2030-10-27 01:30", ends_at="2030-10-27 03:30")
    assert event.starts_at == datetime(2030, 10, 27, 0, 30, tzinfo=UTC)
    assert event.ends_at == datetime(2030, 10, 27, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("role", ["ada", "cleo", "sal", "mo", None])
def test_nobody_else_writes_events(role, request, as_):
    client = as_(request.getfixturevalue(role) if role else None)
    event = make.event()
    for url in [add_url(), edit_url(event)]:
        assert client.get(url).status_code in {302, 403, 404}
        assert client.post(url, event_form(slug="forbidden")).status_code in {302, 403, 404}
    assert not EventPage.objects.filter(slug="forbidden").exists()


def test_only_events_stand_below_the_events_page():
    assert EventIndexPage.allowed_subpage_models() == [EventPage]
    assert EventPage.allowed_parent_page_models() == [EventIndexPage]
    assert EventPage.allowed_subpage_models() == []
    assert not EventIndexPage.can_create_at(Page.objects.get(slug="home"))


def test_wagtails_own_address_leads_to_ours(client):
    index = EventIndexPage.objects.get()
    index.slug = "meetings"
    index.save()
    event = make.event(open_to="everyone")
    assert client.get("/meetings/").url == "/events/"
    assert client.get(f"/meetings/{event.slug}/").url == event.get_absolute_url()

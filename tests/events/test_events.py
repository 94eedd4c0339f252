"""/events/: the coming events by month, the past ones, filters; and on the home page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser

from events import queries
from events.actions import events as event_actions
from events.views.events import PER_PAGE
from tests import make

pytestmark = pytest.mark.django_db


def page(client, query="") -> str:
    response = client.get(f"/events/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_address_of_the_calendar_breaks_between_its_parts(client, db, settings):
    settings.SITE_URL = "https://forum.example"
    assert "https://<wbr>forum.example/<wbr>events/<wbr>calendar.ics</a>" in page(client)


def test_coming_events_stand_by_month_the_next_first(client):
    make.event("In March", open_to="everyone", starts_at=datetime(2031, 3, 2, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    make.event("In April", open_to="everyone", starts_at=datetime(2031, 4, 2, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    make.event("Soon", open_to="everyone")
    words = page(client)
    order = [words.index(part) for part in ["Soon", "March 2031", "In March", "April 2031", "In April"]]
    assert order == sorted(order)


def test_what_is_over_is_past_and_what_goes_on_is_coming(client):
    make.event("Over", open_to="everyone", starts_in=timedelta(hours=-3))
    make.event("Going on", open_to="everyone", starts_in=timedelta(minutes=-30))
    assert "Going on" in page(client) and "Over" not in page(client)
    assert "Over" in page(client, "?when=past") and "Going on" not in page(client, "?when=past")


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (None, {"everyone"}),
        ("cleo", {"everyone", "members"}),
        ("sal", {"everyone", "members"}),
        ("ada", {"everyone", "members", "officers"}),
        ("mo", {"everyone", "members", "officers"}),
        ("eve", {"everyone", "members", "officers"}),
    ],
)
def test_who_sees_what(role, sees, request, as_):
    member = request.getfixturevalue(role) if role else None
    client = as_(member)
    events = {
        open_to: make.event(f"Meeting {open_to}", open_to=open_to) for open_to in ["everyone", "members", "officers"]
    }
    old = {
        open_to: make.event(f"Old {open_to}", open_to=open_to, starts_in=timedelta(days=-9))
        for open_to in ["everyone", "members", "officers"]
    }
    for open_to, event in events.items():
        assert (f"Meeting {open_to}" in page(client)) == (open_to in sees)
        assert (f"Old {open_to}" in page(client, "?when=past")) == (open_to in sees)
        for shown in [event, old[open_to]]:
            assert client.get(shown.get_absolute_url()).status_code == (200 if open_to in sees else 404)
    viewer = member or AnonymousUser()
    assert {event.open_to for event in queries.coming(viewer)} == sees
    assert {event.open_to for event in queries.past(viewer)} == sees


def test_absent_and_forbidden_look_the_same(client, sal, as_):
    event = make.event("A secret meeting", open_to="officers")
    for viewer in [client, as_(sal)]:
        hidden, absent = viewer.get(event.get_absolute_url()), viewer.get("/events/no-such-event/")
        assert hidden.status_code == absent.status_code == 404
        assert "secret" not in hidden.content.decode()


def test_tags_of_hidden_events_are_hidden(client):
    make.event(open_to="officers", tags=["hush"])
    make.event("Open", open_to="everyone", tags=["legacy"])
    assert "hush" not in page(client) and "legacy" in page(client)


def test_filters(client):
    make.event("Online on legacy", open_to="everyone", tags=["legacy"])
    make.event(
        "In Leeds on data", open_to="everyone", tags=["data"], attendance="in_person", venue="Leeds", joining_url=""
    )
    make.event("Both on legacy", open_to="everyone", tags=["legacy"], attendance="both", venue="Hull")

    def found(query):
        return {event.title for _, events in client.get(f"/events/{query}").context["months"] for event in events}

    assert found("?tag=legacy") == found("?tag=LEGACY") == {"Online on legacy", "Both on legacy"}
    assert found("?attendance=online") == {"Online on legacy", "Both on legacy"}
    assert found("?attendance=in_person") == {"In Leeds on data", "Both on legacy"}
    assert found("?tag=data&attendance=in_person") == {"In Leeds on data"}
    assert found("?tag=data&attendance=online") == set()
    assert "No event fits" in page(client, "?tag=nothing")


@pytest.mark.parametrize("query", ["?attendance=by-post", "?when=yesterday", "?tag=%00", f"?tag={'x' * 5000}"])
def test_a_filter_that_makes_no_sense_is_named_and_left_out(client, query):
    make.event("Open", open_to="everyone")
    words = page(client, query)
    assert "a filter that does not exist" in words and "Open" in words


@pytest.mark.parametrize("number", ["abc", "-1", "0", "99999999999999999999", "%00", "²"])
def test_a_page_that_does_not_exist_is_the_nearest(client, number):
    make.event("Open", open_to="everyone")
    assert "Open" in page(client, f"?page={number}")


def test_many_past_events_have_pages(client):
    for number in range(PER_PAGE + 1):
        make.event(f"Event {number}", open_to="everyone", starts_in=timedelta(days=-number - 1), tags=["legacy"])
    assert '?when=past&amp;page=2"' in page(client, "?when=past")
    assert "?when=past&amp;tag=legacy&amp;page=2" in page(client, "?when=past&tag=legacy")
    assert f"Event {PER_PAGE}" in page(client, "?when=past&page=2")


def test_empty_lists_say_what_to_do(client):
    assert "No events are planned" in page(client) and "Subscribe to the calendar" in page(client)
    assert "No past events yet" in page(client, "?when=past")


def test_places_in_words(ada, ben, cleo, as_, client):
    event = make.event(capacity=2, open_to="everyone")
    assert "2 places left" in page(client)
    make.registration(event, ada)
    assert "1 place left" in page(client)
    assert "You have a place" in page(as_(ada))
    make.registration(event, ben)
    assert "Waiting list" in page(client)
    make.registration(event, cleo)
    assert "You are on the waiting list" in page(as_(cleo))


def test_another_zone_is_named(client):
    make.event(
        "In Helsinki",
        open_to="everyone",
        timezone="Europe/Helsinki",
        starts_at=datetime(2031, 3, 2, 0, 30, tzinfo=ZoneInfo("Europe/Helsinki")),
    )
    words = page(client)
    assert "00:30" in words and "Helsinki time" in words and "<b>2</b>" in words
    words = client.get("/events/in-helsinki/").content.decode()
    assert "Sunday 2 March 2031, 00:30 to 01:30, Helsinki time (22:30 on Saturday 1 March 2031 in London)" in words


def test_the_number_of_queries_does_not_grow(client, ada, as_, django_assert_max_num_queries):
    member = as_(ada)
    for number in range(8):
        event = make.event(f"Event {number}", open_to="everyone", tags=["a", "b"], capacity=3)
        make.registration(event, ada)
        event_actions.follow_publication(event=event, publisher=None)
    page(client)  # the site's settings are in the cache from now on
    with django_assert_max_num_queries(5):
        page(client)
    with django_assert_max_num_queries(6):
        page(member)
    with django_assert_max_num_queries(1):
        [(event.places, event.where, event.cancelled_at) for event in queries.coming(ada)[:3]]
    with django_assert_max_num_queries(8):
        member.get("/events/event-3/")


def test_the_next_events_are_on_the_home_page(client, as_, cleo):
    make.event("A public meeting", open_to="everyone")
    make.event("A members’ meeting", open_to="members")
    make.event("An officers’ meeting", open_to="officers")
    words = client.get("/").content.decode()
    assert "A public meeting" in words and "A members’ meeting" not in words and "An officers’ meeting" not in words
    words = as_(cleo).get("/").content.decode()
    assert "A members’ meeting" in words and "An officers’ meeting" not in words


@pytest.mark.parametrize(
    "q", ['"', "(", "-", "*", '"leg (acy -', "\\", "'", "%", "a" * 200, "legacy OR data", "NEAR(", "é:*&|!<->"]
)
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(client, q):
    make.event("Leaving legacy", open_to="everyone")
    assert client.get("/search/", {"q": q}).status_code == 200
    list(queries.search_events(AnonymousUser(), q))


def test_search_finds_what_the_viewer_may_see(client, ada, as_):
    make.event("Leaving legacy", open_to="everyone")
    make.event("Leaving quietly", open_to="officers")
    assert [event.title for event in queries.search_events(AnonymousUser(), "leaving")] == ["Leaving legacy"]
    assert {event.title for event in queries.search_events(ada, "leaving")} == {"Leaving legacy", "Leaving quietly"}
    assert "Leaving legacy" in client.get("/search/", {"q": "leaving"}).content.decode()
    assert "Leaving quietly" not in client.get("/search/", {"q": "leaving"}).content.decode()

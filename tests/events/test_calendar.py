"""Calendar files: the feed to subscribe to, and one event to keep."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz
from icalendar import Calendar

from events import zones
from events.actions import events as event_actions
from events.models import EventPage
from tests import make
from tests.events.forms import change

pytestmark = pytest.mark.django_db
FEED = "/events/calendar.ics"


def read(response) -> Calendar:
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def titles(client) -> set[str]:
    return {str(entry["SUMMARY"]) for entry in read(client.get(FEED)).events}


def test_a_visitors_feed_holds_what_is_open_to_everyone(client, ada, cleo, sal, as_):
    for open_to in ["everyone", "members", "officers"]:
        make.event(f"For {open_to}", open_to=open_to)
    make.event("A draft", open_to="everyone", live=False)
    assert titles(client) == {"For everyone"}
    assert titles(as_(cleo)) == titles(as_(sal)) == {"For everyone", "For members"}
    assert titles(as_(ada)) == {"For everyone", "For members", "For officers"}


def test_every_line_is_as_rfc_5545_wants_it(client):
    words = "Commas, semicolons; backslashes \\ and lines; and it goes on, and on, and on, über Äpfel, and on."
    event = make.event(
        "Ŵ, a title; with: everything \\n in it",
        slug="everything",
        open_to="everyone",
        summary=words,
        attendance="both",
        venue="Civic Hall, Leeds",
        address="Calverley Street,\r\nLeeds LS1 1UR\n",
        tags=["ai, too", "legacy"],
    )
    response = client.get(FEED)
    for line in response.content.split(b"\r\n"):
        assert len(line) <= 75 and b"\n" not in line
    calendar = read(response)
    entry = calendar.events[0]
    assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert "METHOD" not in calendar  # a feed is no invitation
    assert entry["UID"] == f"event-{event.pk}@127.0.0.1"
    assert str(entry["SUMMARY"]) == event.title
    assert words in str(entry["DESCRIPTION"])
    assert str(entry["LOCATION"]) == "Civic Hall, Leeds, Calverley Street, Leeds LS1 1UR (and online)"
    assert str(entry["URL"]) == "http://127.0.0.1:8000/events/everything/"
    assert (entry["STATUS"], entry["SEQUENCE"], entry["TRANSP"]) == ("CONFIRMED", 0, "OPAQUE")
    assert entry.start == event.starts_at and entry.end == event.ends_at
    assert {"ORGANIZER", "LAST-MODIFIED", "DTSTAMP"} <= set(entry)
    assert entry["CATEGORIES"].cats == ["ai, too", "legacy"]


@pytest.mark.parametrize("zone", ["Europe/London", "Europe/Helsinki", "America/New_York", "Pacific/Auckland", "UTC"])
@pytest.mark.parametrize("month", [1, 7])
def test_times_are_in_the_events_zone_with_its_rules(client, zone, month):
    event = make.event(
        open_to="everyone", timezone=zone, starts_at=datetime(2030, month, 10, 12, 30, tzinfo=ZoneInfo(zone))
    )
    calendar = read(client.get(FEED))
    entry = calendar.events[0]
    assert entry.start == event.starts_at
    if zone == "UTC":
        assert not calendar.timezones and entry["DTSTART"].to_ical() == b"2030%02d10T123000Z" % month
        return
    assert entry["DTSTART"].params["TZID"] == zone
    assert entry["DTSTART"].to_ical() == b"2030%02d10T123000" % month
    rules = calendar.timezones[0]
    assert rules.tz_name == zone
    # Read by one who knows no zone names, only the rules in the file, it is the same moment.
    by_the_rules = datetime(2030, month, 10, 12, 30, tzinfo=rules.to_tz(lookup_tzid=False))
    assert by_the_rules == event.starts_at


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        (datetime(2030, 3, 31, 0, 59), datetime(2030, 3, 31, 0, 59, tzinfo=UTC)),
        (datetime(2030, 3, 31, 2, 0), datetime(2030, 3, 31, 1, 0, tzinfo=UTC)),
        (datetime(2030, 10, 27, 0, 59), datetime(2030, 10, 26, 23, 59, tzinfo=UTC)),
        (datetime(2030, 10, 27, 2, 0), datetime(2030, 10, 27, 2, 0, tzinfo=UTC)),
    ],
)
def test_the_rules_hold_in_the_night_in_which_clocks_change(wall, utc, client):
    """Read by two programs that know no zone names, only the rules in the file."""
    make.event(open_to="everyone", starts_at=utc)
    response = client.get(FEED)
    assert zones.aware(wall, "Europe/London") == utc
    assert read(response).events[0]["DTSTART"].to_ical() == wall.strftime("%Y%m%dT%H%M%S").encode()
    assert wall.replace(tzinfo=read(response).timezones[0].to_tz(lookup_tzid=False)) == utc
    assert wall.replace(tzinfo=tz.tzical(io.StringIO(response.content.decode())).get()) == utc


@pytest.mark.parametrize(("zone", "rules"), [
    ("Europe/London", {b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"}),
    ("America/New_York", {b"FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", b"FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"}),
    ("Pacific/Auckland", {b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=9", b"FREQ=YEARLY;BYDAY=1SU;BYMONTH=4"}),
])  # fmt: skip
def test_a_zone_is_two_rules_that_come_back_each_year(zone, rules, client):
    """As Outlook reads it: MS-STANOICAL 2.2.47."""
    make.event(open_to="everyone", timezone=zone)
    found = read(client.get(FEED)).timezones[0].subcomponents
    assert [entry.name for entry in found] == ["DAYLIGHT", "STANDARD"]
    assert {entry["RRULE"].to_ical() for entry in found} == rules


def test_how_often_to_look_again_is_a_duration(client):
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in client.get(FEED).content


def test_a_cancelled_event_is_marked_where_only_its_title_is_shown(client, eve):
    event = make.event(open_to="everyone")
    event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    assert str(read(client.get(FEED)).events[0]["SUMMARY"]) == f"Cancelled: {event.title}"
    assert f"<title>Cancelled: {event.title}</title>" in client.get("/feeds/events/").content.decode()


def test_a_saved_draft_changes_nothing_in_the_feed(client, eve):
    event = make.event(open_to="everyone")
    before = client.get(FEED)
    draft = EventPage.objects.get(pk=event.pk)
    draft.title = "Not decided yet"
    draft.save_revision(user=eve)
    after = client.get(FEED)
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


@pytest.mark.parametrize(("who", "cache"), [(None, "public, max-age=300"), ("ada", "private, max-age=300")])
def test_who_may_keep_the_feed_is_said_in_words_that_caches_know(who, cache, request, as_):
    client = as_(who and request.getfixturevalue(who))
    assert set(client.get(FEED)["Cache-Control"].split(", ")) == set(cache.split(", "))


def test_the_feed_is_asked_conditionally(client, eve, as_):
    event = make.event(open_to="everyone")
    event_actions.follow_publication(event=event, publisher=eve)
    first = client.get(FEED)
    again = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    assert client.get(FEED).content == first.content
    change(as_(eve), event, starts_at="2030-01-01 10:00", ends_at="2030-01-01 11:00")
    changed = client.get(FEED, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    entry = read(changed).events[0]
    assert entry["SEQUENCE"] == 1 and entry.start.year == 2030


def test_a_member_and_a_visitor_have_different_etags(client, ada, as_):
    make.event(open_to="everyone")
    make.event("For officers", open_to="officers")
    assert client.get(FEED)["ETag"] != as_(ada).get(FEED)["ETag"]
    assert "Cookie" in client.get(FEED)["Vary"]
    assert "public" in client.get(FEED)["Cache-Control"] and "private" in as_(ada).get(FEED)["Cache-Control"]


def test_what_is_long_over_leaves_the_feed(client):
    make.event("Last month", open_to="everyone", starts_in=timedelta(days=-30))
    make.event("Last year", open_to="everyone", starts_in=timedelta(days=-365))
    assert titles(client) == {"Last month"}


def test_an_empty_feed_is_a_calendar(client):
    assert read(client.get(FEED)).events == []


def test_the_feed_costs_the_same_queries_for_one_and_for_many(client, django_assert_max_num_queries):
    for number in range(12):
        make.event(f"Event {number}", open_to="everyone", tags=["a", "b"])
    with django_assert_max_num_queries(3):
        client.get(FEED)


def test_one_event_as_a_file(client, ada, as_):
    event = make.event(open_to="everyone")
    make.registration(event, ada)
    response = client.get(f"{event.get_absolute_url()}event.ics")
    calendar = read(response)
    assert response["Content-Disposition"] == f'attachment; filename="{event.slug}.ics"'
    assert calendar["METHOD"] == "PUBLISH" and str(calendar.events[0]["LOCATION"]) == "Online"
    mine = read(as_(ada).get(f"{event.get_absolute_url()}event.ics")).events[0]
    assert str(mine["LOCATION"]) == make.JOINING_URL
    assert str(mine["CONFERENCE"]) == make.JOINING_URL


def test_a_cancelled_event_as_a_file(client, eve):
    event = make.event(open_to="everyone")
    event_actions.cancel(actor=eve, event=event, reason="Ill.")
    calendar = read(client.get(f"{event.get_absolute_url()}event.ics"))
    assert (calendar["METHOD"], calendar.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")


def test_what_is_hidden_has_no_file(client, sal, as_):
    event = make.event(open_to="officers")
    assert client.get(f"{event.get_absolute_url()}event.ics").status_code == 404
    assert as_(sal).get(f"{event.get_absolute_url()}event.ics").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feeds_are_only_read(client, method):
    event = make.event(open_to="everyone")
    for address in [FEED, f"{event.get_absolute_url()}event.ics"]:
        assert getattr(client, method)(address).status_code == 405

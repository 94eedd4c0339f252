"""What changes at a moment, a second before it and exactly then."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from events import queries
from events.actions import events as event_actions
from events.actions import registrations
from events.models import EventPage
from lib.access import Denied
from members.actions.erasure import erase
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def event(db):
    return make.event(capacity=1)


def the_clock_shows(monkeypatch, moment):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def statuses(event) -> set[str]:
    return set(event.registrations.values_list("status", flat=True))


def test_people_register_until_it_ends(event, ada, ben):
    assert make.registration(event, ada, now=event.ends_at - SECOND)
    with pytest.raises(Denied, match="This event is over"):
        make.registration(event, ben, now=event.ends_at)


def test_people_register_until_registration_closes(ada, ben):
    event = make.event()
    EventPage.objects.filter(pk=event.pk).update(registration_closes_at=event.starts_at - DAY)
    assert make.registration(event, ada, now=event.starts_at - DAY - SECOND)
    with pytest.raises(Denied, match="has closed"):
        make.registration(event, ben, now=event.starts_at - DAY)


def test_a_place_is_given_back_until_it_begins(event, ada):
    make.registration(event, ada)
    with pytest.raises(Denied, match="has begun"):
        registrations.cancel(actor=ada, event=event, now=event.starts_at)
    assert registrations.cancel(actor=ada, event=event, now=event.starts_at - SECOND).status == "cancelled"


def test_an_event_is_called_off_until_it_ends(event, eve):
    with pytest.raises(Denied, match="This event is over"):
        event_actions.cancel(actor=eve, event=event, reason="Ill.", now=event.ends_at)
    assert event_actions.cancel(actor=eve, event=event, reason="Ill.", now=event.ends_at - SECOND).cancelled_at


@pytest.mark.parametrize(("before_the_end", "is_given"), [(SECOND, True), (0 * SECOND, False)])
def test_a_seat_is_given_until_it_ends(event, ada, ben, before_the_end, is_given):
    make.registration(event, ada)
    make.registration(event, ben)
    EventPage.objects.filter(pk=event.pk).update(capacity=2)
    event_actions.follow_publication(event=event, publisher=None, now=event.ends_at - before_the_end)
    assert statuses(event) == ({"registered"} if is_given else {"registered", "waiting"})


@pytest.mark.parametrize(("before_the_end", "is_told"), [(SECOND, True), (0 * SECOND, False)])
def test_a_change_is_told_until_it_ends(event, ada, eve, before_the_end, is_told):
    make.registration(event, ada)
    EventPage.objects.filter(pk=event.pk).update(joining_url="https://meet.example/another")
    event_actions.follow_publication(event=event, publisher=eve, now=event.ends_at - before_the_end)
    assert Activity.objects.filter(verb="event.changed", actor=eve).exists() == is_told


@pytest.mark.parametrize(("before_the_end", "status"), [(SECOND, "cancelled"), (0 * SECOND, "registered")])
def test_who_leaves_the_forum_gives_back_what_is_not_over(event, ada, before_the_end, status):
    make.registration(event, ada)
    erase(actor=ada, now=event.ends_at - before_the_end)
    assert statuses(event) == {status}


@pytest.mark.parametrize(
    ("before_the_start", "reminded"), [(DAY + SECOND, 0), (DAY, 1), (SECOND, 1), (0 * SECOND, 0), (-SECOND, 0)]
)
def test_people_are_reminded_from_a_day_before_until_it_begins(event, ada, before_the_start, reminded):
    make.registration(event, ada, now=event.starts_at - 3 * DAY)
    assert event_actions.remind_due(now=event.starts_at - before_the_start) == reminded


@pytest.mark.parametrize(("before_the_start", "reminded"), [(DAY, 1), (DAY - SECOND, 0)])
def test_who_registered_a_day_before_is_reminded(event, ada, before_the_start, reminded):
    make.registration(event, ada, now=event.starts_at - before_the_start)
    assert event_actions.remind_due(now=event.starts_at - HOUR) == reminded


def test_an_event_is_past_from_its_end(db):
    event = make.event("Open", open_to="everyone")
    viewer = AnonymousUser()
    for now, coming, past in [(event.ends_at - SECOND, [event], []), (event.ends_at, [], [event])]:
        assert [list(queries.coming(viewer, now)), list(queries.past(viewer, now))] == [coming, past]


def test_the_page_changes_as_it_begins_closes_and_ends(ada, as_, monkeypatch):
    event, client = make.event(), as_(ada)

    def page(now) -> str:
        the_clock_shows(monkeypatch, now)
        return client.get(event.get_absolute_url()).content.decode()

    assert "Register</button>" in page(event.ends_at - SECOND)
    assert "Register</button>" not in page(event.ends_at)
    make.registration(event, ada, now=event.starts_at - DAY)
    assert "Give your place back" in page(event.starts_at - SECOND)
    assert "Give your place back" not in page(event.starts_at)
    assert make.JOINING_URL in page(event.ends_at - SECOND)
    assert make.JOINING_URL not in page(event.ends_at)


def test_the_calendar_file_holds_the_link_until_the_end(ada, mo, as_, monkeypatch):
    event = make.event()
    make.registration(event, ada)
    for member in [ada, mo]:  # with a place; looking after events
        client = as_(member)
        for now, is_there in [(event.ends_at - SECOND, True), (event.ends_at, False)]:
            the_clock_shows(monkeypatch, now)
            content = client.get(f"{event.get_absolute_url()}event.ics").content.replace(b"\r\n ", b"").decode()
            assert (make.JOINING_URL in content) == is_there
        monkeypatch.undo()


def test_who_came_and_went_twenty_times_rests_for_an_hour(event, ada):
    first = event.starts_at - 3 * DAY
    for number in range(registrations.REGISTRATIONS_PER_HOUR):
        make.registration(event, ada, now=first + number * SECOND)
        registrations.cancel(actor=ada, event=event, now=first + number * SECOND)
    with pytest.raises(ValidationError, match="wait an hour"):
        make.registration(event, ada, now=first + HOUR - SECOND)
    assert make.registration(event, ada, now=first + HOUR).status == "registered"

"""A member gives a place back, and it goes to the first who waits."""

import uuid
from datetime import timedelta

import pytest
from icalendar import Calendar

from events import queries
from events.actions import registrations
from lib.access import Denied
from members.actions.erasure import erase
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(ada, ben, cleo, mo):
    """One place, which Ada has; Ben waits, then Cleo, then Mo."""
    event = make.event(capacity=1)
    for member in [ada, ben, cleo, mo]:
        make.registration(event, member)
    return event


def cancel(client, event, **kwargs):
    return client.post(f"{event.get_absolute_url()}cancel/", **kwargs)


def statuses(event) -> dict:
    return {registration.member.get_short_name(): registration.status for registration in event.registrations.all()}


def test_the_seat_goes_to_the_first_who_waits_and_both_are_told(full, ada, ben, as_, told, mailoutbox):
    with told() as news:
        response = cancel(as_(ada), full, follow=True)
    assert "You have given your place back." in response.content.decode()
    assert statuses(full) == {"Ada": "cancelled", "Ben": "registered", "Cleo": "waiting", "Mo": "waiting"}
    assert news.mails == [
        (ada.email, f"You gave your place back: {full.title}"),
        (ben.email, f"A place for you: {full.title}"),
    ]
    assert news.bells == [(ada.email, "registration.cancelled"), (ben.email, "registration.seat_given")]
    withdrawn, given = sorted(mailoutbox[-2:], key=lambda mail: mail.to)
    calendar = Calendar.from_ical(withdrawn.attachments[0][1])
    assert calendar["METHOD"] == "CANCEL" and calendar.events[0]["STATUS"] == "CANCELLED"
    assert make.JOINING_URL not in withdrawn.body + withdrawn.attachments[0][1]
    assert make.JOINING_URL in given.body and make.JOINING_URL in given.attachments[0][1]


def test_it_asks_first(full, ada, ben, as_):
    page = as_(ada).get(f"{full.get_absolute_url()}cancel/").content.decode()
    assert "Give your place back?" in page and "first person on the waiting list" in page
    page = as_(ben).get(f"{full.get_absolute_url()}cancel/").content.decode()
    assert "Leave the waiting list?" in page
    assert statuses(full)["Ada"] == "registered"


def test_leaving_the_waiting_list_moves_the_line_up(full, ben, cleo, mo, as_, told):
    with told() as news:
        response = cancel(as_(ben), full, follow=True)
    assert "You have left the waiting list." in response.content.decode()
    assert [queries.place_in_line(full.registrations.waiting().get(member=member)) for member in [cleo, mo]] == [1, 2]
    assert news.mails == [(ben.email, f"You left the waiting list: {full.title}")]


def test_twice_is_harmless(full, ada, as_, told):
    client = as_(ada)
    cancel(client, full)
    with told() as news:
        assert cancel(client, full).status_code == 302
    assert statuses(full) == {"Ada": "cancelled", "Ben": "registered", "Cleo": "waiting", "Mo": "waiting"}
    assert not news.mails


def test_who_has_no_place_is_told_so(full, sal, as_):
    assert (
        "You have no place at this event."
        in as_(sal).get(f"{full.get_absolute_url()}cancel/", follow=True).content.decode()
    )
    assert cancel(as_(sal), full).status_code == 403
    assert statuses(full)["Ada"] == "registered"


def test_a_visitor_signs_in_first(full, client):
    assert "/accounts/login/" in cancel(client, full).url


def test_what_is_hidden_can_t_be_cancelled_either(sal, as_):
    event = make.event(open_to="officers")
    hidden = cancel(as_(sal), event)
    absent = as_(sal).post("/events/no-such-event/cancel/")
    assert hidden.status_code == absent.status_code == 404


def test_once_it_has_begun_there_is_nothing_to_give_back(ada, as_):
    event = make.event(starts_in=timedelta(minutes=-5))
    make.registration(event, ada)
    assert cancel(as_(ada), event).status_code == 403
    assert as_(ada).get(f"{event.get_absolute_url()}cancel/").status_code == 403
    assert "Give your place back" not in as_(ada).get(event.get_absolute_url()).content.decode()
    with pytest.raises(Denied):
        registrations.cancel(actor=ada, event=event)


def test_what_can_t_be_given_back_is_said_where_it_was_asked(ada, as_):
    event = make.event(starts_in=timedelta(minutes=-5))
    make.registration(event, ada)
    response = cancel(as_(ada), event)
    assert "Give your place back?" in response.content.decode()
    assert response.context["form"].non_field_errors() == [
        "This event has begun: there is no place to give back any more."
    ]


def test_who_may_not_come_any_more_is_passed_over(full, ada, ben, cleo, as_):
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    cancel(as_(ada), full)
    assert statuses(full) == {"Ada": "cancelled", "Ben": "waiting", "Cleo": "registered", "Mo": "waiting"}


def test_who_lost_their_standing_is_passed_over(ada, ben, mo, as_):
    event = make.event(capacity=1, open_to="officers")
    for member in [ada, ben, mo]:
        make.registration(event, member)
    type(ben).objects.filter(pk=ben.pk).update(standing="newcomer")
    cancel(as_(ada), event)
    assert statuses(event) == {"Ada": "cancelled", "Ben": "waiting", "Mo": "registered"}


def test_who_comes_back_stands_at_the_end(full, ben, cleo, mo):
    registrations.cancel(actor=ben, event=full)
    make.registration(full, ben)
    line = [registration.member for registration in full.registrations.waiting()]
    assert line == [cleo, mo, ben]


def test_a_new_one_does_not_jump_the_line(full, ada, sal):
    """A seat that became free goes to who waits, even if somebody else presses first."""
    full.registrations.filter(member=ada).delete()  # as when an account is removed: nobody passed the seat on
    assert make.registration(full, sal).status == "waiting"
    assert statuses(full) == {"Ben": "registered", "Cleo": "waiting", "Mo": "waiting", "Sal": "waiting"}


def test_the_cancel_mail_is_not_sent_to_who_is_back(ada, told, mailoutbox):
    """Its file would take the event out of the calendar again."""
    event = make.event()
    make.registration(event, ada)
    with told() as news:
        registrations.cancel(actor=ada, event=event)
        registrations.register(actor=ada, event=event, token=uuid.uuid4())
    assert news.mails == [(ada.email, f"You have a place: {event.title}")]


def test_who_deletes_their_account_gives_their_places_back(full, ada, ben, told):
    past = make.event("Long over")
    make.registration(past, ada)
    type(past).objects.filter(pk=past.pk).update(starts_at="2020-01-01T10:00Z", ends_at="2020-01-01T11:00Z")
    with told() as news:
        erase(actor=ada)
    assert full.registrations.get(member=ada).status == "cancelled"
    assert full.registrations.get(member=ben).status == "registered"
    assert past.registrations.get(member=ada).status == "registered"
    assert news.mails == [(ben.email, f"A place for you: {full.title}")]


def test_a_seat_is_given_by_a_time_that_is_older_than_who_gets_it(full, ada, ben):
    before = full.registrations.get(member=ben).created_at - timedelta(seconds=1)
    registrations.cancel(actor=ada, event=full, now=before)
    given = full.registrations.get(member=ben)
    assert given.status == "registered" and given.registered_at == given.created_at

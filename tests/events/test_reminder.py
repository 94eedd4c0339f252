"""The day before: a reminder, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.actions import events as event_actions
from events.actions import registrations
from members.models import Activity
from tests import make
from tests.events.forms import change

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=5)


@pytest.fixture
def event(ada, ben):
    """Tomorrow. One place: Ada has it, Ben waits."""
    event = make.event(starts_in=timedelta(hours=23), capacity=1)
    make.registration(event, ada, now=LONG_AGO)
    make.registration(event, ben, now=LONG_AGO)
    return event


def test_who_has_a_place_is_reminded_with_the_link(event, ada, told, mailoutbox):
    with told() as news:
        assert event_actions.remind_due(now=timezone.now()) == 1
    assert news.mails == [(ada.email, f"Within a day: {event.title}")]
    assert news.bells == [(ada.email, "event.reminder")]
    assert make.JOINING_URL in mailoutbox[-1].body


def test_once(event, told):
    event_actions.remind_due(now=timezone.now())
    with told() as news:
        assert event_actions.remind_due(now=timezone.now()) == 0
        assert event_actions.remind_due(now=timezone.now() + timedelta(hours=5)) == 0
    assert not news.mails


def test_not_before_the_day_before(ada, told):
    make.registration(make.event(starts_in=timedelta(hours=25)), ada, now=LONG_AGO)
    with told() as news:
        assert event_actions.remind_due(now=timezone.now()) == 0
    assert not news.mails


def test_not_once_it_has_begun(ada):
    make.registration(make.event(starts_in=timedelta(minutes=-5)), ada, now=LONG_AGO)
    assert event_actions.remind_due(now=timezone.now()) == 0


def test_who_registered_within_the_last_day_needs_none(ada):
    make.registration(make.event(starts_in=timedelta(hours=20)), ada)
    assert event_actions.remind_due(now=timezone.now()) == 0
    assert not Activity.objects.filter(verb="event.reminder").exists()


def test_not_of_a_cancelled_or_unpublished_event(event, ada, eve):
    event_actions.cancel(actor=eve, event=event, reason="Ill.")
    other = make.event("Another", starts_in=timedelta(hours=20))
    make.registration(other, ada, now=LONG_AGO)
    other.unpublish()
    assert event_actions.remind_due(now=timezone.now()) == 0


def test_another_place_or_link_reminds_nobody_again(event, eve, as_):
    event_actions.remind_due(now=timezone.now())
    event = change(as_(eve), event, joining_url="https://meet.example/another")
    assert event_actions.remind_due(now=timezone.now()) == 0


def test_not_of_a_place_given_back(event, ada, ben, told):
    registrations.cancel(actor=ada, event=event)  # Ben has it now, and was told just now
    with told() as news:
        assert event_actions.remind_due(now=timezone.now()) == 0
    assert not news.mails


def test_not_without_the_right_to_come(ada, told):
    event = make.event(starts_in=timedelta(hours=20), open_to="officers")
    make.registration(event, ada, now=LONG_AGO)
    type(ada).objects.filter(pk=ada.pk).update(standing="newcomer")
    with told() as news:
        event_actions.remind_due(now=timezone.now())
    assert not news.mails and not news.bells


def test_with_the_right_to_come_again_the_reminder_comes_then(ada, ben):
    event = make.event(starts_in=timedelta(hours=20), open_to="officers")
    for member in [ada, ben]:
        make.registration(event, member, now=LONG_AGO)
    type(ben).objects.filter(pk=ben.pk).update(standing="newcomer")
    assert event_actions.remind_due(now=timezone.now()) == 1
    type(ben).objects.filter(pk=ben.pk).update(standing="officer")
    assert event_actions.remind_due(now=timezone.now()) == 1


def test_a_moved_event_reminds_of_its_new_day(event, ada, eve, as_, told):
    event_actions.remind_due(now=timezone.now())
    event = change(as_(eve), event, starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00")
    with told() as news:
        assert event_actions.remind_due(now=event.starts_at - timedelta(hours=3)) == 1
    assert not [address for address, _ in news.mails if address != ada.email]

"""When all places are taken."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.actions import events as event_actions
from events.actions import registrations
from events.models import EventPage
from members.actions.erasure import erase
from tests import make
from tests.events.forms import change

pytestmark = pytest.mark.django_db


def test_who_comes_after_the_last_place_waits_and_is_told(ada, ben, as_, told, mailoutbox):
    event = make.event(capacity=1)
    make.registration(event, ada)
    page = as_(ben).get(event.get_absolute_url()).content.decode()
    assert "1 of 1 place taken" in page and "Join the waiting list" in page
    with told() as news:
        response = as_(ben).post(
            f"{event.get_absolute_url()}register/", {"token": "6f4a1c86-0b5c-4d0f-a0f5-3f6f2a0f4e11"}, follow=True
        )
    page = response.content.decode()
    assert "All places are taken. You are number 1 on the waiting list." in page
    assert "You are <strong>number 1</strong>" in page
    assert news.mails == [(ben.email, f"On the waiting list: {event.title}")]
    assert news.bells == [(ben.email, "registration.waiting")]
    assert "number 1" in mailoutbox[-1].body
    for text in [page, mailoutbox[-1].body, mailoutbox[-1].alternatives[0][0]]:
        assert make.JOINING_URL not in text
    assert not mailoutbox[-1].attachments


def test_more_places_go_to_the_first_who_wait(ada, ben, cleo, mo, eve, as_, told):
    event = make.event(capacity=1)
    for member in [ada, ben, cleo, mo]:
        make.registration(event, member)
    with told() as news:
        change(as_(eve), event, capacity="3")
    assert [r.member for r in event.registrations.registered()] == [ada, ben, cleo]
    assert [r.member for r in event.registrations.waiting()] == [mo]
    assert [(address, subject.split(":")[0]) for address, subject in news.mails] == [
        (ben.email, "A place for you"),
        (cleo.email, "A place for you"),
    ]


def test_no_limit_any_more_lets_everyone_in(ada, ben, cleo, eve, as_):
    event = make.event(capacity=1)
    for member in [ada, ben, cleo]:
        make.registration(event, member)
    change(as_(eve), event, capacity="")
    assert event.registrations.registered().count() == 3


def test_publishing_again_gives_nothing_twice(ada, ben, eve, as_, told):
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    event = change(as_(eve), event, capacity="2")
    with told() as news:
        change(as_(eve), event, capacity="2")
        event_actions.follow_publication(event=event, publisher=eve)
    assert not news.mails and event.registrations.registered().count() == 2


def test_fewer_places_take_nobodys_away(ada, ben, cleo, eve, as_, told):
    event = make.event(capacity=3)
    for member in [ada, ben, cleo]:
        make.registration(event, member)
    with told() as news:
        event = change(as_(eve), event, capacity="2")
    assert event.registrations.registered().count() == 3 and not news.mails
    registrations.cancel(actor=ada, event=event)
    assert event.seats_left == 0


def test_a_draft_with_more_places_changes_nothing(ada, ben, eve, as_):
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    event.capacity = 5
    event.save_revision(user=eve)
    assert event.registrations.waiting().get().member == ben


def test_who_gets_a_seat_sees_the_link(ada, ben, as_):
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    assert make.JOINING_URL not in as_(ben).get(event.get_absolute_url()).content.decode()
    registrations.cancel(actor=ada, event=event)
    assert make.JOINING_URL in as_(ben).get(event.get_absolute_url()).content.decode()
    assert make.JOINING_URL not in as_(ada).get(event.get_absolute_url()).content.decode()


def test_the_line_is_in_the_order_of_coming(ada, ben, cleo, mo):
    event, now = make.event(capacity=1), timezone.now()
    for member in [ada, ben, cleo, mo]:
        make.registration(event, member, now=now)  # at the very same moment
    assert [r.member for r in event.registrations.waiting()] == [ben, cleo, mo]


def test_nobody_gets_a_seat_at_what_is_cancelled(ada, ben, eve, told):
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    EventPage.objects.filter(pk=event.pk).update(capacity=5)
    with told() as news:
        event_actions.follow_publication(event=event, publisher=eve)
        erase(actor=ada)
    assert event.registrations.get(member=ben).status == "waiting"
    assert ben.email not in [address for address, _ in news.mails]


def test_nobody_gets_a_seat_at_what_is_over(ada, ben, eve, told):
    event, long_ago = make.event(capacity=1), timezone.now() - timedelta(days=3)
    for member in [ada, ben]:
        make.registration(event, member)
    EventPage.objects.filter(pk=event.pk).update(
        capacity=5, starts_at=long_ago, ends_at=long_ago + timedelta(hours=1), registration_closes_at=None
    )
    with told() as news:
        event_actions.follow_publication(event=event, publisher=eve)
    assert event.registrations.get(member=ben).status == "waiting" and not news.mails


def test_nobody_gets_a_seat_at_what_is_not_published(ada, ben, eve, told):
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    EventPage.objects.filter(pk=event.pk).update(live=False)  # as when its day of expiry has come
    with told() as news:
        event_actions.follow_publication(event=event, publisher=eve)
        erase(actor=ada)
    assert event.registrations.get(member=ben).status == "waiting"
    assert ben.email not in [address for address, _ in news.mails]

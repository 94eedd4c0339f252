"""Two press at once for the last seat: real threads, real transactions, PostgreSQL."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from events.actions import events as event_actions
from events.actions import registrations
from events.models import EventPage
from lib.access import Denied
from lib.locks import locked
from tests import make
from tests.threads import at_once, while_it_waits

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="needs row locks: set DATABASE_URL to a PostgreSQL database"
    ),
]


@pytest.mark.parametrize(("seats", "people"), [(1, 2), (1, 2), (3, 10)])
def test_as_many_get_a_place_as_there_are_and_the_others_wait(as_, seats, people):
    event = make.event(capacity=seats)

    def press(client: Client):
        return lambda: client.post(f"{event.get_absolute_url()}register/", {"token": uuid.uuid4()}).status_code

    assert at_once(*[press(as_(make.member())) for _ in range(people)]) == [302] * people
    assert event.registrations.registered().count() == seats
    assert event.registrations.waiting().count() == people - seats


@pytest.mark.parametrize("is_one_form", [True, False])
def test_one_member_who_presses_five_times_at_once_has_one_place(ada, is_one_form):
    event, token = make.event(), uuid.uuid4()
    tokens = [token if is_one_form else uuid.uuid4() for _ in range(5)]
    results = at_once(
        *[lambda token=token: registrations.register(actor=ada, event=event, token=token) for token in tokens]
    )
    assert {result.pk for result in results} == {event.registrations.get().pk}


def test_a_seat_given_back_while_others_press_is_given_once(ada):
    event, members = make.event(capacity=1), [make.member() for _ in range(4)]
    make.registration(event, ada)
    at_once(
        lambda: registrations.cancel(actor=ada, event=event),
        *(lambda member=member: make.registration(event, member) for member in members),
    )
    assert event.registrations.registered().count() == 1
    assert event.registrations.waiting().count() == 3


def test_raising_the_capacity_while_others_press_fills_exactly(eve):
    event, members = make.event(capacity=1), [make.member() for _ in range(6)]
    make.registration(event, eve)

    def raise_it():
        page = EventPage.objects.get(pk=event.pk)
        page.capacity = 4
        page.save_revision(user=eve).publish(user=eve)

    at_once(raise_it, *(lambda member=member: make.registration(event, member) for member in members))
    assert event.registrations.registered().count() == 4
    assert event.registrations.waiting().count() == 3


def test_reminding_from_three_workers_reminds_once(ada, mailoutbox):
    event = make.event(starts_in=timedelta(hours=20))
    make.registration(event, ada, now=timezone.now() - timedelta(days=3))
    assert sorted(at_once(*[lambda: event_actions.remind_due(now=timezone.now())] * 3)) == [0, 0, 1]
    assert len([mail for mail in mailoutbox if mail.subject.startswith("Within a day")]) == 1


@pytest.mark.parametrize("what", ["moved", "cancelled"])
def test_nobody_is_reminded_of_what_is_being_moved_or_cancelled(ada, eve, what):
    event = make.event(starts_in=timedelta(hours=20))
    make.registration(event, ada, now=timezone.now() - timedelta(days=3))

    def move():
        list(locked(EventPage.objects.filter(pk=event.pk)))
        EventPage.objects.filter(pk=event.pk).update(
            starts_at=event.starts_at + timedelta(days=30), ends_at=event.ends_at + timedelta(days=30)
        )

    def cancel():
        event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")

    first = {"moved": move, "cancelled": cancel}[what]
    assert while_it_waits(first, lambda: event_actions.remind_due(now=timezone.now())) == 0


def test_who_presses_while_the_event_is_being_cancelled_is_refused(ada, eve):
    """The one who presses waits for the lock, and must then see what was decided in the meantime."""
    event = make.event()
    make.registration(event, eve)
    refusal = while_it_waits(
        lambda: event_actions.cancel(actor=eve, event=event, reason="The speaker is ill."),
        lambda: make.registration(event, ada),
        expected=Denied,
    )
    assert isinstance(refusal, Denied)
    assert not event.registrations.filter(member=ada).exists()


@pytest.mark.parametrize("what", ["register", "cancel"])
def test_an_event_that_vanishes_while_somebody_presses_is_absent(ada, as_, what):
    event, client = make.event(), as_(ada)
    if what == "cancel":
        make.registration(event, ada)

    def unpublish():
        list(locked(EventPage.objects.filter(pk=event.pk)))
        EventPage.objects.filter(pk=event.pk).update(live=False)

    press = partial(client.post, f"{event.get_absolute_url()}{what}/", {"token": uuid.uuid4()})
    assert while_it_waits(unpublish, press).status_code == 404
    assert event.registrations.registered().count() == (1 if what == "cancel" else 0)


def ben_comes_first(event, ben, then):
    """Somebody does `then` before Ben registers, and has to wait for the lock which Ben has."""
    while_it_waits(
        lambda: list(locked(EventPage.objects.filter(pk=event.pk))),
        then,
        then=lambda: make.registration(event, ben),
    )


def test_the_line_is_in_the_order_of_the_lock_even_for_who_pressed_before(ada, ben, cleo):
    event = make.event(capacity=1)
    make.registration(event, ada)
    ben_comes_first(event, ben, lambda: make.registration(event, cleo))
    assert [registration.member for registration in event.registrations.waiting()] == [ben, cleo]


def test_a_place_is_given_back_while_another_joins_the_line(ada, ben):
    event = make.event(capacity=1)
    make.registration(event, ada)
    ben_comes_first(event, ben, lambda: registrations.cancel(actor=ada, event=event))
    ben_has = event.registrations.get(member=ben)
    given_back = event.registrations.get(member=ada)
    assert ben_has.status == "registered" and ben_has.created_at <= given_back.cancelled_at == ben_has.registered_at

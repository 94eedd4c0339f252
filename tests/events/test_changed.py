"""An editor moves an event: those who arranged their day by it are told."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events.actions import events as event_actions
from events.actions import registrations
from members.models import Activity
from tests import make
from tests.events.forms import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ada, ben, cleo):
    """One place: Ada has it, Ben waits; Cleo gave one back."""
    event = make.event(capacity=1)
    make.registration(event, cleo)
    registrations.cancel(actor=cleo, event=event)
    make.registration(event, ada)
    make.registration(event, ben)
    return event


def test_a_new_time_is_told_with_a_new_calendar_file(event, ada, ben, eve, as_, told, mailoutbox):
    with told() as news:
        event = change(
            as_(eve), event, starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00", timezone="Europe/London"
        )
    assert news.mails == [(ada.email, f"Changed: {event.title}"), (ben.email, f"Changed: {event.title}")]
    assert news.bells == [(ada.email, "event.changed"), (ben.email, "event.changed")]
    to_ada = sorted(mailoutbox[-2:], key=lambda mail: mail.to)[0]
    assert "The time of an event" in to_ada.body and "Wednesday 1 May 2030, 10:00 to 11:00" in to_ada.body
    entry = Calendar.from_ical(to_ada.attachments[0][1]).events[0]
    assert entry["SEQUENCE"] == 1 and entry.start == event.starts_at


def test_a_new_place_is_told(event, ada, eve, as_, told, mailoutbox):
    with told():
        change(as_(eve), event, attendance="both", venue="Civic Hall, Leeds")
    mail = next(mail for mail in mailoutbox if mail.to == [ada.email])
    assert "The place of an event" in mail.body and "Civic Hall, Leeds and online" in mail.body


def test_time_and_place_are_told_in_one_mail(event, ada, eve, as_, told, mailoutbox):
    with told():
        change(
            as_(eve),
            event,
            attendance="in_person",
            venue="Hull",
            starts_at="2030-05-01 10:00",
            ends_at="2030-05-01 11:00",
        )
    assert len([mail for mail in mailoutbox if mail.to == [ada.email]]) == 1
    assert "The time and place of an event" in mailoutbox[-1].body


@pytest.mark.parametrize(
    "fields", [{"title": "A better title"}, {"summary": "Better words."}, {"tags": "new"}, {"open_to": "everyone"}]
)
def test_other_changes_disturb_nobody(event, eve, as_, told, fields):
    with told() as news:
        change(as_(eve), event, **fields)
    assert not news.mails and not news.bells


def test_a_change_of_what_nobody_counts_on_is_in_no_trail(event, ada, ben, eve, as_):
    for member in [ada, ben]:
        registrations.cancel(actor=member, event=event)
    change(as_(eve), event, starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00")
    assert not Activity.objects.filter(verb="event.changed").exists()


def test_publishing_twice_tells_once(event, eve, as_, told):
    change(as_(eve), event, starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00")
    with told() as news:
        change(as_(eve), event, starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00")
        event_actions.follow_publication(event=event, publisher=eve)
    assert not news.mails


def test_a_draft_of_a_change_is_told_to_nobody(event, eve, told):
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    with told() as news:
        event.save_revision(user=eve)
    assert not news.mails


def test_correcting_what_is_over_is_told_to_nobody(ada, eve, as_, told):
    event = make.event(starts_in=timedelta(days=-3))
    from events.models import EventState, Registration

    Registration.objects.create(
        event=event, member=ada, status="registered", created_at=event.starts_at, registered_at=event.starts_at
    )
    EventState.objects.create(event=event, told=event.facts, changed_at=event.starts_at)
    with told() as news:
        change(as_(eve), event, attendance="both", venue="Hull")
    assert not news.mails


def test_the_bell_is_left_out_for_who_may_not_see_the_event_any_more(event, ada, ben, eve, as_, told):
    with told() as news:
        change(as_(eve), event, open_to="officers", starts_at="2030-05-01 10:00", ends_at="2030-05-01 11:00")
    assert {address for address, _ in news.mails} == {ada.email, ben.email}
    type(ben).objects.filter(pk=ben.pk).update(standing="newcomer")
    assert "changed" not in as_(ben).get("/inbox/").content.decode()

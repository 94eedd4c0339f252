"""A member registers: confirmed with a calendar file and the joining link, once, and only who may."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from icalendar import Calendar

from events.actions import events as event_actions
from events.actions import registrations
from events.models import Registration
from lib.access import Denied
from lib.forms import TOO_OLD
from lib.tokens import SENT_BEFORE
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
JOIN = make.JOINING_URL


def press(client, event, token=None, **kwargs):
    return client.post(f"{event.get_absolute_url()}register/", {"token": token or uuid.uuid4()}, **kwargs)


def test_an_officer_registers_and_gets_the_link_and_a_calendar_file(as_, ada, told, mailoutbox):
    event, client = make.event(open_to="members"), as_(ada)
    before = client.get(event.get_absolute_url()).content.decode()
    assert "Register</button>" in before and JOIN not in before

    with told() as news:
        response = press(client, event, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(event.get_absolute_url(), 302)]
    assert "You have a place." in page and JOIN in page
    assert news.mails == [("ada@camden.example", f"You have a place: {event.title}")]
    assert news.bells == [("ada@camden.example", "registration.confirmed")]

    mail = mailoutbox[0]
    assert JOIN in mail.body and JOIN in mail.alternatives[0][0]
    name, content, kind = mail.attachments[0]
    entry = Calendar.from_ical(content).events[0]
    assert (name, kind) == (f"{event.slug}.ics", "text/calendar; method=PUBLISH")
    assert entry.start == event.starts_at and entry.end == event.ends_at
    assert JOIN in entry["DESCRIPTION"]
    assert Activity.objects.get(verb="registration.confirmed").actor == ada


def test_the_form_works_without_javascript_and_carries_a_token(as_, ada):
    event, client = make.event(), as_(ada)
    response = client.get(event.get_absolute_url())
    token = str(response.context["form"]["token"].value())
    assert uuid.UUID(token)
    assert f'<input type="hidden" name="token" value="{token}"' in response.content.decode()


@pytest.mark.parametrize("role", ["ada", "cleo", "sal", "mo", "eve"])
def test_every_member_may_come_to_what_is_open_to_members(role, request, as_):
    member, event = request.getfixturevalue(role), make.event(open_to="members")
    press(as_(member), event)
    assert event.registrations.get().member == member


@pytest.mark.parametrize(("role", "may"), [("ada", True), ("mo", True), ("eve", True), ("cleo", False), ("sal", False)])
def test_what_is_for_officers_is_absent_for_others(role, may, request, as_, told):
    member, event = request.getfixturevalue(role), make.event(open_to="officers")
    with told() as news:
        response = press(as_(member), event)
    assert response.status_code == (302 if may else 404)
    assert event.registrations.exists() == may
    assert bool(news.mails) == may


def test_a_visitor_signs_in_first_and_comes_back(client, ada):
    event = make.event(open_to="everyone")
    assert f"/accounts/login/?next={event.get_absolute_url()}" in client.get(event.get_absolute_url()).content.decode()
    response = press(client, event)
    assert response.status_code == 302
    assert response.url == f"/accounts/login/?next={event.get_absolute_url()}"
    assert not Registration.objects.exists()
    back = client.post(response.url, {"login": ada.email, "password": "forum-demo-2026"})
    assert back.url == event.get_absolute_url()


def test_a_visitor_does_not_learn_which_events_exist(client):
    event = make.event(open_to="members")
    hidden, absent = press(client, event), client.post("/events/no-such-event/register/", {})
    assert hidden.status_code == absent.status_code == 302
    assert hidden.url.replace(event.slug, "") == absent.url.replace("no-such-event", "")


def test_after_signing_in_the_registers_address_leads_to_the_event(as_, ada):
    event = make.event()
    assert as_(ada).get(f"{event.get_absolute_url()}register/").url == event.get_absolute_url()


def test_pressing_twice_registers_once(as_, ada, told):
    event, client, token = make.event(), as_(ada), uuid.uuid4()
    with told() as news:
        press(client, event, token)
        assert "You have a place." in press(client, event, token, follow=True).content.decode()
        press(client, event)  # a second tab, with a token of its own
    assert event.registrations.count() == 1
    assert len(news.mails) == 1


def test_the_same_form_again_after_giving_the_place_back_changes_nothing(as_, ada, told):
    event, client, token = make.event(), as_(ada), uuid.uuid4()
    press(client, event, token)
    registrations.cancel(actor=ada, event=event)
    with told() as news:
        page = press(client, event, token, follow=True).content.decode()
    assert "You gave this place back." in page
    assert event.registrations.get().status == "cancelled" and not news.mails


def test_a_token_of_another_event_is_refused_in_words(as_, ada):
    first, second, token = make.event(), make.event("Another event"), uuid.uuid4()
    press(as_(ada), first, token)
    response = press(as_(ada), second, token)
    assert response.status_code == 422
    assert SENT_BEFORE in response.content.decode()
    assert not second.registrations.exists()


def test_the_same_token_of_two_members_is_two_registrations(as_, ada, ben):
    event, token = make.event(), uuid.uuid4()
    press(as_(ada), event, token)
    press(as_(ben), event, token)
    assert event.registrations.registered().count() == 2


@pytest.mark.parametrize("token", ["", "abc", "\x00", "x" * 100_000, "00000000-0000-0000-0000-00000000000g"])
def test_a_damaged_token_is_answered_with_words_and_a_fresh_form(as_, ada, token):
    event = make.event()
    response = as_(ada).post(f"{event.get_absolute_url()}register/", {"token": token})
    page = response.content.decode()
    assert response.status_code == 422
    assert TOO_OLD in page and "Register</button>" in page and f'value="{token}"' not in page
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"starts_in": timedelta(days=-2)}, "This event is over."),
        ({"registration_closes_at": timezone.now() - timedelta(minutes=1)}, "Registration for this event has closed."),
    ],
)
def test_when_it_is_too_late(as_, ada, fields, reason, told):
    event = make.event(**fields)
    assert "Register</button>" not in as_(ada).get(event.get_absolute_url()).content.decode()
    with told() as news:
        response = press(as_(ada), event)
    assert response.status_code == 403
    assert "This event is over" in response.content.decode() or reason in response.content.decode()
    assert not Registration.objects.exists() and not news.mails
    with pytest.raises(Denied, match=reason):
        make.registration(event, ada)


def test_who_comes_late_to_a_meeting_online_still_gets_in(ada):
    event = make.event(starts_in=timedelta(minutes=-10))
    assert make.registration(event, ada).status == "registered"


def test_a_cancelled_event_takes_nobody(as_, ada, eve):
    event = make.event()
    event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    assert press(as_(ada), event).status_code == 403
    assert "Register</button>" not in as_(ada).get(event.get_absolute_url()).content.decode()


def test_an_unpublished_event_takes_nobody(as_, ada):
    event = make.event(live=False)
    assert press(as_(ada), event).status_code == 404
    with pytest.raises(Http404):
        make.registration(event, ada)


def test_a_suspended_member_is_refused(ada):
    event = make.event()
    type(ada).objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(Denied):
        make.registration(event, ada)


def test_who_gave_the_place_back_can_come_again(as_, ada):
    event = make.event()
    make.registration(event, ada)
    registrations.cancel(actor=ada, event=event)
    press(as_(ada), event)
    assert sorted(event.registrations.values_list("status", flat=True)) == ["cancelled", "registered"]


def test_who_switched_event_mail_off_gets_the_bell_only(as_, ada, told):
    type(ada).objects.filter(pk=ada.pk).update(mail_events=False)
    with told() as news:
        press(as_(ada), make.event())
    assert not news.mails and news.bells


def test_nobody_else_is_told(as_, ada, ben, mo, eve, told):
    event = make.event()
    make.registration(event, ben)
    with told() as news:
        press(as_(ada), event)
    assert {address for address, _ in news.mails + news.bells} == {ada.email}


def test_looking_at_the_event_clears_its_bell(as_, ada, told):
    event, client = make.event(), as_(ada)
    with told():
        press(client, event)
    ada.refresh_from_db()
    assert ada.unread_count == 1
    assert 'data-unread="0"' in client.get(event.get_absolute_url()).content.decode()
    ada.refresh_from_db()
    assert ada.unread_count == 0


def test_looking_at_one_event_leaves_the_bell_of_another(as_, ada, told):
    event, other, client = make.event(), make.event("Another event"), as_(ada)
    with told():
        press(client, event)
        press(client, other)
    client.get(event.get_absolute_url())
    ada.refresh_from_db()
    assert ada.unread_count == 1


def test_the_bell_says_it_in_words(as_, ada, told):
    event = make.event()
    with told():
        make.registration(event, ada)
    assert f"You have a place at “{event.title}”." in as_(ada).get("/inbox/").content.decode()


def test_the_database_keeps_one_registration_a_member(ada):
    event, now = make.event(), timezone.now()
    make.registration(event, ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(event=event, member=ada, status="waiting", created_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.update(status="cancelled")  # without saying when
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.update(status="perhaps")


def test_the_moves_of_a_registration():
    allowed = {
        (before, after)
        for before in Registration.Status.values
        for after in Registration.Status.values
        if Registration.Status(before).may_become(after)
    }
    assert allowed == {("waiting", "registered"), ("waiting", "cancelled"), ("registered", "cancelled")}


def test_who_comes_and_goes_all_the_time_has_to_rest(as_, ada):
    event = make.event()
    for _ in range(registrations.REGISTRATIONS_PER_HOUR):
        make.registration(event, ada)
        registrations.cancel(actor=ada, event=event)
    response = press(as_(ada), event)
    assert response.status_code == 422
    assert "wait an hour and try again." in response.content.decode()


def test_so_does_who_joins_and_leaves_the_waiting_list(as_, ada, ben):
    event = make.event(capacity=1)
    make.registration(event, ben)
    for _ in range(registrations.REGISTRATIONS_PER_HOUR):
        make.registration(event, ada)
        registrations.cancel(actor=ada, event=event)
    assert press(as_(ada), event).status_code == 422

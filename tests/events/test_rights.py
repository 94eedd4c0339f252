"""Actions called for what the actor may not see: as if it did not exist, and nothing happens."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.http import Http404
from django.utils import timezone

from events.actions import events as event_actions
from events.actions import registrations
from events.models import EventPage, Registration
from lib.access import Denied
from members.models import Activity, Member
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["cleo", "sal"])
@pytest.mark.parametrize("fields", [{"open_to": "officers"}, {"live": False}])
def test_nobody_registers_for_what_they_may_not_see(role, fields, request):
    event = make.event(**fields)
    with pytest.raises(Http404):
        make.registration(event, request.getfixturevalue(role))
    assert not Registration.objects.exists() and not Activity.objects.filter(verb__startswith="registration.").exists()


@pytest.mark.parametrize("role", ["mo", "eve", "admin"])
def test_those_who_look_after_events_do_not_register_for_drafts_either(role, request):
    with pytest.raises(Http404):
        make.registration(make.event(live=False), request.getfixturevalue(role))


def test_a_place_at_what_one_may_not_see_any_more_is_not_given_back(ada):
    event = make.event(open_to="officers")
    make.registration(event, ada)
    Member.objects.filter(pk=ada.pk).update(standing="newcomer")
    with pytest.raises(Http404):
        registrations.cancel(actor=ada, event=event)
    assert event.registrations.get().status == "registered"


def test_without_a_place_there_is_nothing_to_give_back(ada, ben):
    event = make.event()
    make.registration(event, ada)
    with pytest.raises(Denied, match="You have no place"):
        registrations.cancel(actor=ben, event=event)
    assert event.registrations.get().status == "registered"


@pytest.mark.parametrize(
    ("role", "fields", "refused"),
    [
        ("cleo", {"open_to": "officers"}, Http404),
        ("ada", {"live": False}, Http404),
        ("mo", {"live": False}, Http404),
        ("mo", {"open_to": "officers"}, Denied),
        ("ada", {"open_to": "officers"}, Denied),
    ],
)
def test_who_does_not_look_after_events_cancels_none(role, fields, refused, request):
    event = make.event(**fields)
    with pytest.raises(refused):
        event_actions.cancel(actor=request.getfixturevalue(role), event=event, reason="Ill.")
    assert not Activity.objects.filter(verb="event.cancelled").exists()


@pytest.mark.parametrize("what", ["registrations/", "registrations.csv", "cancel/"])
def test_a_draft_is_absent_for_a_moderator_in_the_cms_too(mo, as_, what):
    draft = make.event(live=False)
    assert as_(mo).get(f"/cms/events/{draft.pk}/{what}").status_code == 404


def test_an_event_that_is_gone_is_absent(ada, eve):
    event = make.event()
    EventPage.objects.get(pk=event.pk).delete()
    for act in [
        lambda: make.registration(event, ada),
        lambda: registrations.cancel(actor=ada, event=event),
        lambda: event_actions.cancel(actor=eve, event=event, reason="Ill."),
    ]:
        with pytest.raises(Http404):
            act()


def test_what_a_suspended_editor_had_scheduled_is_followed_all_the_same(ada, ben, eve, monkeypatch):
    """Those who wait get the new seats, and the audit trail says whose publication it was."""
    event = make.event(capacity=1)
    for member in [ada, ben]:
        make.registration(event, member)
    event.capacity, event.joining_url = 2, "https://meet.example/another"
    event.go_live_at = timezone.now() + timedelta(hours=1)
    event.save_revision(user=eve, approved_go_live_at=event.go_live_at)
    Member.objects.filter(pk=eve.pk).update(is_active=False)
    later = event.go_live_at + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    call_command("publish_scheduled")
    assert event.registrations.registered().count() == 2
    assert Activity.objects.get(verb="event.changed").actor == eve

"""An editor calls an event off, and everyone who counted on it is told why."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events.actions import events as event_actions
from events.actions import registrations
from lib.access import Denied
from members.models import Activity
from tests import make
from tests.events.forms import change

pytestmark = pytest.mark.django_db
WHY = "Both speakers are needed in their councils."


def url(event) -> str:
    return f"/cms/events/{event.pk}/cancel/"


@pytest.fixture
def event(ada, ben, cleo):
    """One place: Ada has it, Ben waits; Cleo gave one back."""
    event = make.event(capacity=1, open_to="everyone")
    make.registration(event, cleo)
    registrations.cancel(actor=cleo, event=event)
    make.registration(event, ada)
    make.registration(event, ben)
    return event


def test_those_with_a_place_and_those_who_wait_are_told_and_nobody_else(
    event, ada, ben, eve, client, as_, told, mailoutbox
):
    editor = as_(eve)
    assert "2 people have a place or wait for one" in editor.get(url(event)).content.decode()
    with told() as news:
        response = editor.post(url(event), {"reason": WHY}, follow=True)
    assert "Everyone who registered is being told." in response.content.decode()
    assert news.mails == [(ada.email, f"Cancelled: {event.title}"), (ben.email, f"Cancelled: {event.title}")]
    assert news.bells == [(ada.email, "event.cancelled"), (ben.email, "event.cancelled")]
    to_ada, to_ben = sorted(mailoutbox[-2:], key=lambda mail: mail.to)
    assert WHY in to_ada.body and WHY in to_ben.body
    calendar = Calendar.from_ical(to_ada.attachments[0][1])
    assert (calendar["METHOD"], calendar.events[0]["STATUS"], calendar.events[0]["SEQUENCE"]) == (
        "CANCEL",
        "CANCELLED",
        1,
    )
    assert not to_ben.attachments

    page = client.get(event.get_absolute_url()).content.decode()
    assert "This event is cancelled" in page and WHY in page and "Sign in to register" not in page
    assert "Cancelled" in client.get("/events/").content.decode()
    entry = Calendar.from_ical(client.get("/events/calendar.ics").content).events[0]
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)
    activity = Activity.objects.get(verb="event.cancelled")
    assert activity.actor == eve and activity.reason == WHY


def test_twice_is_harmless(event, eve, as_, told):
    event_actions.cancel(actor=eve, event=event, reason=WHY)
    with told() as news:
        assert as_(eve).post(url(event), {"reason": "Another reason"}).status_code == 302
        event_actions.cancel(actor=eve, event=event, reason="A third")
    event.state.refresh_from_db()
    assert not news.mails and event.state.reason == WHY and event.state.sequence == 1


def test_publishing_it_again_does_not_bring_it_back(event, eve, as_, told):
    event_actions.cancel(actor=eve, event=event, reason=WHY)
    with told() as news:
        event = change(
            as_(eve), event, title="With a new title", starts_at="2031-01-01 10:00", ends_at="2031-01-01 11:00"
        )
    assert event.cancelled_at and event.state.sequence == 1 and not news.mails and not news.bells


def test_a_seat_given_back_before_goes_to_nobody_after(event, ada, eve):
    event_actions.cancel(actor=eve, event=event, reason=WHY)
    with pytest.raises(Denied):
        registrations.cancel(actor=ada, event=event)


@pytest.mark.parametrize("reason", ["", "   ", "\x00", "\u200b \u202e", "x" * 301, "x" * 100_000])
def test_a_reason_is_needed_and_kept_when_it_does_not_fit(event, eve, as_, reason):
    response = as_(eve).post(url(event), {"reason": reason})
    assert response.status_code == 422
    assert response.context["form"].errors["reason"]
    assert (
        not hasattr(type(event).objects.get(pk=event.pk), "state")
        or not type(event).objects.get(pk=event.pk).cancelled_at
    )


def test_script_in_the_reason_is_text(event, eve, client):
    event_actions.cancel(actor=eve, event=event, reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client.get(event.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", ["ada", "cleo", "sal", "mo", None])
def test_nobody_else_cancels_events(event, role, request, as_, told):
    member = request.getfixturevalue(role) if role else None
    with told() as news:
        response = as_(member).post(url(event), {"reason": WHY})
    assert response.status_code in {302, 403, 404} and not news.mails
    assert not type(event).objects.get(pk=event.pk).cancelled_at
    if member:
        with pytest.raises(Denied):
            event_actions.cancel(actor=member, event=event, reason=WHY)


def test_what_is_over_or_unpublished_can_t_be_cancelled(eve):
    for event in [make.event(starts_in=timedelta(days=-3)), make.event("Draft", live=False)]:
        with pytest.raises(Denied):
            event_actions.cancel(actor=eve, event=event, reason=WHY)


@pytest.mark.parametrize(
    ("fields", "words"), [({"starts_in": timedelta(days=-3)}, "This event is over"), ({"live": False}, "not published")]
)
def test_what_can_t_be_cancelled_is_not_asked_about_and_what_was_typed_is_kept(fields, words, eve, as_):
    event, editor = make.event(**fields), as_(eve)
    assert words in editor.get(url(event), follow=True).content.decode()
    response = editor.post(url(event), {"reason": WHY})
    assert response.status_code == 403
    page = response.content.decode()
    assert words in page and WHY in page


@pytest.mark.parametrize("fields", [{"starts_in": timedelta(days=-3)}, {"live": False}, {}])
def test_the_ways_to_cancel_are_shown_where_it_is_possible(fields, eve, as_):
    event, editor = make.event(**fields), as_(eve)
    for address in [f"/cms/events/{event.pk}/registrations/", f"/cms/pages/{event.pk}/edit/"]:
        assert (f'href="{url(event)}"' in editor.get(address).content.decode()) == (not fields)
    if not fields:
        event_actions.cancel(actor=eve, event=event, reason=WHY)
        for address in [f"/cms/events/{event.pk}/registrations/", f"/cms/pages/{event.pk}/edit/"]:
            assert f'href="{url(event)}"' not in editor.get(address).content.decode()


@pytest.mark.parametrize("verb", ["delete", "unpublish"])
@pytest.mark.parametrize("role", ["eve", "admin"])
def test_an_event_with_registrations_does_not_just_vanish(event, role, verb, request, as_):
    client = as_(request.getfixturevalue(role))
    for address, data in {
        f"/cms/pages/{event.pk}/{verb}/": {"confirm_site_name": "CDO Forum"},
        f"/cms/bulk/wagtailcore/page/{verb}/?id={event.pk}": {},
        f"/cms/pages/{event.get_parent().pk}/{verb}/": {"confirm_site_name": "CDO Forum", "include_descendants": "on"},
    }.items():
        response = client.post(address, data)
        assert response.status_code == 302, address
    event.refresh_from_db()
    assert event.live and event.registrations.count() == 3
    assert "People registered for" in client.get(f"/cms/events/{event.pk}/registrations/").content.decode()


def test_an_event_without_registrations_can_be_deleted(eve, as_):
    event = make.event()
    as_(eve).post(f"/cms/pages/{event.pk}/delete/")
    assert not type(event).objects.filter(pk=event.pk).exists()


def test_a_cancelled_event_can_be_unpublished(event, eve, as_):
    event_actions.cancel(actor=eve, event=event, reason=WHY)
    as_(eve).post(f"/cms/pages/{event.pk}/unpublish/")
    event.refresh_from_db()
    assert not event.live


def test_what_nobody_sees_is_not_in_the_reason(event, eve):
    event_actions.cancel(actor=eve, event=event, reason="Both\u202e speakers\nare\x07 ill.\u200b")
    assert type(event).objects.get(pk=event.pk).state.reason == "Both speakers are ill."


def loses_the_group(member):
    member.groups.clear()


def is_suspended(member):
    type(member).objects.filter(pk=member.pk).update(is_active=False)


@pytest.mark.parametrize("what_happened", [loses_the_group, is_suspended])
def test_who_lost_the_right_a_moment_ago_calls_nothing_off(event, eve, what_happened):
    editor = type(eve).objects.for_session().get(pk=eve.pk)
    assert event.permissions_for_user(editor).can_publish()
    what_happened(eve)
    with pytest.raises(Denied):
        event_actions.cancel(actor=editor, event=event, reason=WHY)
    assert not Activity.objects.filter(verb="event.cancelled").exists()

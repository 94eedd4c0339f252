"""A supplier's member asks for an introduction: the form, its limits, and who may not."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from directory.actions import introductions as actions
from directory.models import Introduction
from directory.rules.quota import quota
from lib.access import Denied
from lib.tokens import SENT_BEFORE
from members.models import Activity, Member
from tests import make
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(sal, ada):
    make.supplier_listing(sal)
    return make.officer_listing(ada)


def form(**values):
    return {
        "purpose": "Case work for damp",
        "message": "We would like to show you figures.",
        "token": uuid.uuid4(),
    } | values


def test_a_request_is_sent_and_waits_for_a_moderator(as_, sal, listing):
    page = as_(sal).get(f"/introductions/new/?officer={listing.public_id}").content.decode()
    assert "BrightWave can send 5 of 5 requests" in page and "“no” stands for a year" in page
    response = as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form(), follow=True)
    introduction = Introduction.objects.get()
    assert introduction.status == "submitted" and introduction.asked_by == sal
    assert introduction.described_as == "Chief Digital Officer, Camden"
    assert "Your request is with the moderators." in response.content.decode()
    assert [a.verb for a in Activity.objects.filter(verb__startswith="introduction").order_by("pk")] == [
        "introduction.drafted",
        "introduction.submitted",
    ]


def test_a_draft_tells_nobody_and_does_not_count(as_, sal, listing, mo, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form(draft="1"))
    introduction = Introduction.objects.get()
    assert introduction.status == "draft" and not mail.outbox and mo.notifications.count() == 0
    assert quota(introduction.supplier, timezone.now()).used == 0
    as_(sal).post(f"/introductions/{introduction.pk}/submit/")
    introduction.refresh_from_db()
    assert introduction.status == "submitted"


def test_the_same_form_sent_twice_asks_once(as_, sal, listing):
    data = form()
    places = {as_(sal).post(f"/introductions/new/?officer={listing.public_id}", data).url for _ in range(3)}
    assert len(places) == 1 and Introduction.objects.count() == 1


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_form_that_is_too_old_can_be_sent_again(token, as_, sal, listing):
    path, data = f"/introductions/new/?officer={listing.public_id}", form(token=token)
    refused = as_(sal).post(path, data)
    assert refused.status_code == 422
    assert as_(sal).post(path, data | {"token": refused.context["form"]["token"].value()}).status_code == 302


def test_the_same_form_for_another_officer_is_refused_and_the_text_stays(as_, sal, ben, listing):
    other, data = make.officer_listing(ben), form()
    as_(sal).post(f"/introductions/new/?officer={listing.public_id}", data)
    data["message"] = "What we would like to show Leeds."
    refused = as_(sal).post(f"/introductions/new/?officer={other.public_id}", data)
    assert refused.status_code == 422 and SENT_BEFORE in refused.content.decode()
    assert refused.context["form"]["message"].value() == data["message"]
    data["token"] = refused.context["form"]["token"].value()
    assert as_(sal).post(f"/introductions/new/?officer={other.public_id}", data).status_code == 302
    assert Introduction.objects.filter(officer=ben, message=data["message"]).exists()


def test_a_form_to_a_supplier_does_not_ask_an_officer(as_, sal, ada, ben, listing):
    """Who has changed sides since: the form of then is for something else now."""
    data = form()
    assert as_(ada).post("/directory/suppliers/brightwave/ask/", data).status_code == 302
    Member.objects.filter(pk=ada.pk).update(standing="supplier", organisation=sal.organisation)
    refused = as_(ada).post(f"/introductions/new/?officer={make.officer_listing(ben).public_id}", data)
    assert refused.status_code == 422 and SENT_BEFORE in refused.content.decode()
    assert Introduction.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"purpose": ""}, "Say in one line what the meeting is for."),
        ({"message": "  "}, "Write why you ask"),
        ({"purpose": "x" * 141}, "the limit is 140"),
        ({"message": "x" * 100_000}, "98,000 characters too long: the limit is 2,000"),
        ({"message": "a\x00b"}, "Null characters are not allowed"),
        ({"token": "nonsense"}, "This form is too old."),
        ({"token": ""}, "This form is too old."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(values, said, as_, sal, listing):
    response = as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form(**values))
    page = response.content.decode()
    assert response.status_code == 422 and said in page
    assert "There is something to mend" in page
    kept = form(**values)
    assert kept["purpose"][:40] in page or not kept["purpose"]
    assert not Introduction.objects.exists()


def test_all_that_is_wrong_is_said_at_once(as_, sal, listing):
    response = as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form(purpose="", message="x" * 2001))
    assert set(response.context["form"].errors) == {"purpose", "message"}


def test_text_from_people_is_shown_as_text(as_, sal, ada, mo, listing):
    script = "<script>alert(1)</script>"
    as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form(purpose=script, message=script))
    introduction = Introduction.objects.get()
    actions.forward(actor=mo, introduction=introduction)
    for reader in (sal, ada, mo):
        for path in (f"/introductions/{introduction.pk}/", "/introductions/", "/inbox/"):
            assert script not in as_(reader).get(path).content.decode()
    assert script not in as_(mo).get(f"/cms/introductions/{introduction.pk}/").content.decode()


def test_signed_out_in_the_middle_the_text_is_kept(client, sal, listing):
    path = f"/introductions/new/?officer={listing.public_id}"
    response = client.post(path, form(message="Half an hour of typing."))
    assert response.status_code == 302 and "/accounts/login/" in response.url
    client.force_login(sal)
    assert "Half an hour of typing." in client.get(path).content.decode()


def test_a_supplier_without_an_approved_listing_does_not_ask(as_, sal, ada):
    listing = make.officer_listing(ada)
    make.supplier_listing(sal, status="submitted")
    page = as_(sal).get(f"/directory/officers/{listing.public_id}/").content.decode()
    assert "once a moderator has approved its listing" in page
    response = as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form())
    assert response.status_code == 403 and "once a moderator has approved its listing" in response.content.decode()
    assert not Introduction.objects.exists()


def test_an_officer_who_takes_no_requests_gets_none(as_, sal, ada):
    make.supplier_listing(sal)
    listing = make.officer_listing(ada, accepts=False)
    assert "does not take requests" in as_(sal).get(f"/directory/officers/{listing.public_id}/").content.decode()
    assert as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form()).status_code == 403
    assert not Introduction.objects.exists()


def test_one_open_request_between_a_supplier_and_an_officer(as_, sal, listing):
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    as_(sal).post(f"/introductions/new/?officer={listing.public_id}", form())
    page = as_(pat).get(f"/introductions/new/?officer={listing.public_id}").content.decode()
    assert "already has a request to this officer under way" in page
    response = as_(pat).post(f"/introductions/new/?officer={listing.public_id}", form())
    assert response.status_code == 403 and Introduction.objects.count() == 1


def test_the_quota_is_the_suppliers_and_starts_again_with_the_month(settings, sal):
    settings.INTRODUCTIONS_PER_MONTH = 2
    now = datetime(2026, 10, 31, 22, 30, tzinfo=ZoneInfo("Europe/London"))
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    make.supplier_listing(sal, now=now)
    officers = [make.officer(f"Officer {number}", council=f"Council {number}") for number in range(4)]
    make.introduction(sal, officers[0], now=now)
    make.introduction(pat, officers[1], status="withdrawn", now=now)
    with pytest.raises(Denied, match=r"sent its 2 requests for this month.*from 1 November 2026"):
        make.introduction(sal, officers[2], now=now)
    draft = make.introduction(sal, officers[2], status="draft", now=now)
    with pytest.raises(Denied, match="1 November 2026"):
        actions.submit(actor=sal, introduction=draft, now=now)
    next_month = now + timedelta(hours=2)
    assert actions.submit(actor=sal, introduction=draft, now=next_month).status == "submitted"
    other = make.supplier_member("Robin Rival", company="Quillhouse")
    make.introduction(other, officers[3], now=now)


def test_a_spent_quota_is_said_before_anyone_types(as_, settings, sal, listing):
    settings.INTRODUCTIONS_PER_MONTH = 0
    for path in ("/directory/officers/", f"/directory/officers/{listing.public_id}/"):
        assert "You can send the next one from" in as_(sal).get(path).content.decode()


@pytest.mark.parametrize(("status", "days"), [("declined", 365), ("not_now", 183), ("expired", 92), ("accepted", 365)])
def test_an_answer_stands_for_a_while(status, days, sal, ada):
    then = timezone.now() - timedelta(days=800)
    first = make.introduction(sal, ada, status=status, now=then)
    with pytest.raises(Denied, match="You can ask again from"):
        make.introduction(sal, ada, now=first.moved_at + timedelta(days=days - 2))
    later = first.moved_at + timedelta(days=days + 2)
    assert make.introduction(sal, ada, now=later).status == "submitted"


@pytest.mark.parametrize("status", ["rejected", "withdrawn"])
def test_what_never_reached_an_answer_leaves_no_pause(status, sal, ada):
    make.introduction(sal, ada, status=status)
    assert make.introduction(sal, ada).status == "submitted"


def test_forwarding_asks_again_whether_the_officer_still_takes_requests(sal, ada, mo):
    from directory.actions import officer_listings

    introduction = make.introduction(sal, ada)
    officer_listings.opt_out(actor=ada)
    with pytest.raises(Denied, match=r"does not take requests.*Return or reject"):
        actions.forward(actor=mo, introduction=introduction)


def test_forwarding_asks_again_whether_the_supplier_is_still_listed(sal, ada, mo):
    from directory.actions import listings

    introduction = make.introduction(sal, ada)
    listings.withdraw(actor=sal)
    with pytest.raises(Denied, match="approved its listing"):
        actions.forward(actor=mo, introduction=introduction)


@pytest.mark.parametrize("who", ["cleo", "ben", "mo", "eve"])
def test_only_supplier_members_ask(who, listing, cleo, ben, mo, eve, as_):
    actor = {"cleo": cleo, "ben": ben, "mo": mo, "eve": eve}[who]
    assert as_(actor).post(f"/introductions/new/?officer={listing.public_id}", form()).status_code == 404
    from django.http import Http404

    with pytest.raises((Denied, Http404)):
        actions.ask(actor=actor, listing=listing, **form())
    assert not Introduction.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs real locks between threads")
@pytest.mark.postgresql
def test_colleagues_who_press_at_once_do_not_outrun_the_quota(settings, sal, mo):
    settings.INTRODUCTIONS_PER_MONTH = 1
    make.supplier_listing(sal)
    asking = [sal, *(make.supplier_member(f"Colleague {n}", company="BrightWave") for n in range(3))]
    listings = [make.officer_listing(make.officer(f"Officer {n}", council=f"Council {n}")) for n in range(4)]

    def ask(member, listing):
        return lambda: actions.ask(actor=member, listing=listing, **form()).status

    outcomes = at_once(*map(ask, asking, listings), expected=Denied)
    assert outcomes.count("submitted") == 1 and Introduction.objects.count() == 1

"""The audit trail in the CMS."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions import posts
from events.actions import events as event_actions
from members.actions import erasure, suspension, verification
from members.models import Activity
from tests import make
from tests.parsed import rows


def test_shows_who_did_what_to_whom_and_why(waiting_cleo, stroud, mo, ben, as_):
    suspension.suspend(actor=mo, member=ben, reason="Repeated advertising.")
    verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    page = as_(mo).get("/cms/audit/").content.decode()
    for text in ("Mo Farrell", "Member: suspended", "Ben Hartley", "Repeated advertising.", "Member: verified"):
        assert text in page


def test_filters_by_verb_and_member(waiting_cleo, stroud, mo, ben, as_):
    suspension.suspend(actor=mo, member=ben, reason="Repeated advertising.")
    verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    client = as_(mo)
    by_verb = client.get("/cms/audit/results/?verb=member.suspended").content.decode()
    assert "Ben Hartley" in by_verb
    assert "Cleo Marsh" not in by_verb
    by_member = client.get(f"/cms/audit/results/?member={waiting_cleo.pk}").content.decode()
    assert "Cleo Marsh" in by_member
    assert "Ben Hartley" not in by_member


def test_can_not_be_changed(mo, admin, as_):
    for actor in (mo, admin):
        assert as_(actor).post("/cms/audit/", {}).status_code == 405


def test_erased_member_has_no_name_here(ada, mo, as_):
    erasure.erase(actor=ada)
    page = as_(mo).get("/cms/audit/").content.decode()
    assert "A former member" in page
    assert "Ada" not in page


# --- What each row is about ------------------------------------------------------------------------


def shown(client, verb="") -> list[tuple[str, str, str]]:
    """(to what, the address it leads to, reason) of each row."""
    found = rows(client.get("/cms/audit/results/", {"verb": verb}).content.decode())
    return [(*cells[3], cells[4][0]) for cells in found]


@pytest.fixture
def thread(members_space, ada):
    return make.thread(members_space, ada, "What the archive cost us")


def test_a_removed_post_with_its_thread_and_the_moderators_reason(as_, thread, ben, mo):
    post = make.reply(thread, ben)
    posts.delete(actor=mo, post=post, reason="Rule 2: advertising.")
    row = ("Post 2 in “What the archive cost us”", post.url_in_thread, "Rule 2: advertising.")
    assert shown(as_(mo), "post.deleted") == [row]
    assert as_(mo).get(post.url_in_thread).status_code == 200


def test_a_post_that_its_author_took_back_has_no_reason(as_, thread, ben, mo):
    posts.delete(actor=ben, post=make.reply(thread, ben))
    assert shown(as_(mo), "post.deleted")[0][2] == ""


def test_what_is_not_published_any_more_is_named_and_leads_nowhere(as_, thread, members_space, mo):
    type(members_space).objects.filter(pk=members_space.pk).update(live=False)
    assert shown(as_(mo), "thread.started") == [("Thread “What the archive cost us”", "", "")]


def test_an_event_and_a_place_at_it(as_, ada, mo, eve):
    event = make.event("Leaving legacy")
    make.registration(event, ada)
    event_actions.cancel(actor=eve, event=event, reason="The speaker is ill.")
    address = event.get_absolute_url()
    assert shown(as_(mo), "event.cancelled") == [("Event “Leaving legacy”", address, "The speaker is ill.")]
    assert shown(as_(mo), "registration.confirmed") == [("Place of Ada Okafor at “Leaving legacy”", address, "")]


@pytest.mark.parametrize("status", ["returned", "rejected"])
def test_what_a_moderator_decided_about_an_introduction(status, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status=status, words="Say what the council gains.")
    address = f"/cms/introductions/{introduction.pk}/"
    row = (f"Introduction {introduction.pk} of BrightWave", address, "Say what the council gains.")
    assert shown(as_(mo), f"introduction.{status}") == [row]
    assert as_(mo).get(address).status_code == 200


@pytest.mark.parametrize("status", ["accepted", "declined", "not_now"])
def test_nothing_that_the_two_sides_wrote_to_each_other(status, as_, sal, ada, mo):
    make.introduction(
        sal, ada, status=status, purpose="A purpose", message="A message", words="Words for the supplier."
    )
    page = as_(mo).get("/cms/audit/").content.decode()
    for text in ("A purpose", "A message", "Words for the supplier."):
        assert text not in page


def test_a_draft_that_was_never_sent_leads_nowhere(as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="draft")
    assert shown(as_(mo), "introduction.drafted") == [(f"Introduction {introduction.pk} of BrightWave", "", "")]


def test_listings(as_, sal, ada, mo):
    listing = make.supplier_listing(sal, status="returned")
    make.officer_listing(ada)
    client = as_(mo)
    row = ("Listing of BrightWave", f"/cms/supplier-listings/{listing.pk}/", "Name your prices.")
    assert shown(client, "listing.returned") == [row] and client.get(row[1]).status_code == 200
    row = ("Listing of Ada Okafor", f"/cms/people/{ada.pk}/", "")
    assert shown(client, "officer_listing.opted_in") == [row] and client.get(row[1]).status_code == 200


def test_what_is_no_longer_there(as_, ada, mo):
    listing = make.officer_listing(ada)
    erasure.erase(actor=ada)
    client = as_(mo)
    row = (f"Officer listing {listing.pk}, no longer there", "", "")
    assert shown(client, "officer_listing.opted_in") == [row]
    assert shown(client, "member.erased") == [("A former member", "", "")]


def test_the_page_of_a_member_leads_to_all_that_happened_to_them(as_, ben, mo):
    suspension.suspend(actor=mo, member=ben, reason="Repeated advertising.")
    page = as_(mo).get(f"/cms/people/{ben.pk}/").content.decode()
    assert "Repeated advertising." in page and f'href="/cms/audit/?member={ben.pk}"' in page


def test_reasons_about_who_is_erased_are_gone(as_, thread, ben, sal, ada, mo):
    posts.delete(actor=mo, post=make.reply(thread, ben), reason="Ben advertises.")
    about_ben = make.introduction(sal, ben, status="returned", words="Say what you want of him.")
    make.introduction(sal, ada, status="rejected", words="Sal has asked before.")
    erasure.erase(actor=ben)
    assert shown(as_(mo), "post.deleted")[0][2] == shown(as_(mo), "introduction.returned")[0][2] == ""
    assert "Ben advertises." not in as_(ada).get(thread.get_absolute_url()).content.decode()
    assert "Say what you want" not in as_(sal).get(f"/introductions/{about_ben.pk}/").content.decode()
    assert shown(as_(mo), "introduction.rejected")[0][2] == "Sal has asked before."
    erasure.erase(actor=sal)
    assert not Activity.objects.exclude(reason="").exists()


def test_costs_the_same_for_many(as_, members_space, mo, eve, settings):
    """Of each kind of thing one row, and then thirty more."""
    settings.POSTS_PER_MINUTE, settings.INTRODUCTIONS_PER_MONTH = 100, 100

    def something_of_each_kind(number: int):
        ada = make.officer(council=f"Council {number}")
        sal = make.supplier_member(company=f"Company {number}")
        thread = make.thread(members_space, ada)
        posts.delete(actor=mo, post=make.reply(thread, sal), reason="x")
        make.introduction(sal, ada)
        make.registration(make.event(f"Event {number}"), ada)
        suspension.suspend(actor=mo, member=sal, reason="x")

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/cms/audit/").status_code == 200
        return len(found)

    client = as_(mo)
    something_of_each_kind(0)
    queries()
    few = queries()
    for number in range(1, 5):
        something_of_each_kind(number)
    assert Activity.objects.count() >= 30
    assert queries() == few

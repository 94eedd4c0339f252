"""What a supplier and a moderator, or a supplier and an officer, do at the same moment: threads, PostgreSQL."""

import pytest
from django.db import connection

from directory.actions import introductions, listings
from directory.models import Introduction, SupplierListing
from lib.access import Denied
from members.models import Organisation
from tests import make
from tests.threads import at_once, while_it_waits

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks: set DATABASE_URL to PostgreSQL"),
]


def test_an_approval_is_not_lost_when_the_supplier_writes_at_the_same_moment(sal, mo):
    """The supplier presses "save" while the moderator's approval is not committed yet, and waits for it."""
    listing = make.supplier_listing(sal, status="submitted")
    while_it_waits(
        lambda: listings.approve(actor=mo, listing=listing),
        lambda: listings.save(actor=sal, text=make.LISTING_TEXT | {"strapline": "Other words."}),
    )
    listing = SupplierListing.objects.get()
    assert listing.is_public and listing.strapline == "Case work for housing teams."
    assert listing.proposal["strapline"] == "Other words." and listing.status == "draft"


def test_what_the_supplier_takes_back_at_the_same_moment_is_not_approved(sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    refusal = while_it_waits(
        lambda: listings.save(actor=sal, text=make.LISTING_TEXT | {"strapline": "Other words."}),
        lambda: listings.approve(actor=mo, listing=listing),
        expected=Denied,
    )
    assert "taken back by the supplier" in refusal.reason
    listing.refresh_from_db()
    assert not listing.is_public and listing.status == "draft"


def test_what_is_written_after_a_wait_has_a_later_time(sal, mo):
    """The moderator presses before the supplier has sent the text, and waits for the supplier's lock."""
    make.supplier_listing(sal, status="draft")
    listing = SupplierListing.objects.get()
    while_it_waits(
        lambda: Organisation.objects.select_for_update(no_key=True).get(pk=listing.supplier_id),
        lambda: listings.approve(actor=mo, listing=listing),
        then=lambda: listings.submit(actor=sal),
    )
    listing.refresh_from_db()
    assert listing.is_public and listing.approved_at >= listing.submitted_at


@pytest.mark.parametrize("attempt", range(3))
def test_the_officer_accepts_while_the_supplier_withdraws(sal, ada, mo, attempt):
    """One of the two is first; the other is refused in words, and nothing is written of it."""
    introduction = make.introduction(sal, ada, status="forwarded")
    ids = {"introduction": introduction}
    results = at_once(
        lambda: introductions.accept(actor=ada, **ids),
        lambda: introductions.withdraw(actor=sal, **ids),
        expected=Denied,
    )
    assert sorted(isinstance(result, Denied) for result in results) == [False, True]
    introduction.refresh_from_db()
    outcomes = introduction.steps.filter(status__in=["accepted", "withdrawn"])
    assert [step.status for step in outcomes] == [introduction.status]


def test_who_waits_for_the_lock_sees_what_was_decided(sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    refusal = while_it_waits(
        lambda: introductions.withdraw(actor=sal, introduction=introduction),
        lambda: introductions.accept(actor=ada, introduction=introduction),
        expected=Denied,
    )
    assert "withdrawn" in refusal.reason
    assert Introduction.objects.get().status == "withdrawn"


@pytest.mark.parametrize("erased", ["sal", "ada"])
def test_who_leaves_while_a_request_of_theirs_is_decided_leaves_all_the_same(erased, sal, ada, mo):
    """What is under way is looked at again once nobody else moves it."""
    from members.actions.erasure import erase

    who = {"sal": sal, "ada": ada}[erased]
    introduction = make.introduction(sal, ada, status="forwarded")
    decides = {
        "sal": lambda: introductions.decline(actor=ada, introduction=introduction),
        "ada": lambda: introductions.withdraw(actor=sal, introduction=introduction),
    }
    while_it_waits(decides[erased], lambda: erase(actor=who))
    who.refresh_from_db()
    assert who.erased_at
    assert Introduction.objects.get().status == ("declined" if erased == "sal" else "withdrawn")

"""What a supplier and a moderator, or a supplier and an officer, do at the same moment: threads, PostgreSQL."""

import threading

import pytest
from django.db import connection, transaction

from cdoforum.lib.access import Denied
from directory.actions import introductions, listings
from directory.models import Introduction, SupplierListing
from members.models import Organisation
from tests import make
from tests.threads import at_once, until_another_waits

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks: set DATABASE_URL to PostgreSQL"),
]


def test_an_approval_is_not_lost_when_the_supplier_writes_at_the_same_moment(sal, mo):
    """The supplier presses "save" while the moderator's approval is not committed yet, and waits for it."""
    listing, approved = make.supplier_listing(sal, status="submitted"), threading.Event()

    def approve():
        with transaction.atomic():
            listings.approve(actor=mo, listing_id=listing.pk)
            approved.set()
            until_another_waits()

    def save():
        approved.wait(10)
        listings.save(actor=sal, text=make.LISTING_TEXT | {"strapline": "Other words."})

    at_once(approve, save)
    listing = SupplierListing.objects.get()
    assert listing.is_public and listing.strapline == "Case work for housing teams."
    assert listing.proposal["strapline"] == "Other words." and listing.status == "draft"


def test_what_the_supplier_takes_back_at_the_same_moment_is_not_approved(sal, mo):
    listing, saved = make.supplier_listing(sal, status="submitted"), threading.Event()

    def save():
        with transaction.atomic():
            listings.save(actor=sal, text=make.LISTING_TEXT | {"strapline": "Other words."})
            saved.set()
            until_another_waits()

    def approve():
        saved.wait(10)
        listings.approve(actor=mo, listing_id=listing.pk)

    refusal = at_once(save, approve, expected=Denied)[1]
    assert "taken back by the supplier" in refusal.reason
    listing.refresh_from_db()
    assert not listing.is_public and listing.status == "draft"


def test_what_is_written_after_a_wait_has_a_later_time(sal, mo):
    """The moderator presses before the supplier has sent the text, and waits for the supplier's lock."""
    make.supplier_listing(sal, status="draft")
    listing, locked = SupplierListing.objects.get(), threading.Event()

    def send():
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=listing.supplier_id)
            locked.set()
            until_another_waits()
            listings.submit(actor=sal)

    def approve():
        locked.wait(10)
        listings.approve(actor=mo, listing_id=listing.pk)

    at_once(send, approve)
    listing.refresh_from_db()
    assert listing.is_public and listing.approved_at >= listing.submitted_at


@pytest.mark.parametrize("attempt", range(3))
def test_the_officer_accepts_while_the_supplier_withdraws(sal, ada, mo, attempt):
    """One of the two is first; the other is refused in words, and nothing is written of it."""
    introduction = make.introduction(sal, ada, status="forwarded")
    ids = {"introduction_id": introduction.pk}
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
    introduction, withdrawn = make.introduction(sal, ada, status="forwarded"), threading.Event()

    def withdraw():
        with transaction.atomic():
            introductions.withdraw(actor=sal, introduction_id=introduction.pk)
            withdrawn.set()
            until_another_waits()

    def accept():
        withdrawn.wait(10)
        introductions.accept(actor=ada, introduction_id=introduction.pk)

    assert "withdrawn" in at_once(withdraw, accept, expected=Denied)[1].reason
    assert Introduction.objects.get().status == "withdrawn"

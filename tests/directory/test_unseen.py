"""Characters that nobody sees, or that act on what stands around them, are in no text of the directory."""

import pytest
from django.core.exceptions import ValidationError

from directory.actions import introductions, listings, officer_listings
from directory.models import Introduction, SupplierListing
from tests import make

pytestmark = pytest.mark.django_db

UNSEEN = "\u200b\u2060 \u202e"


def test_a_request_of_nothing_to_see_is_empty(sal, ada, mo):
    for words, said in (({"purpose": UNSEEN}, "Say in one line"), ({"message": UNSEEN}, "Write why you ask")):
        with pytest.raises(ValidationError) as wrong:
            make.introduction(sal, ada, **words)
        assert said in str(wrong.value)
    assert not Introduction.objects.exists()


def test_a_request_keeps_what_can_be_seen(sal, ada, mo):
    made = make.introduction(sal, ada, purpose="Case\u202e work\u200b\x07", message="May we\x1b talk?\r\nSoon.\x85")
    assert (made.purpose, made.message) == ("Case work", "May we talk?\nSoon.")


@pytest.mark.parametrize("action", [introductions.return_, introductions.reject])
def test_a_reason_of_nothing_to_see_is_none(action, sal, ada, mo):
    made = make.introduction(sal, ada)
    with pytest.raises(ValidationError, match="the supplier will read it"):
        action(actor=mo, introduction=made, reason=UNSEEN)


def test_nor_for_a_listing(sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    with pytest.raises(ValidationError, match="they will read it"):
        listings.return_(actor=mo, listing=listing, reason=UNSEEN)


def test_a_listing_keeps_what_can_be_seen(sal):
    listings.save(
        actor=sal,
        text=make.LISTING_TEXT
        | {
            "strapline": "Case\u202e work\nfor all\u200b",
            "description": "One.\x07\r\n\r\nTwo.",
            "prices": UNSEEN,
            "contact_name": "Robin\u2066 Contact",
            "clients": ["Hull\u202e", UNSEEN, "Lewis\x00ham"],
        },
    )
    text = SupplierListing.objects.get().proposal
    assert text["strapline"] == "Case work for all" and text["description"] == "One.\n\nTwo."
    assert text["contact_name"] == "Robin Contact" and text["clients"] == ["Hull", "Lewisham"]
    with pytest.raises(ValidationError) as wrong:
        listings.submit(actor=sal)
    assert list(wrong.value.message_dict) == ["prices"]


def test_an_officers_listing_keeps_what_can_be_seen(ada):
    made = officer_listings.opt_in(actor=ada, works_on="Re\x07pairs.", open_to="Case\u202e work.", topics=["housing"])
    assert (made.works_on, made.open_to) == ("Repairs.", "Case work.")
    with pytest.raises(ValidationError, match="Say what you work on"):
        officer_listings.opt_in(actor=ada, works_on=UNSEEN, topics=["housing"])

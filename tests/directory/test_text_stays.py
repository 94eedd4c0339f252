"""What was typed is not lost when the answer is no: it is in its form again or, where there is no form, on the page."""

import uuid
from html import unescape

import pytest

from directory.models import Introduction, OfficerListing, SupplierListing
from members.models import Member
from tests import make
from tests.directory.test_listing import typed

pytestmark = pytest.mark.django_db

HALF_AN_HOUR = "Half an hour of typing.\n</textarea><script>alert(1)</script>"


def request(**values):
    return {"purpose": "Case work", "message": HALF_AN_HOUR, "token": uuid.uuid4()} | values


# --- The thing has moved on: the form with the text and the reason ---------------------------------


@pytest.mark.parametrize("status", ["forwarded", "withdrawn", "rejected"])
def test_a_request_that_moved_on_while_it_was_changed(status, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status=status)
    response = as_(sal).post(f"/introductions/{introduction.pk}/edit/", request(send="1"))
    assert response.status_code == 403 and "request" in response.context["form"].non_field_errors()[0]
    assert response.context["form"]["message"].value() == HALF_AN_HOUR
    introduction.refresh_from_db()
    assert introduction.status == status and introduction.message == "May we talk?"


@pytest.mark.parametrize("answer", ["accept", "decline", "not-now"])
def test_a_request_that_was_withdrawn_while_it_was_answered(answer, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    as_(sal).post(f"/introductions/{introduction.pk}/withdraw/")
    response = as_(ada).post(f"/introductions/{introduction.pk}/{answer}/", {"words": HALF_AN_HOUR})
    assert response.status_code == 403 and "withdrawn" in response.context["form"].non_field_errors()[0]
    assert response.context["form"]["words"].value() == HALF_AN_HOUR


def test_who_may_not_answer_is_told_so_in_the_form(as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    for other in (sal, mo):
        response = as_(other).post(f"/introductions/{introduction.pk}/accept/", {"words": HALF_AN_HOUR})
        assert response.status_code == 403 and response.context["form"]["words"].value() == HALF_AN_HOUR
    introduction.refresh_from_db()
    assert introduction.status == "forwarded"


def test_a_listing_that_is_public_as_it_is(as_, sal):
    make.supplier_listing(sal)
    response = as_(sal).post("/directory/listing/edit/", typed(send="1"))
    assert response.status_code == 403 and "no change to send" in response.content.decode()
    assert response.context["form"]["strapline"].value() == make.LISTING_TEXT["strapline"]


# --- "Save and send" is one action -----------------------------------------------------------------


def test_a_request_that_can_not_be_sent_is_not_half_saved(as_, sal, ada, settings):
    introduction = make.introduction(sal, ada, status="draft")
    settings.INTRODUCTIONS_PER_MONTH = 0
    response = as_(sal).post(f"/introductions/{introduction.pk}/edit/", request(send="1"))
    assert response.status_code == 403 and "You can send the next one from" in response.content.decode()
    assert response.context["form"]["message"].value() == HALF_AN_HOUR
    introduction.refresh_from_db()
    assert introduction.status == "draft" and introduction.message == "May we talk?"


def test_a_listing_that_can_not_be_sent_is_not_half_saved(as_, sal, mo):
    make.supplier_listing(sal, status="submitted")
    response = as_(sal).post("/directory/listing/edit/", typed(strapline="Other words.", prices="", send="1"))
    assert response.status_code == 422 and "Say how the charge is worked out" in response.content.decode()
    assert response.context["form"]["strapline"].value() == "Other words."
    listing = SupplierListing.objects.get()
    assert listing.status == "submitted" and listing.proposal["strapline"] == make.LISTING_TEXT["strapline"]


def test_what_can_be_sent_is_saved_and_sent(as_, sal, ada):
    introduction = make.introduction(sal, ada, status="draft")
    assert as_(sal).post(f"/introductions/{introduction.pk}/edit/", request(send="1")).status_code == 302
    introduction.refresh_from_db()
    assert introduction.status == "submitted" and introduction.message == HALF_AN_HOUR


# --- The thing is gone, or was never there: the page that says so shows the text -------------------


def leave_the_supplier(sal, ada):
    Member.objects.filter(pk=sal.pk).update(standing="newcomer")


def leave_the_council(sal, ada):
    Member.objects.filter(pk=ada.pk).update(standing="newcomer")


def opt_out(sal, ada):
    OfficerListing.objects.update(opted_out_at="2026-01-01T00:00Z")


def take_the_listing_out(sal, ada):
    SupplierListing.objects.update(status="draft", approved_at=None)


GONE = {
    "the officer left the directory": ("sal", "/introductions/new/?officer={officer}", opt_out),
    "the one who asks left the supplier": ("sal", "/introductions/new/?officer={officer}", leave_the_supplier),
    "the supplier left the directory": ("ada", "/directory/suppliers/brightwave/ask/", take_the_listing_out),
    "the one who writes is no officer now": ("ada", "/directory/suppliers/brightwave/ask/", leave_the_council),
    "a draft of the former supplier": ("sal", "/introductions/{draft}/edit/", leave_the_supplier),
}


@pytest.mark.parametrize("case", GONE)
def test_a_request_that_leads_nowhere_any_more(case, as_, sal, ada, ben):
    who, address, happens = GONE[case]
    make.supplier_listing(sal)
    officer, draft = make.officer_listing(ada).public_id, make.introduction(sal, ben, status="draft").pk
    path, client = address.format(officer=officer, draft=draft), as_({"sal": sal, "ada": ada}[who])
    assert client.get(path).status_code == 200
    happens(sal, ada)
    response = client.post(path, request())
    shows(response, HALF_AN_HOUR, "Case work")
    assert Introduction.objects.count() == 1
    assert "What you wrote" not in client.get(path).content.decode()


def shows(response, *texts):
    page = response.content.decode()
    assert response.status_code == 404 and "What you wrote" in page
    assert "<script>alert" not in page, "it is shown as text"
    assert all(text in unescape(page) for text in texts)


def test_an_answer_of_an_officer_who_is_none_any_more(as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    leave_the_council(sal, ada)
    shows(as_(ada).post(f"/introductions/{introduction.pk}/decline/", {"words": HALF_AN_HOUR}), HALF_AN_HOUR)


def test_the_listing_of_a_former_supplier(as_, sal, ada):
    leave_the_supplier(sal, ada)
    text = typed(description=HALF_AN_HOUR)
    shows(as_(sal).post("/directory/listing/edit/", text), HALF_AN_HOUR, text["strapline"], text["prices"])


def test_the_listing_of_a_former_officer(as_, sal, ada):
    leave_the_council(sal, ada)
    shows(as_(ada).post("/directory/my-listing/", {"works_on": HALF_AN_HOUR, "topics": "housing"}), HALF_AN_HOUR)


def test_what_is_forbidden_and_what_never_was_give_the_same_page(as_, sal, ben, ada):
    """The page with the text tells no more than the page without it: only one's own words stand there."""
    theirs = make.introduction(sal, ada, status="draft")
    pages = {
        as_(ben).post(f"/introductions/{pk}/edit/", request(token="")).content.decode().split("<main")[1]
        for pk in (theirs.pk, 999_999)
    }
    assert len(pages) == 1


def test_nothing_typed_nothing_shown(as_, ada):
    response = as_(ada).post("/introductions/999999/decline/", {"words": " \n", "other": "Not of this form."})
    page = response.content.decode()
    assert response.status_code == 404 and "What you wrote" not in page and "Not of this form." not in page

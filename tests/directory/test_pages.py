"""Every page of the directory, for everyone who comes: who gets it, and who finds nothing."""

import uuid

import pytest

from directory.models import OfficerListing
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(sal, ada, mo):
    listing = make.supplier_listing(sal)
    make.officer_listing(ada)
    request = make.introduction(sal, ada, status="forwarded")
    return {
        "slug": listing.supplier.slug,
        "officer": OfficerListing.objects.get(member=ada).public_id,
        "pk": request.pk,
    }


SIGN_IN = 302
#                                        visitor  cleo  eve  pat  sal  ada  ben  mo
PAGES = {
    "/directory/":                      (200, 200, 200, 200, 200, 200, 200, 200),
    "/directory/suppliers/{slug}/":     (200, 200, 200, 200, 200, 200, 200, 200),
    "/directory/suppliers/nobody/":     (404, 404, 404, 404, 404, 404, 404, 404),
    "/directory/suppliers/{slug}/ask/": (SIGN_IN, 404, 404, 404, 404, 200, 200, 404),
    "/directory/officers/":             (404, 404, 404, 200, 200, 200, 200, 200),
    "/directory/officers/{officer}/":   (404, 404, 404, 200, 200, 200, 200, 200),
    "/directory/listing/":              (SIGN_IN, 404, 404, 200, 200, 404, 404, 404),
    "/directory/listing/edit/":         (SIGN_IN, 404, 404, 200, 200, 404, 404, 404),
    "/directory/listing/withdraw/":     (SIGN_IN, 404, 404, 200, 200, 404, 404, 404),
    "/directory/my-listing/":           (SIGN_IN, 404, 404, 404, 404, 200, 200, 404),
    "/directory/my-listing/leave/":     (SIGN_IN, 404, 404, 404, 404, 200, 200, 404),
    "/introductions/":                  (SIGN_IN, 200, 200, 200, 200, 200, 200, 200),
    "/introductions/new/?officer={officer}": (SIGN_IN, 404, 404, 200, 200, 404, 404, 404),
    "/introductions/{pk}/":             (SIGN_IN, 404, 404, 404, 200, 200, 404, 200),
    "/introductions/{pk}/edit/":        (SIGN_IN, 404, 404, 404, 403, 403, 404, 403),
    "/introductions/{pk}/withdraw/":    (SIGN_IN, 404, 404, 404, 200, 403, 404, 403),
    "/introductions/{pk}/accept/":      (SIGN_IN, 404, 404, 404, 403, 200, 404, 403),
    "/introductions/{pk}/decline/":     (SIGN_IN, 404, 404, 404, 403, 200, 404, 403),
    "/introductions/{pk}/not-now/":     (SIGN_IN, 404, 404, 404, 403, 200, 404, 403),
    "/introductions/999999/":           (SIGN_IN, 404, 404, 404, 404, 404, 404, 404),
    "/cms/introductions/":              (SIGN_IN, 404, 302, 404, 404, 404, 404, 200),
    "/cms/introductions/{pk}/":         (SIGN_IN, 404, 404, 404, 404, 404, 404, 200),
    "/cms/introductions/{pk}/forward/": (SIGN_IN, 404, 404, 404, 404, 404, 404, 200),
    "/cms/supplier-listings/":          (SIGN_IN, 404, 302, 404, 404, 404, 404, 200),
}  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_who_gets_which_page(address, everything, as_, cleo, eve, sal, ada, ben, mo):
    pat = make.supplier_member("Pat Quill", company="Quillhouse")
    make.supplier_listing(pat)
    path = address.format(**everything)
    found = tuple(as_(one).get(path).status_code for one in (None, cleo, eve, pat, sal, ada, ben, mo))
    assert found == PAGES[address]


@pytest.mark.parametrize("name", ["submit", "withdraw", "accept", "decline", "not-now", "edit"])
def test_strangers_can_post_nothing(name, everything, as_, cleo, ben):
    pat = make.supplier_member("Pat Quill", company="Quillhouse")
    for stranger in (cleo, ben, pat):
        assert as_(stranger).post(f"/introductions/{everything['pk']}/{name}/").status_code == 404


def test_an_officer_who_left_is_as_absent_as_one_who_never_was(everything, as_, sal, ada):
    from directory.actions import officer_listings

    officer_listings.opt_out(actor=ada)
    gone = as_(sal).get(f"/directory/officers/{everything['officer']}/")
    never = as_(sal).get(f"/directory/officers/{uuid.uuid4()}/")
    assert gone.status_code == never.status_code == 404


def test_suspended_and_former_officers_are_absent(everything, as_, sal, ada):
    for change in ({"is_active": False}, {"is_active": True, "standing": "newcomer"}):
        type(ada).objects.filter(pk=ada.pk).update(**change)
        assert as_(sal).get(f"/directory/officers/{everything['officer']}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?page=abc",
        "?page=99999999999",
        "?page=-1",
        "?topic=%00",
        "?topic=nonsense&size=x",
        "?q=%22-%28%00AND",
        "?q=" + "a" * 5000,
    ],
)
def test_nonsense_in_the_address_is_borne(query, everything, as_, sal):
    assert as_(sal).get(f"/directory/{query}").status_code == 200
    assert as_(sal).get(f"/directory/officers/{query}").status_code == 200


@pytest.mark.parametrize("officer", ["", "12", "nonsense", "%00"])
def test_asking_nobody_finds_nothing(officer, everything, as_, sal):
    assert as_(sal).get(f"/introductions/new/?officer={officer}").status_code == 404

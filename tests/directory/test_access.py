"""Who sees and does what, where one rule alone keeps it apart."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from directory import access
from directory.actions import officer_listings
from lib.access import Denied
from members.models import Member
from tests import make

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_what_is_public_and_no_more(sal, ada):
    listing, introduction = make.supplier_listing(sal), make.introduction(sal, ada, status="accepted")
    visitor = AnonymousUser()
    assert list(access.visible_supplier_listings(visitor)) == [listing]
    for rows in (
        access.visible_proposals(visitor),
        access.visible_officer_listings(visitor),
        access.visible_introductions(visitor),
        access.decidable_introductions(visitor),
    ):
        assert not rows.exists()
    assert not access.shows_contact(visitor, listing)
    assert not access.shows_email(visitor, ada.officer_listing)
    for absent in (access.own_supplier, access.require_browsing, access.require_officer):
        with pytest.raises(Http404):
            absent(visitor)
    with pytest.raises(Http404):
        access.introduction(visitor, introduction.pk)
    for denied in (access.check_write_listing, lambda one: access.check_decide_listing(one, listing)):
        with pytest.raises(Denied):
            denied(visitor)


def test_who_works_for_another_supplier_now_reads_no_news_of_the_first(
    as_, sal, mo, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make.supplier_listing(sal)
    said = "The listing of BrightWave is approved"
    assert said in as_(sal).get("/inbox/").content.decode()
    Member.objects.filter(pk=sal.pk).update(organisation=make.supplier("Quillhouse"))
    assert said not in as_(sal).get("/inbox/").content.decode()


def test_the_name_goes_out_of_a_request_with_the_listing(as_, sal, ada):
    make.officer_listing(ada, show_name=True)
    page = f"/introductions/{make.introduction(sal, ada, status='forwarded').pk}/"
    assert ada.name in as_(sal).get(page).content.decode()
    officer_listings.opt_out(actor=ada)
    assert ada.name not in as_(sal).get(page).content.decode()


def contact_of(client, supplier="brightwave") -> bool:
    return "hello@brightwave.example" in client.get(f"/directory/suppliers/{supplier}/").content.decode()


def test_the_contact_is_for_officers_who_were_introduced_to_this_very_supplier(as_, sal, ada, ben):
    make.introduction(sal, ada, status="accepted")
    robin = make.supplier_member("Robin Rival", company="Quillhouse")
    make.introduction(robin, ben, status="accepted")
    assert contact_of(as_(ada)) and contact_of(as_(ben), "quillhouse")
    assert not contact_of(as_(ben))
    Member.objects.filter(pk=ada.pk).update(standing="newcomer")
    assert not contact_of(as_(ada))


def test_a_draft_is_no_moderators_business(as_, sal, ada, mo):
    draft = make.introduction(sal, ada, status="draft")
    for page in (f"/introductions/{draft.pk}/", f"/cms/introductions/{draft.pk}/"):
        assert as_(mo).get(page).status_code == 404
    assert draft.purpose not in as_(mo).get("/cms/introductions/").content.decode()


@pytest.mark.parametrize(("show_email", "readers"), [(True, {"ben"}), (False, set())])
def test_an_officers_address_is_for_other_officers_where_its_owner_chose_so(
    show_email, readers, as_, sal, ada, ben, mo
):
    page = f"/directory/officers/{make.officer_listing(ada, show_email=show_email).public_id}/"
    viewers = {"sal": sal, "ben": ben, "mo": mo}
    assert {name for name, one in viewers.items() if ada.email in as_(one).get(page).content.decode()} == readers

"""Who sees and does what, where one rule alone keeps it apart."""

import uuid
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.http import Http404

from directory import access
from directory.actions import introductions, officer_listings
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


@pytest.mark.parametrize("status", ["accepted", "declined", "not_now"])
def test_a_moderator_reads_who_was_asked_and_not_what_was_answered(status, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status=status, words="Ring me on Tuesdays.")
    robin = make.supplier_member("Robin Rival", company="Quillhouse", groups=["Moderators"])
    page = f"/introductions/{introduction.pk}/"
    for moderator in (mo, robin):
        client = as_(moderator)
        text = client.get(page).content.decode()
        assert ada.name in text and "Ring me" not in text
        assert client.get(f"{page}withdraw/").status_code == 403
    assert "Ring me" in as_(sal).get(page).content.decode()


def test_after_the_yes_the_colleague_of_who_asked_does_not_know_the_officer(as_, sal, ada):
    introduction = make.introduction(sal, ada, status="accepted", words="Ring me on Tuesdays.")
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    page = as_(pat).get(f"/introductions/{introduction.pk}/").content.decode()
    assert introduction.purpose in page
    assert ada.name not in page and "Ring me" not in page


@pytest.mark.parametrize(("status", "readers"), [("forwarded", {"sal", "mo"}), ("accepted", {"sal", "mo", "ada"})])
def test_an_officer_gets_the_suppliers_address_with_the_yes(status, readers, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status=status)
    who = {"sal": sal, "ada": ada, "mo": mo}
    shown = {
        name: as_(one).get(f"/introductions/{introduction.pk}/").context["introduction"] for name, one in who.items()
    }
    assert {name for name, seen in shown.items() if seen.asker_email == sal.email} == readers
    assert {name for name, seen in shown.items() if seen.contact} == readers


def test_nobody_begins_a_request_that_could_not_be_sent(as_, sal, ada, ben, mo):
    make.supplier_listing(sal)
    make.officer_listing(ben)
    address = f"/introductions/new/?officer={make.officer_listing(ada, accepts=False).public_id}"
    form = {"purpose": "Case work for damp", "message": "May we talk?", "token": uuid.uuid4(), "draft": "1"}
    response = as_(sal).post(address, form)
    assert response.status_code == 403
    assert "does not take requests" in response.content.decode()


def test_a_supplier_does_not_ask_because_another_is_listed(sal, ada, mo):
    make.supplier_listing(make.supplier_member("Robin Rival", company="Quillhouse"))
    with pytest.raises(Denied, match="once a moderator has approved its listing"):
        introductions.ask(
            actor=sal, listing=make.officer_listing(ada), purpose="Damp", message="May we talk?", token=uuid.uuid4()
        )


@pytest.mark.parametrize("change", [{"is_active": False}, {"standing": "newcomer"}])
def test_nothing_is_sent_or_forwarded_to_who_is_no_officer_here_any_more(change, sal, ada, ben, mo):
    draft, sent = make.introduction(sal, ada, status="draft"), make.introduction(sal, ben)
    Member.objects.filter(pk__in=[ada.pk, ben.pk]).update(**change)
    with pytest.raises(Denied, match="does not take requests"):
        introductions.submit(actor=sal, introduction=draft)
    with pytest.raises(Denied, match="does not take requests"):
        introductions.forward(actor=mo, introduction=sent)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("accepted", "This officer and BrightWave are introduced already."),
        ("declined", "This officer declined a request from BrightWave."),
        ("not_now", "This officer answered BrightWave with “not now”."),
        ("expired", "This officer did not answer BrightWave’s last request."),
    ],
)
def test_why_a_supplier_has_to_wait_is_said(status, sentence, sal, ada, mo):
    make.introduction(sal, ada, status=status)
    with pytest.raises(Denied) as denied:
        make.introduction(sal, ada)
    assert denied.value.reason.startswith(f"{sentence} You can ask again from ")


def test_only_officers_write_to_a_supplier_and_once_a_month(sal, ada, mo):
    listing, now = make.supplier_listing(sal), datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

    def write(actor, **when):
        words = {"purpose": "Damp", "message": "May we talk?"}
        return introductions.ask_supplier(actor=actor, listing=listing, token=uuid.uuid4(), **words, **when)

    with pytest.raises(Denied, match="Only officers"):
        write(make.supplier_member("Robin Rival", company="Quillhouse"))
    write(ada, now=now)
    with pytest.raises(Denied, match="You wrote to BrightWave on 3 March 2026"):
        write(ada, now=now)


@pytest.mark.parametrize("who", ["ada", "mo", "sal"])
def test_only_who_asks_an_officer_changes_the_request(who, as_, sal, ada, mo):
    """Sal has a letter from Ada, too: nobody changes that."""
    letter = introductions.ask_supplier(
        actor=ada, listing=make.supplier_listing(sal), purpose="Damp", message="May we talk?", token=uuid.uuid4()
    )
    request = make.introduction(sal, make.officer("Una Poe", council="Hull"))
    addressed = letter if who in {"ada", "sal"} else request
    client = as_({"ada": ada, "mo": mo, "sal": sal}[who])
    response = client.get(f"/introductions/{addressed.pk}/edit/")
    assert response.status_code == 403
    assert "Only the supplier’s member who asks can change this request." in response.content.decode()


def test_a_letter_to_a_supplier_is_neither_withdrawn_nor_answered_here(sal, ada, mo):
    letter = introductions.ask_supplier(
        actor=ada, listing=make.supplier_listing(sal), purpose="Damp", message="May we talk?", token=uuid.uuid4()
    )
    with pytest.raises(Denied, match="Only the supplier who asks can withdraw"):
        introductions.withdraw(actor=sal, introduction=letter)
    for answer in (introductions.accept, introductions.decline):
        with pytest.raises(Denied, match="Only the officer who is asked can answer"):
            answer(actor=ada, introduction=letter)


@pytest.mark.parametrize("who", ["ada", "mo"])
def test_nobody_withdraws_the_request_of_a_supplier_but_its_members(who, sal, ada, mo):
    with pytest.raises(Denied, match="Only the supplier who asks can withdraw"):
        introductions.withdraw(
            actor={"ada": ada, "mo": mo}[who], introduction=make.introduction(sal, ada, status="forwarded")
        )


def test_what_is_sent_again_is_not_counted_again(sal, ada, mo, settings):
    settings.INTRODUCTIONS_PER_MONTH = 1
    returned = make.introduction(sal, ada, status="returned")
    assert introductions.submit(actor=sal, introduction=returned).status == "submitted"


@pytest.mark.parametrize(("who", "name"), [("sal", "withdraw"), ("ada", "accept"), ("ada", "decline")])
def test_no_form_is_shown_where_nothing_is_left_to_do(who, name, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="declined")
    response = as_({"sal": sal, "ada": ada}[who]).get(f"/introductions/{introduction.pk}/{name}/")
    assert response.status_code == 403
    assert "The officer has declined this request." in response.content.decode()


@pytest.mark.parametrize("who", ["sal", "ada"])
def test_the_two_sides_are_told_that_moderators_decide(who, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    with pytest.raises(Denied, match="Only moderators can do this"):
        introductions.forward(actor={"sal": sal, "ada": ada}[who], introduction=introduction)


def test_a_moderator_does_not_decide_what_they_were_asked(sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    ada.groups.add(Group.objects.get(name="Moderators"))
    with pytest.raises(Denied, match="concerns you"):
        introductions.reject(actor=ada, introduction=introduction, reason="No.")


def test_whom_a_supplier_member_knows_by_name(as_, sal, ada, ben, cleo, mo):
    """Ada said yes to Sal, Ben no; Una wrote to the supplier; Xan shows the name, and Zoe did so before she left."""
    una, xan, zoe, dee = (make.officer(name, council=name) for name in ("Una Poe", "Xan Roe", "Zoe Loe", "Dee Moe"))
    make.introduction(sal, ada, status="accepted")
    make.introduction(sal, ben, status="declined")
    letter = {"purpose": "Damp", "message": "May we talk?", "token": uuid.uuid4()}
    introductions.ask_supplier(actor=una, listing=sal.organisation.listing, **letter)
    make.officer_listing(xan, show_name=True)
    make.officer_listing(zoe, show_name=True)
    officer_listings.opt_out(actor=zoe)
    robin = make.supplier_member("Robin Rival", company="Quillhouse")
    make.introduction(robin, dee, status="accepted")
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    known = {sal: {ada, una, xan}, pat: {una, xan}, robin: {dee, xan}, cleo: set()}
    for viewer, officers in known.items():
        client = as_(viewer)
        found = {one for one in (ada, ben, una, xan, zoe, dee) if client.get(f"/members/{one.pk}/").status_code == 200}
        assert found == officers, viewer

"""A supplier's listing: write, send, approve, return, change what is public, take out."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directory.actions import listings as actions
from directory.models import SupplierListing
from directory.rules.states import CHANGED_SINCE
from lib.access import Denied
from members.models import Activity
from tests import make
from tests.directory.decisions import open_form, press

pytestmark = pytest.mark.django_db
Status = SupplierListing.Status


def typed(**values):
    """The form as a browser sends it."""
    text = make.LISTING_TEXT | values
    lines = {name: "\r\n".join(text[name]) for name in ("frameworks", "clients", "security")}
    return text | lines | {"topics": ", ".join(text["topics"])}


def test_from_the_first_word_to_the_directory(as_, sal, mo):
    page = as_(sal).get("/directory/listing/").content.decode()
    assert "Write your listing" in page
    response = as_(sal).post("/directory/listing/edit/", typed(send="1"), follow=True)
    assert "Your listing is with the moderators." in response.content.decode()
    assert as_(None).get("/directory/suppliers/brightwave/").status_code == 404
    listing = SupplierListing.objects.get()
    queue = as_(mo).get("/cms/supplier-listings/").content.decode()
    assert "BrightWave" in queue and "Waits for you" in queue
    assert "1 supplier listing waits" in " ".join(as_(mo).get("/cms/").content.decode().split())
    press(as_(mo), f"/cms/supplier-listings/{listing.pk}/approve/")
    page = as_(None).get("/directory/suppliers/brightwave/").content.decode()
    for words in (
        "Case work for housing teams.",
        "Small, 32 people",
        "G-Cloud 14",
        "Lewisham, Hull",
        "from £9,600 a year",
    ):
        assert words in page
    assert [a.verb for a in Activity.objects.filter(verb__startswith="listing").order_by("pk")] == [
        "listing.saved",
        "listing.submitted",
        "listing.approved",
    ]


def test_a_change_waits_while_the_approved_text_stays_public(as_, sal, mo):
    listing = make.supplier_listing(sal)
    as_(sal).post("/directory/listing/edit/", typed(strapline="Something new.", topics=["repairs"], send="1"))
    public = as_(None).get("/directory/suppliers/brightwave/").content.decode()
    assert "Case work for housing teams." in public and "Something new." not in public
    assert "Something new." not in as_(None).get("/directory/").content.decode()
    own = as_(sal).get("/directory/listing/").content.decode()
    assert "Something new." in own and "stays public until your change is approved" in own and "Changed" in own
    inspect = as_(mo).get(f"/cms/supplier-listings/{listing.pk}/").content.decode()
    assert "Something new." in inspect and "Case work for housing teams." in inspect and "What would change" in inspect
    actions.approve(actor=mo, listing=listing)
    public = as_(None).get("/directory/").content.decode()
    assert "Something new." in public and "#repairs" not in public and "repairs" in public


def test_what_is_returned_says_why_and_can_be_sent_again(as_, sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    response = press(as_(mo), f"/cms/supplier-listings/{listing.pk}/return/", {"reason": ""})
    assert "Write the reason" in response.content.decode()
    press(as_(mo), f"/cms/supplier-listings/{listing.pk}/return/", {"reason": "Name your prices."})
    assert "Name your prices." in as_(sal).get("/directory/listing/").content.decode()
    assert "Name your prices." in as_(sal).get("/directory/listing/edit/").content.decode()
    as_(sal).post("/directory/listing/edit/", typed(prices="From £1.", send="1"))
    listing.refresh_from_db()
    assert listing.status == Status.SUBMITTED and listing.reason == ""


def test_taken_out_it_is_gone_for_everybody_and_its_text_is_kept(as_, sal):
    make.supplier_listing(sal)
    as_(sal).post("/directory/listing/withdraw/")
    assert as_(None).get("/directory/suppliers/brightwave/").status_code == 404
    assert "BrightWave" not in as_(None).get("/directory/?q=housing").content.decode()
    assert "Case work for housing teams." in as_(sal).get("/directory/listing/").content.decode()


def test_a_change_while_it_waits_takes_it_out_of_the_queue(sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    actions.save(actor=sal, text=make.LISTING_TEXT | {"strapline": "Other words."})
    with pytest.raises(Denied, match="taken back by the supplier"):
        actions.approve(actor=mo, listing=listing)


def send(sal, **values):
    actions.save(actor=sal, text=make.LISTING_TEXT | values)
    actions.submit(actor=sal)


@pytest.mark.parametrize(("button", "words"), [("approve", {}), ("return", {"reason": "Name your prices."})])
def test_a_moderator_decides_about_what_was_read_and_not_what_came_after(button, words, as_, sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    path, client = f"/cms/supplier-listings/{listing.pk}/{button}/", as_(mo)
    assert "Case work for housing teams." in client.get(path).content.decode()
    read = open_form(client, path)
    send(sal, strapline="The best there is.")
    page = client.post(path, read | words).content.decode()
    assert CHANGED_SINCE in page and "The best there is." in page
    listing.refresh_from_db()
    assert listing.status == Status.SUBMITTED and not listing.is_public
    press(client, path, words)
    listing.refresh_from_db()
    assert listing.status != Status.SUBMITTED


def test_a_text_that_came_between_reading_and_opening_the_form_is_told(as_, sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    [approve, _] = as_(mo).get(f"/cms/supplier-listings/{listing.pk}/").context["decisions"]
    assert CHANGED_SINCE not in as_(mo).get(approve[0]).content.decode()
    send(sal, strapline="The best there is.")
    page = as_(mo).get(approve[0]).content.decode()
    assert CHANGED_SINCE in page and "The best there is." in page


def test_a_form_refused_for_its_words_does_not_pass_over_a_new_text(as_, sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    path, client = f"/cms/supplier-listings/{listing.pk}/return/", as_(mo)
    read = open_form(client, path)
    send(sal, strapline="The best there is.")
    page = client.post(path, read | {"reason": ""}).content.decode()
    assert CHANGED_SINCE in page and "The best there is." in page and "Write the reason" in page


@pytest.mark.parametrize("seen", ["", "nonsense", "\x00"])
def test_a_form_that_does_not_say_what_was_read_decides_nothing(seen, as_, sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    as_(mo).post(f"/cms/supplier-listings/{listing.pk}/approve/", {"seen": seen})
    listing.refresh_from_db()
    assert listing.status == Status.SUBMITTED


def test_what_is_approved_is_public_as_it_was_sent(sal, mo):
    listing = make.supplier_listing(sal, status="submitted")
    actions.approve(actor=mo, listing=listing)
    listing = SupplierListing.objects.get()
    assert (listing.strapline, listing.people, listing.size) == ("Case work for housing teams.", 32, "small")
    assert sorted(listing.topics.names()) == ["case-management", "housing"]


def test_twice_is_harmless(sal, mo):
    listing = make.supplier_listing(sal)
    before = Activity.objects.count()
    actions.approve(actor=mo, listing=listing)
    actions.save(actor=sal, text=make.LISTING_TEXT)
    assert SupplierListing.objects.get().status == Status.APPROVED, "the same text again is no change"
    actions.withdraw(actor=sal)
    actions.withdraw(actor=sal)
    assert Activity.objects.count() == before + 1


@pytest.mark.parametrize("before", Status.values)
def test_every_move_of_a_listing(before, sal, mo):
    moves = {
        "submitted": lambda listing: actions.submit(actor=sal),
        "approved": lambda listing: actions.approve(actor=mo, listing=listing),
        "returned": lambda listing: actions.return_(actor=mo, listing=listing, reason="Because."),
    }
    for after, move in moves.items():
        listing = (
            make.supplier_listing(sal, status=before)
            if not SupplierListing.objects.exists()
            else SupplierListing.objects.get()
        )
        with transaction.atomic():
            try:
                move(listing)
            except Denied:
                assert not Status(before).may_become(after) and before != after
            else:
                assert Status(before).may_become(after) or before == after
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"strapline": "x" * 141}, "strapline", "the limit is 140"),
        ({"description": "x" * 3001}, "description", "the limit is 3,000"),
        ({"people": 0}, "people", "greater than or equal to 1"),
        ({"founded": 3000}, "founded", "not come yet"),
        ({"website": "javascript:alert(1)"}, "website", "valid URL"),
        ({"contact_email": "nobody"}, "contact_email", "valid email"),
        ({"frameworks": ["x"] * 13}, "frameworks", "there can be 12"),
        ({"clients": ["x" * 121]}, "clients", "a line can have 120"),
        ({"topics": ["a"] * 3 + list("bcdefghi")}, "topics", "there can be 8"),
        ({"topics": ["<script>"]}, "topics", "can’t be a topic"),
        ({"description": "a\x00b"}, "description", "null character"),
    ],
)
def test_what_is_wrong_is_said_for_its_field(values, field, said, sal):
    with pytest.raises(ValidationError) as wrong:
        actions.save(actor=sal, text=make.LISTING_TEXT | values)
    assert said in " ".join(wrong.value.message_dict[field])
    assert not SupplierListing.objects.exists()


WRONG = {"strapline": "x" * 141, "website": "javascript:alert(1)", "people": "many", "founded": "2199"}


@pytest.mark.parametrize(("button", "missing"), [({}, set()), ({"send": "1"}, {"prices"})], ids=["saved", "sent"])
def test_all_that_is_wrong_is_said_at_once(button, missing, as_, sal):
    response = as_(sal).post("/directory/listing/edit/", typed(prices="", **WRONG, **button))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {*WRONG, *missing}
    assert all(len(said) == 1 for said in errors.values())
    page = response.content.decode()
    assert "Write a web address such as" in page and "Write a whole number" in page
    assert "Enter a valid" not in page and "Enter a whole" not in page
    assert not SupplierListing.objects.exists()


def test_what_is_missing_is_said_when_it_is_sent_and_a_draft_may_lack_it(as_, sal):
    unfinished = typed(prices="", topics=[])
    response = as_(sal).post("/directory/listing/edit/", unfinished | {"send": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Say how the charge is worked out" in page and "Name at least one topic." in page
    assert not SupplierListing.objects.exists()
    as_(sal).post("/directory/listing/edit/", unfinished)
    assert SupplierListing.objects.get().status == Status.DRAFT
    response = as_(sal).post("/directory/listing/submit/")
    assert response.status_code == 422 and "Before you can send it" in response.content.decode()


@pytest.mark.parametrize("who", ["cleo", "ada", "eve", "mo"])
def test_only_the_suppliers_members_write(who, cleo, ada, eve, mo, sal):
    actor = {"cleo": cleo, "ada": ada, "eve": eve, "mo": mo}[who]
    make.supplier_listing(sal)
    for action in (
        lambda: actions.save(actor=actor, text={}),
        lambda: actions.submit(actor=actor),
        lambda: actions.withdraw(actor=actor),
    ):
        with pytest.raises(Denied):
            action()


@pytest.mark.parametrize("who", ["cleo", "ada", "eve", "sal"])
def test_only_moderators_decide(who, cleo, ada, eve, sal):
    actor = {"cleo": cleo, "ada": ada, "eve": eve, "sal": sal}[who]
    listing = make.supplier_listing(sal, status="submitted")
    for action, words in ((actions.approve, {}), (actions.return_, {"reason": "x"})):
        with pytest.raises(Denied):
            action(actor=actor, listing=listing, **words)


def test_a_moderator_does_not_approve_their_own_organisation(sal):
    from django.contrib.auth.models import Group

    listing = make.supplier_listing(sal, status="submitted")
    sal.groups.add(Group.objects.get(name="Moderators"))
    with pytest.raises(Denied, match="your own organisation"):
        actions.approve(actor=type(sal).objects.get(pk=sal.pk), listing=listing)


def test_contact_details_are_for_who_was_introduced(as_, sal, ada, ben, mo):
    make.introduction(sal, ada, status="accepted")
    page = "/directory/suppliers/brightwave/"
    for reader, knows in ((None, False), (ben, False), (ada, True), (sal, True), (mo, True)):
        assert ("hello@brightwave.example" in as_(reader).get(page).content.decode()) is knows


@pytest.mark.parametrize(
    "change", [{"status": "returned", "reason": ""}, {"approved_at": None}, {"people": None}, {"status": "nonsense"}]
)
def test_the_database_refuses_a_listing_that_makes_no_sense(change, sal):
    make.supplier_listing(sal)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierListing.objects.update(**change)


def test_queries_do_not_grow_with_the_listings(as_, sal, django_assert_max_num_queries):
    def make_some(first, last):
        for number in range(first, last):
            make.supplier_listing(make.supplier_member(f"Seller {number}", company=f"Company {number}"))
            make.officer_listing(make.officer(f"Officer {number}", council=f"Council {number}"))

    make_some(0, 2)
    client = as_(sal)
    client.get("/directory/")
    counts = {}
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for path in ("/directory/", "/directory/officers/"):
        with CaptureQueriesContext(connection) as few:
            client.get(path)
        counts[path] = len(few)
    make_some(2, 12)
    for path, count in counts.items():
        with django_assert_max_num_queries(
            count + 5
        ):  # ten more listings must not cost ten; a shared cache may be cold
            client.get(path)
    assert max(counts.values()) <= 10

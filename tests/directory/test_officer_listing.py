"""An officer goes into the directory by their own choice, and leaves it."""

import pytest
from django.core.exceptions import ValidationError

from community.actions import posts
from directory.actions import officer_listings as actions
from directory.forms import NAMED_ELSEWHERE
from directory.models import OfficerListing
from lib.access import Denied
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db

TEXT = {"works_on": "Repairs.", "open_to": "Case work.", "topics": "housing, Data Platforms", "accepts": "on"}


def test_going_in_changing_and_leaving(as_, ada, ben):
    assert "You are not in the directory." in as_(ada).get("/directory/my-listing/").content.decode()
    page = as_(ada).post("/directory/my-listing/", TEXT, follow=True).content.decode()
    assert "This is how others see it" in page and "Others see your role and organisation" in page
    listing = OfficerListing.objects.get()
    assert not listing.show_name and not listing.show_email and listing.accepts
    assert sorted(listing.topics.names()) == ["data-platforms", "housing"]
    assert "Chief Digital Officer" in as_(ben).get("/directory/officers/").content.decode()
    as_(ada).post("/directory/my-listing/", TEXT | {"works_on": "Repairs and damp."})
    as_(ada).post("/directory/my-listing/leave/")
    assert "Chief Digital Officer" not in as_(ben).get("/directory/officers/").content.decode()
    assert "Repairs and damp." in as_(ada).get("/directory/my-listing/").content.decode(), (
        "the text is kept for a return"
    )
    as_(ada).post("/directory/my-listing/", TEXT)
    assert OfficerListing.objects.get().is_listed
    assert [a.verb for a in Activity.objects.order_by("pk")] == [
        "officer_listing.opted_in",
        "officer_listing.changed",
        "officer_listing.opted_out",
        "officer_listing.opted_in",
    ]


def test_leaving_twice_is_harmless(ada):
    assert actions.opt_out(actor=ada) is None
    make.officer_listing(ada)
    actions.opt_out(actor=ada)
    actions.opt_out(actor=ada)
    assert Activity.objects.filter(verb="officer_listing.opted_out").count() == 1


@pytest.mark.parametrize("who", ["cleo", "sal", "mo", "eve"])
def test_only_officers_have_one(who, cleo, sal, mo, eve):
    with pytest.raises(Denied):
        actions.opt_in(actor={"cleo": cleo, "sal": sal, "mo": mo, "eve": eve}[who], works_on="x", topics=["x"])


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"works_on": ""}, "Say what you work on."),
        ({"works_on": "x" * 601}, "the limit is 600"),
        ({"topics": ""}, "Name at least one topic."),
        ({"open_to": "x" * 301}, "the limit is 300"),
        ({"works_on": "I am Ada Okafor."}, "gives your name"),
        ({"open_to": "Write to ada@camden.example"}, "gives your name"),
    ],
)
def test_what_is_wrong_is_said(values, said, as_, ada):
    response = as_(ada).post("/directory/my-listing/", TEXT | values)
    assert response.status_code == 422 and said in response.content.decode()
    assert not OfficerListing.objects.exists()


def test_all_that_is_wrong_is_said_at_once(as_, ada):
    wrong = {"works_on": "I am Ada Okafor.", "topics": "", "open_to": "x" * 301}
    assert set(as_(ada).post("/directory/my-listing/", TEXT | wrong).context["form"].errors) == set(wrong)


def test_who_shows_the_name_may_write_it(ada):
    listing = actions.opt_in(actor=ada, works_on="I am Ada Okafor.", topics=["housing"], show_name=True)
    assert listing.show_name
    with pytest.raises(ValidationError):
        actions.opt_in(actor=ada, works_on="I am Ada Okafor.", topics=["housing"], show_name=False)


def test_who_has_posted_where_supplier_members_read_is_told_that_their_name_is_there(
    as_, ada, ben, sal, members_space, officers_space, group_space
):
    path = "/directory/my-listing/"
    make.thread(officers_space, ada)
    make.thread(group_space, ben)
    for officer in (ada, ben):
        assert NAMED_ELSEWHERE not in as_(officer).get(path).content.decode()
    thread = make.thread(members_space, ben)
    make.reply(thread, ada)
    for officer in (ada, ben):
        assert NAMED_ELSEWHERE in as_(officer).get(path).content.decode()


def test_a_space_of_invited_members_counts_once_a_supplier_member_is_among_them(as_, ben, sal):
    space = make.space("Reorganisation", audience="group", invited=[ben, sal])
    make.thread(space, ben)
    assert NAMED_ELSEWHERE in as_(ben).get("/directory/my-listing/").content.decode()


def test_a_deleted_post_still_carries_the_name(as_, ada, ben, sal, members_space):
    post = make.reply(make.thread(members_space, ben), ada)
    posts.delete(actor=ada, post=post)
    assert NAMED_ELSEWHERE in as_(ada).get("/directory/my-listing/").content.decode()

"""Spaces: their order, counts and audiences, as editors set them."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.test.utils.form_data import nested_form_data

from community.models import CommunityPage, SpacePage
from lib.access import Denied
from members.models import Activity, Member
from tests import make

pytestmark = pytest.mark.django_db


def titles(client) -> list[str]:
    return [space.title for space in client.get("/community/").context["spaces"]]


@pytest.fixture
def dropped(monkeypatch):
    """Which sockets were sent away."""
    said = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: said.append(whom))
    return said


def test_spaces_stand_in_the_editors_order(as_, ada):
    for title in ("Cyber", "Archive", "Data"):
        make.space(title)
    assert titles(as_(ada)) == ["Cyber", "Archive", "Data"]
    SpacePage.objects.get(title="Data").move(CommunityPage.objects.get(), pos="first-child")
    assert titles(as_(ada)) == ["Data", "Cyber", "Archive"]


@pytest.mark.parametrize(("who", "expected"), [
    (None, ["Open"]),
    ("cleo", ["Open", "Members"]),
    ("sal", ["Open", "Members"]),
    ("ada", ["Open", "Members", "Officers"]),
    ("ben", ["Open", "Members", "Officers", "Group"]),
    ("mo", ["Open", "Members", "Officers", "Group"]),
    ("eve", ["Open", "Members"]),
])  # fmt: skip
def test_each_sees_their_own(who, expected, as_, ben, request):
    for title, audience in {"Open": "everyone", "Members": "members", "Officers": "officers"}.items():
        make.space(title, audience=audience)
    make.space("Group", audience="group", invited=[ben])
    assert titles(as_(request.getfixturevalue(who) if who else None)) == expected


def test_counts_and_the_latest_thread(as_, ada, ben, members_space):
    make.reply(make.thread(members_space, ada, "The first of the threads"), ben)
    make.thread(members_space, ada, "The second of the threads")
    (space,) = as_(ada).get("/community/").context["spaces"]
    assert (space.statistics.thread_count, space.statistics.post_count) == (2, 3)
    assert space.statistics.latest_thread.title == "The second of the threads"


def test_a_space_without_threads_says_what_to_do(as_, ada, sal, members_space):
    assert "Start the first thread" in as_(ada).get("/community/ai-and-assistants/").content.decode()
    page = as_(sal).get("/community/ai-and-assistants/").content.decode()
    assert "No threads yet" in page and "Start the first thread" not in page


def test_a_community_without_spaces_says_so(client):
    assert "No spaces yet" in client.get("/community/").content.decode()


# --- Invitations ----------------------------------------------------------------------------------


def test_invited_members_read_and_post(as_, ben, mo, group_space, text):
    thread = make.thread(group_space, mo)
    client = as_(ben)
    assert client.get("/community/reorganisation/").status_code == 200
    assert client.post(f"/threads/{thread.pk}/reply/", text()).status_code == 302


def test_an_invited_supplier_member_reads_and_replies(as_, sal, mo, group_space, text):
    make.membership(group_space, sal)
    thread = make.thread(group_space, mo)
    assert as_(sal).post(f"/threads/{thread.pk}/reply/", text()).status_code == 302


def test_an_invitation_gives_a_newcomer_nothing(as_, cleo, group_space):
    make.membership(group_space, cleo)
    assert as_(cleo).get("/community/reorganisation/").status_code == 404


def test_an_invitation_into_an_officers_space_gives_a_supplier_nothing(as_, sal, officers_space):
    make.membership(officers_space, sal)
    assert as_(sal).get("/community/officers-only/").status_code == 404


# --- Changes by editors ---------------------------------------------------------------------------


def test_a_narrower_audience_counts_at_once_everywhere(as_, ada, ben, sal, admin, members_space, after_commit, dropped):
    thread = make.thread(members_space, ada, source="We want to know about archives.")
    with after_commit():
        make.reply(thread, sal, "I can tell.")
        make.reply(thread, ada, "Please do.", reply_to=2)
    assert Member.objects.get(pk=sal.pk).unread_count == 1
    with after_commit():
        make.decide_readers(members_space, admin, audience="officers")
    client = as_(sal)
    assert client.get(thread.get_absolute_url()).status_code == 404
    assert client.get("/search/?q=archives").context["results"].count == 0
    assert Member.objects.get(pk=sal.pk).unread_count == 0
    assert "Please do" not in client.get("/inbox/").content.decode()
    assert as_(ben).get(thread.get_absolute_url()).status_code == 200
    assert {"space_id": members_space.pk} in dropped


def test_a_wider_audience_counts_at_once(as_, sal, ada, admin, officers_space, officers_thread, dropped):
    make.decide_readers(officers_space, admin, audience="members")
    assert as_(sal).get(officers_thread.get_absolute_url()).status_code == 200


def test_an_unpublished_space_vanishes_for_everyone(as_, ada, mo, members_space, thread, after_commit, dropped):
    with after_commit():
        SpacePage.objects.get(pk=members_space.pk).unpublish()
    for client in (as_(ada), as_(mo), as_(None)):
        assert client.get("/community/ai-and-assistants/").status_code == 404
        assert client.get(thread.get_absolute_url()).status_code == 404
        assert client.get(f"/threads/{thread.pk}/changes/?since=0").status_code == 404
        assert titles(client) == []
        assert client.get("/community/").context["threads"] == []
    assert {"space_id": members_space.pk} in dropped


def test_a_revision_brings_back_words_and_not_who_may_read(as_, sal, eve, admin, members_space, thread):
    """A draft, its publication, an older revision, a scheduled one: none of them decides who may read."""
    old = SpacePage.objects.get(pk=members_space.pk).save_revision()
    make.decide_readers(members_space, admin, audience="officers", may_reply="moderators")
    make.publish_space(members_space, audience="everyone", may_reply="members", summary="A draft's words.")
    old.publish()
    members_space.refresh_from_db()
    assert (members_space.audience, members_space.may_reply) == ("officers", "moderators")
    assert members_space.summary == "About AI and assistants."
    form = space_form(members_space, audience="everyone", may_reply="members", summary="Typed by hand.")
    as_(eve).post(f"/cms/pages/{members_space.pk}/edit/", form)
    members_space.refresh_from_db()
    assert (members_space.audience, members_space.may_reply) == ("officers", "moderators")
    assert members_space.summary == "Typed by hand."
    assert as_(sal).get(thread.get_absolute_url()).status_code == 404


def test_publishing_keeps_the_counts(ada, members_space, thread, dropped):
    make.publish_space(members_space, summary="Another summary.")
    members_space.statistics.refresh_from_db()
    assert members_space.statistics.thread_count == 1


def test_a_space_with_threads_is_not_deleted(as_, admin, members_space, thread):
    as_(admin).post(f"/cms/pages/{members_space.pk}/delete/")
    assert SpacePage.objects.filter(pk=members_space.pk).exists()


def test_an_editor_sees_a_preview_of_a_space(as_, admin, members_space):
    response = SpacePage.objects.get(pk=members_space.pk).make_preview_request(preview_mode="")
    assert response.status_code == 200
    assert "AI and assistants" in response.content.decode()


def space_form(space, **changed) -> dict:
    """What the CMS's form sends when an editor presses Publish."""
    given = {name: getattr(space, name) for name in ("title", "slug", "summary", "guidelines", "icon", "audience")}
    given |= {"may_start": space.may_start, "may_reply": space.may_reply, "seo_title": "", "search_description": ""}
    return nested_form_data(
        {
            **given,
            "go_live_at": "",
            "expire_at": "",
            "action-publish": "1",
            **changed,
        }
    )


def decided(space, **changed) -> dict:
    return {name: getattr(space, name) for name in ("audience", "may_start", "may_reply")} | changed


@pytest.mark.parametrize(("before", "after", "is_saved"), [
    ("officers", "members", False), ("officers", "everyone", False), ("officers", "group", False),
    ("members", "everyone", False), ("group", "officers", False), ("group", "members", False),
    ("members", "officers", True), ("members", "group", True), ("everyone", "members", True),
    ("officers", "officers", True), ("group", "group", True),
])  # fmt: skip
def test_an_editor_does_not_open_to_others_what_was_said_among_fewer(before, after, is_saved, as_, ada, eve, verbs):
    space = make.space("Plans", audience=before, invited=[ada])
    make.thread(space, ada)
    said = verbs()
    response = as_(eve).post(f"/cms/spaces/{space.pk}/readers/", decided(space, audience=after))
    space.refresh_from_db()
    assert space.audience == (after if is_saved else before)
    if not is_saved:
        assert response.status_code == 403
        assert "There is a thread in this space" in response.content.decode()
        assert verbs() == said


def test_an_editor_opens_an_empty_space_and_an_administrator_any(as_, ada, eve, admin, verbs):
    empty, full = make.space("Empty", audience="officers"), make.space("Full", audience="officers")
    make.thread(full, ada)
    for who, space in ((eve, empty), (admin, full)):
        for _ in range(2):  # twice is once
            response = as_(who).post(f"/cms/spaces/{space.pk}/readers/", decided(space, audience="members"))
            assert response.status_code == 302
        space.refresh_from_db()
        assert space.audience == "members"
    assert verbs().count("space.readers_decided") == 2


def test_an_editor_says_who_may_post(as_, eve, members_space):
    form = decided(members_space, may_start="moderators", may_reply="officers")
    as_(eve).post(f"/cms/spaces/{members_space.pk}/readers/", form)
    members_space.refresh_from_db()
    assert decided(members_space) == form


def test_nonsense_is_not_decided(as_, eve, members_space):
    response = as_(eve).post(f"/cms/spaces/{members_space.pk}/readers/", decided(members_space, audience="nobody"))
    assert response.status_code == 422
    members_space.refresh_from_db()
    assert members_space.audience == "members"


@pytest.mark.parametrize("who", ["ada", "sal", "cleo"])
def test_members_decide_nothing(who, as_, members_space, request):
    member = request.getfixturevalue(who)
    assert as_(member).get(f"/cms/spaces/{members_space.pk}/readers/").status_code == 404
    with pytest.raises(Denied):
        make.decide_readers(members_space, member, audience="everyone")


def test_a_space_is_begun_with_its_readers(as_, eve, admin):
    below = CommunityPage.objects.get()
    words = {"title": "Begun", "slug": "begun", "summary": "Begun.", "guidelines": "", "icon": "messages-square"}
    readers = {"audience": "officers", "may_start": "officers", "may_reply": "officers"}
    form = nested_form_data(words | readers | {"seo_title": "", "search_description": "", "action-publish": "1"})
    as_(eve).post(f"/cms/pages/add/community/spacepage/{below.pk}/", form)
    made = SpacePage.objects.get(slug="begun")
    assert decided(made) == readers
    page = as_(eve).get(f"/cms/pages/{made.pk}/edit/").content.decode()
    assert f"/cms/spaces/{made.pk}/readers/" in page and 'name="audience"' not in page


def test_a_new_address_of_a_space_is_not_told_to_who_may_not_read_it(as_, sal, admin, officers_space):
    as_(admin).post(f"/cms/pages/{officers_space.pk}/edit/", space_form(officers_space, slug="plans-that-nobody-knows"))
    officers_space.refresh_from_db()
    assert officers_space.slug == "plans-that-nobody-knows"
    assert as_(sal).get("/community/officers-only/").status_code == 404


def test_the_cms_offers_no_second_rule_of_who_may_read(as_, admin, members_space):
    for page in (members_space, members_space.get_parent().specific, members_space.get_parent().get_parent().specific):
        assert type(page).private_page_options == []
        response = as_(admin).post(f"/cms/pages/{page.pk}/privacy/", {"restriction_type": "login"})
        assert not page.get_view_restrictions().exists(), response.status_code


def test_the_address_of_tags_is_no_space():
    with pytest.raises(ValidationError, match="Choose another address"):
        make.space("Tags", slug="tags")


@pytest.mark.parametrize("page", ["0", "-1", "abc", "²", "9" * 50, "\x00"])
def test_a_nonsense_page_is_the_first(page, as_, ada, members_space, thread):
    assert len(as_(ada).get("/community/ai-and-assistants/", {"page": page}).context["threads"]) == 1


def test_a_page_past_the_end_is_absent(as_, ada, members_space, thread):
    assert as_(ada).get("/community/ai-and-assistants/?page=2").status_code == 404


def test_what_was_decided_is_written_down(eve, members_space):
    make.decide_readers(members_space, eve, audience="officers", may_reply="officers")
    [decision] = Activity.objects.filter(verb="space.readers_decided")
    assert decision.data == {
        "before": {"audience": "members", "may_reply": members_space.may_reply},
        "after": {"audience": "officers", "may_reply": "officers"},
    }


@pytest.mark.parametrize("field", ["audience", "may_start", "may_reply"])
def test_action_decides_no_nonsense_either(admin, members_space, field):
    with pytest.raises(ValidationError) as refused:
        make.decide_readers(members_space, admin, **{field: "nobody"})
    assert refused.value.message_dict.keys() == {field}

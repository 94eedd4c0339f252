"""Mentions: who becomes a link and is told; and what a supplier can not learn by them."""

import pytest

from community.actions import posts
from lib import markup
from tests import make

pytestmark = pytest.mark.django_db


def offered(client, thread, q) -> list[str]:
    return [member["name"] for member in client.get(f"/threads/{thread.pk}/mentionable/", {"q": q}).json()["members"]]


def test_an_officer_mentions_whoever_may_read(ada, ben, sal, thread, after_commit, told):
    with after_commit():
        post = make.reply(thread, ada, "@ben-hartley and @Sal-Rivers, have you seen this?")
    assert f'<a class="mention" href="/members/{ben.pk}/">@ben-hartley</a>' in post.html
    assert f'<a class="mention" href="/members/{sal.pk}/">@Sal-Rivers</a>' in post.html
    assert told(ben) == told(sal) == ["post.mentioned"]


def test_who_may_not_read_stays_a_word(ada, sal, cleo, officers_thread, after_commit, told):
    with after_commit():
        post = make.reply(officers_thread, ada, "@sal-rivers and @cleo-marsh should not know.")
    assert "mention" not in post.html
    assert told(sal) == told(cleo) == []


def test_a_name_that_nobody_has_stays_a_word(ada, thread):
    assert make.reply(thread, ada, "@nobody-at-all, are you there?").html == "<p>@nobody-at-all, are you there?</p>\n"


def test_one_is_not_told_of_oneself(ada, thread, after_commit, told):
    with after_commit():
        make.reply(thread, ada, "@ada-okafor is me.")
    assert told(ada) == []


def test_no_suspended_and_no_erased_member_is_mentioned(ada, ben, mo, thread):
    type(ben).objects.filter(pk=ben.pk).update(is_active=False)
    assert "mention" not in make.reply(thread, ada, "@ben-hartley").html


# --- What a supplier learns ------------------------------------------------------------------------


def test_a_supplier_can_not_find_out_who_is_a_member(as_, ada, ben, sal, thread, after_commit, told):
    """Ada posted in this thread, Ben did not: a mention of Ben must look like one of nobody."""
    with after_commit():
        post = make.reply(thread, sal, "@ada-okafor and @ben-hartley and @nobody-at-all")
    assert (
        f'<a class="mention" href="/members/{ada.pk}/">@ada-okafor</a> and @ben-hartley and @nobody-at-all' in post.html
    )
    assert "post.mentioned" in told(ada)
    assert told(ben) == []
    preview = as_(sal).post(f"/posts/preview/?thread={thread.pk}", {"source": "@ben-hartley"}).content.decode()
    assert "mention" not in preview
    preview = as_(sal).post("/posts/preview/?space=ai-and-assistants", {"source": "@ada-okafor"}).content.decode()
    assert "mention" not in preview


def test_a_supplier_does_not_learn_it_by_an_edit(ben, sal, thread, after_commit, told):
    post = make.reply(thread, sal, "Nothing yet.")
    with after_commit():
        post = posts.edit(actor=sal, post=post, source="@ben-hartley")
    assert "mention" not in post.html
    assert told(ben) == []


def test_a_supplier_is_offered_who_took_part_only(as_, ada, ben, sal, thread, members_space):
    assert offered(as_(sal), thread, "ada") == ["Ada Okafor"]
    make.reply(make.thread(members_space, ada, "Another thread, and Ben in it"), ben)
    assert offered(as_(sal), thread, "ben") == []
    make.reply(thread, ben)
    assert offered(as_(sal), thread, "ben") == ["Ben Hartley"]


def test_an_officer_is_offered_all_who_may_read(as_, ada, ben, sal, cleo, thread, officers_thread):
    assert offered(as_(ada), thread, "sa") == ["Sal Rivers"]
    assert offered(as_(ada), officers_thread, "sa") == []
    assert offered(as_(ada), officers_thread, "be") == ["Ben Hartley"]


@pytest.mark.parametrize("who", ["cleo", None])
def test_who_may_not_reply_is_offered_nobody(who, as_, thread, open_space, ada, request):
    client = as_(request.getfixturevalue(who) if who else None)
    open_thread = make.thread(open_space, ada)
    assert client.get(f"/threads/{open_thread.pk}/mentionable/?q=ada").status_code == 403


@pytest.mark.parametrize(("q", "names"), [
    ("be", ["Ben Hartley"]), ("BEN", ["Ben Hartley"]), ("hart", ["Ben Hartley"]), ("ben-h", ["Ben Hartley"]),
    ("b", []), ("", []), ("%", []), ("__", []), ("%%", []), ("\x00\x00", []), ("'; --", []), ("x" * 5000, []),
    ("artley", []), ("ada", []),
])  # fmt: skip
def test_names_are_found_by_their_beginnings(q, names, as_, ada, ben, thread):
    assert offered(as_(ada), thread, q) == names


def test_no_more_names_than_one_can_choose_from(as_, ada, thread):
    for number in range(12):
        make.officer(f"Zoe Number{number}", council="Hull")
    assert len(offered(as_(ada), thread, "zoe")) == 8


def test_a_supplier_is_known_to_themselves(sal, thread):
    assert (
        f'<a class="mention" href="/members/{sal.pk}/">@sal-rivers</a>' in make.reply(thread, sal, "@sal-rivers").html
    )


# --- What counts as a mention ----------------------------------------------------------------------


@pytest.mark.parametrize(("source", "found"), [
    ("@ada", ["ada"]),
    ("Ask @Ada-Okafor, please", ["ada-okafor"]),
    ("(@ada)", ["ada"]),
    ("**@ada**", ["ada"]),
    ("@ada @ada @ADA", ["ada"]),
    ("ada@camden.example", []),
    ("https://x.example/@ada", []),
    ("@@ada", []),
    ("`@ada`", []),
    ("```\n@ada\n```", []),
    ("@", []),
    ("@-ada", []),
])  # fmt: skip
def test_what_is_a_mention(source, found):
    assert markup.Text(source).mentions == found


def test_a_circular_is_no_mention(ada, thread, after_commit, told):
    crowd = [make.officer(f"Crowd {number}", council="Hull") for number in range(25)]
    with after_commit():
        make.reply(thread, ada, " ".join(f"@{member.handle}" for member in crowd))
    assert sum(told(member) == ["post.mentioned"] for member in crowd) == markup.MAX_MENTIONS


def test_editing_a_mention_out_and_in_again_tells_nobody_twice(ada, ben, thread, after_commit, told, verbs):
    post = make.reply(thread, ben, "@ada-okafor, so do we.")
    for source in ("So do we.", "So do we, @ada-okafor.", "So do we!", "@ada-okafor!"):
        with after_commit():
            posts.edit(actor=ben, post=post, source=source)
    assert verbs().count("post.mentioned") == 1

"""Who may not read a thing any more hears nothing of it: the bell does not count it, and the inbox does not list it."""

import re

import pytest

from community.actions import posts
from community.models import SpacePage
from members.actions import accounts, suspension, verification
from members.models import Member
from tests import make

SECRET, OPEN = "What only officers may know", "What everyone may know"


@pytest.fixture
def bells(as_):
    """bells(member) → what the bell says on a page, and the new lines of the inbox."""

    def look(member) -> tuple[int, list[str]]:
        page = as_(member).get("/inbox/").content.decode()
        lines = re.findall(r'<li class="unread"><p class="what"><a[^>]*>([^<]*)</a>', page)
        return int(re.search(r'id="bell"[^>]*data-unread="(\d+)"', page)[1]), lines

    return look


@pytest.fixture
def told(ben, mo, officers_space, open_space, after_commit):
    """told(member): they have one unread line about a thread of officers, and one about a thread open to everyone."""

    def tell(member):
        with after_commit():
            for space, title in ((officers_space, SECRET), (open_space, OPEN)):
                make.reply(make.thread(space, ben, title), mo, f"@{member.handle} should know.")

    return tell


def knows(lines: list[str]) -> list[bool]:
    return [any(title in line for line in lines) for title in (SECRET, OPEN)]


def revoke(ada, mo, space):
    verification.revoke(actor=mo, member=ada, reason="Left Camden.")


def invite_only(ada, mo, space):
    make.decide_readers(space, mo, audience="group")


def unpublish(ada, mo, space):
    SpacePage.objects.get(pk=space.pk).unpublish()


@pytest.mark.parametrize("lose", [revoke, invite_only, unpublish], ids=lambda lose: lose.__name__)
def test_a_lost_right_takes_its_lines_along_and_leaves_the_others(
    lose, ada, mo, officers_space, told, bells, after_commit
):
    told(ada)
    count, lines = bells(ada)
    assert (count, len(lines), knows(lines)) == (2, 2, [True, True])
    with after_commit():
        lose(ada, mo, officers_space)
    count, lines = bells(ada)
    assert knows(lines) == [False, True]
    assert count == len(lines) == 1 + any("verif" in line for line in lines)


def test_a_moderator_who_is_one_no_more(admin, told, bells, after_commit):
    una = make.member("Una Poe", groups=["Moderators"])
    told(una)
    assert bells(una)[0] == 2
    with after_commit():
        accounts.change_member(actor=admin, member=una, values={}, groups=[])
    count, lines = bells(una)
    assert (count, knows(lines)) == (len(lines), [False, True])


def test_who_was_suspended_meanwhile_comes_back_to_what_they_may_read(
    ada, mo, officers_space, told, bells, after_commit
):
    told(ada)
    with after_commit():
        suspension.suspend(actor=mo, member=ada, reason="Rule 2.")
        make.decide_readers(officers_space, mo, audience="group")
    with after_commit():
        suspension.restore(actor=mo, member=ada)
    count, lines = bells(Member.objects.get(pk=ada.pk))
    assert count == len(lines)
    assert knows(lines)[0] is False


def test_a_suspension_alone_takes_nothing_away(ada, mo, told, bells, after_commit):
    told(ada)
    with after_commit():
        suspension.suspend(actor=mo, member=ada, reason="Rule 2.")
        suspension.restore(actor=mo, member=ada)
    count, lines = bells(Member.objects.get(pk=ada.pk))
    assert count == len(lines)
    assert knows(lines) == [True, True]


def test_a_post_that_is_taken_away_leaves_its_line_since_its_mark_can_be_read(
    ada, ben, mo, open_space, bells, after_commit
):
    thread = make.thread(open_space, ben, OPEN)
    with after_commit():
        post = make.reply(thread, ben, f"@{ada.handle} should know.")
    assert bells(ada)[0] == 1
    with after_commit():
        posts.delete(actor=mo, post=post, reason="Rule 2.")
    count, lines = bells(ada)
    assert (count, len(lines)) == (1, 1)
    assert OPEN in lines[0]

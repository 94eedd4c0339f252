"""Rights that one rule alone keeps apart: where it is gone, nothing else says no, or nobody else is told."""

import pytest
from django.http import Http404

from community.models import Post
from tests import make

pytestmark = pytest.mark.django_db


def test_an_invited_newcomer_is_not_told_of_what_they_may_not_read(
    as_, ben, cleo, group_space, after_commit, told, text
):
    make.membership(group_space, cleo)
    thread = make.thread(group_space, ben)
    with after_commit():
        as_(ben).post(f"/threads/{thread.pk}/reply/", text(f"@{cleo.handle} will join us."))
    assert Post.objects.filter(thread=thread).count() == 2
    assert told(cleo) == []


def test_whoever_may_only_reply_changes_their_replies_and_no_opening_post(as_, sal, admin, members_space):
    make.decide_readers(members_space, admin, may_start="members", may_reply="members")
    thread = make.thread(members_space, sal)
    reply = make.reply(thread, sal)
    make.decide_readers(members_space, admin, may_start="officers")

    def edited(post) -> int:
        return as_(sal).post(f"/posts/{post.pk}/edit/", {"source": "We sell this as well."}).status_code

    opening = thread.posts.get(number=1)
    assert (edited(opening), edited(reply)) == (403, 302)
    opening.refresh_from_db()
    assert opening.source == "We want to know."


def test_whoever_is_answered_is_told_although_their_post_is_deleted(as_, sal, ben, thread, after_commit, told, text):
    post = make.reply(thread, sal)
    as_(sal).post(f"/posts/{post.pk}/delete/")
    assert Post.objects.get(pk=post.pk).deleted_at
    with after_commit():
        as_(ben).post(f"/threads/{thread.pk}/reply/", text("What did you write?", reply_to=post.number))
    assert told(sal) == ["post.replied"]


def test_whoever_may_not_read_a_thread_any_more_posts_nothing_in_it(sal, admin, officers_space, officers_thread):
    """The page has said no before; but the right may end between the page and the lock."""
    make.decide_readers(officers_space, admin, may_reply="members")
    with pytest.raises(Http404):
        make.reply(officers_thread, sal)
    assert officers_thread.posts.count() == 1

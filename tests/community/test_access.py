"""The rule of reading is asked in three ways: in a query, of a space at hand, and for all of its readers."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from community import access
from community.models import SpacePage
from lib.access import Denied
from members.actions import erasure, suspension
from tests import make


@pytest.fixture
def viewers(ada, ben, cleo, sal, mo, eve, admin):
    return [AnonymousUser(), ada, ben, cleo, sal, mo, eve, admin]


def test_one_thing_at_hand_a_list_and_the_readers_follow_the_same_rule(viewers, ada, ben, cleo, sal):
    make.space("A space of other members", audience="group", invited=viewers[1:])
    for audience in SpacePage.Audience.values:
        for live in (True, False):
            space = make.space(f"For {audience} {live}", audience=audience, invited=[ben, cleo, sal])
            thread = make.thread(space, ben)
            SpacePage.objects.filter(pk=space.pk).update(live=live)
            for viewer in viewers:
                listed = access.spaces(viewer).filter(pk=space.pk).exists()
                case = (audience, live, viewer)
                assert _found(access.space, viewer, space.slug) == listed, case
                assert _found(access.thread, viewer, thread.pk) == listed, case
                assert access.threads(viewer).filter(pk=thread.pk).exists() == listed, case
                if live:
                    assert access.readers(space).filter(pk=viewer.pk).exists() == (listed and bool(viewer.pk)), case


def test_who_is_suspended_or_erased_is_no_reader(members_space, ada, ben, mo, admin):
    suspension.suspend(actor=mo, member=ben, reason="For now.")
    erasure.erase(actor=ada)
    assert set(access.readers(members_space)) == {mo, admin}


def _found(fetch, viewer, key) -> bool:
    try:
        fetch(viewer, key)
    except Http404:
        return False
    return True


def test_a_thread_knows_how_far_its_viewer_has_read(ada, ben, members_space, as_):
    thread = make.thread(members_space, ada)
    make.reply(thread, ada)
    assert access.thread(ada, thread.pk).read_number == 2
    assert access.thread(ben, thread.pk).read_number is None
    assert (
        access.thread(AnonymousUser(), make.thread(make.space("Open", audience="everyone"), ada).pk).read_number is None
    )


def test_a_supplier_meets_the_officers_who_have_spoken_to_them_and_no_others(
    as_, ada, ben, sal, thread, officers_space
):
    make.thread(officers_space, ben)
    client = as_(sal)
    assert client.get(f"/members/{ada.pk}/").status_code == 200
    assert client.get(f"/members/{ben.pk}/").status_code == 404


CHECKS = {
    "start": lambda viewer, post: access.check_start(viewer, post.thread.space),
    "reply": lambda viewer, post: access.check_reply(viewer, post.thread),
    "edit": access.check_edit,
    "delete": access.check_delete,
    "edit_thread": lambda viewer, post: access.check_edit_thread(viewer, post.thread),
    "read_history": access.check_read_history,
    "preview": lambda viewer, post: access.check_preview(viewer),
    "decide_readers": lambda viewer, post: access.check_decide_readers(viewer, post.thread.space, "members"),
    "invite": lambda viewer, post: access.check_invite(viewer, post.thread.space),
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_visitor_who_reads_may_do_nothing(ada, open_space, check):
    post = make.thread(open_space, ada).posts.get()
    with pytest.raises(Denied):
        check(AnonymousUser(), post)


def test_a_visitor_reads_one_post_and_is_offered_nothing_to_do_with_it(as_, ada, open_space):
    post = make.thread(open_space, ada).posts.get()
    response = as_(None).get(f"/posts/{post.pk}/")
    assert "We want to know." in response.content.decode()
    assert not any(response.context[name] for name in ("may_edit", "may_delete", "may_reply"))


@pytest.mark.parametrize(("who", "address", "sentence"), [
    ("cleo", "/threads/{thread}/mentionable/?q=ada", "You can reply once a moderator has verified where you work."),
    ("cleo", "/community/{space}/start/", "You can start threads once a moderator has verified where you work."),
    ("ben", "/posts/{post}/edit/", "Only its author can edit this post."),
    ("ben", "/posts/{post}/delete/", "Only its author can delete this post."),
    ("ben", "/threads/{thread}/edit/", "Only the member who started this thread, or a moderator, can change its title"),
])  # fmt: skip
def test_a_refusal_says_what_is_refused(as_, ada, open_space, request, who, address, sentence):
    thread = make.thread(open_space, ada)
    address = address.format(thread=thread.pk, post=thread.posts.get().pk, space=open_space.slug)
    response = as_(request.getfixturevalue(who)).get(address)
    assert response.status_code == 403
    assert sentence in response.content.decode()

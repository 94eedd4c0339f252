"""The rule of reading is asked in three ways: in a query, of a space at hand, and for all of its readers."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from community import access
from community.models import SpacePage
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

"""One post is edited while others are written, by eight at the very same moment, again and again."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command

from community.actions import posts
from community.models import Thread
from members.models import Member
from tests import make
from tests.live.test_concurrency import replies
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.xdist_group("live"),
]

ROUNDS = 8
EDITS = 3  # of the eight; the others reply


def rises(values) -> bool:
    return all(earlier < later for earlier, later in pairwise(values))


def never_falls(values) -> bool:
    return all(earlier <= later for earlier, later in pairwise(values))


def test_everything_has_its_own_place_and_time(ada, ben, members_space, settings):
    settings.POSTS_PER_MINUTE = 10_000
    thread = make.thread(members_space, ada)
    edited = make.reply(thread, ben, "First text.")
    people = [make.officer(f"Person {number}", council="Hull") for number in range(8 - EDITS)]
    Member.objects.update(mail_replies=False)
    for turn in range(ROUNDS):
        texts = [f"Text {number} of turn {turn}." for number in range(EDITS)]
        at_once(
            *[lambda text=text: posts.edit(actor=ben, post=edited, source=text) for text in texts],
            *[replies(thread, person) for person in people],
        )

    thread = Thread.objects.get(pk=thread.pk)
    written, changes = 2 + ROUNDS * len(people), ROUNDS * EDITS
    found = list(thread.posts.order_by("number"))
    assert [post.number for post in found] == list(range(1, written + 1))
    assert never_falls(post.created_at for post in found)
    assert rises(post.version for post in found if post.pk != edited.pk)
    assert len({post.version for post in found}) == written
    assert (thread.version, thread.post_count) == (written + changes, written)
    assert thread.last_post_at == found[-1].created_at

    edited.refresh_from_db()
    revisions = list(edited.revisions.order_by("number"))
    assert [revision.number for revision in revisions] == list(range(1, changes + 1))
    assert never_falls([revision.replaced_at for revision in revisions])
    assert edited.edited_at == revisions[-1].replaced_at
    assert len({revision.source for revision in revisions} | {edited.source}) == changes + 1, "no text is lost"

    out = StringIO()
    call_command("recount", stdout=out)
    assert "Every counter is right." in out.getvalue()

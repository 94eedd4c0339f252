"""Reading a thread to its end, replying in it and being mentioned there: all at the very same moment, often."""

import pytest
from django.db.models import Sum

from community.actions import reading
from community.models import ReadMarker, Thread
from members.models import Activity, Member, Notification
from tests import make
from tests.live.test_concurrency import replies
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.xdist_group("live"),
]

ROUNDS = 12


@pytest.fixture(autouse=True)
def nobody_is_too_quick(settings):
    settings.POSTS_PER_MINUTE = 10_000


@pytest.fixture
def thread(members_space, ada, ben):
    made = make.thread(members_space, ada)
    make.reply(made, ben)
    # What is told at once is tested here, and not mail.
    Member.objects.update(mail_replies=False, mail_mentions=False)
    return made


@pytest.fixture
def cy(db):
    return make.officer("Cy Grant", council="Hull", mail_replies=False, mail_mentions=False)


def reads_to_the_end(member, thread):
    return lambda: reading.mark_read(reader=member, thread=thread, number=10_000)


def counts_are_right():
    """Each bell is what stands in the inbox, and of each activity people were told in the first go."""
    for member in Member.objects.all():
        assert member.unread_count == Notification.objects.filter(member=member, read_at=None).count(), member
    assert not Activity.objects.filter(announced_at=None).exists()


def times_told(member, collapse_key: str) -> int:
    return Notification.objects.filter(member=member, collapse_key=collapse_key).aggregate(times=Sum("count"))["times"]


def test_one_member_reads_and_replies_at_once(ada, ben, thread):
    for _ in range(ROUNDS):
        make.reply(thread, ben)  # something to read, and a line in Ada's inbox
        at_once(reads_to_the_end(ada, thread), replies(thread, ada), reads_to_the_end(ada, thread))
        counts_are_right()
    at_the_end = Thread.objects.get(pk=thread.pk).post_count
    assert at_the_end == 2 + 2 * ROUNDS
    assert ReadMarker.objects.get(member=ada, thread=thread).number == at_the_end
    assert Notification.objects.filter(member=ada, read_at=None).count() == 0
    assert times_told(ada, f"{thread.topic}:replies") == 1 + ROUNDS
    assert times_told(ben, f"{thread.topic}:replies") == ROUNDS


def test_two_members_who_read_and_mention_each_other_at_once(ada, ben, cy, mo, thread):
    for _ in range(ROUNDS):
        make.reply(thread, mo, f"@{ada.handle} @{ben.handle}, have you seen this?")
        at_once(
            replies(thread, ada, text=f"What does @{ben.handle} say?"),
            replies(thread, ben, text=f"What does @{ada.handle} say?"),
            replies(thread, cy, text=f"@{ben.handle} and @{ada.handle} know."),
            replies(thread, mo, text=f"@{ada.handle} and @{ben.handle} know."),
            reads_to_the_end(ada, thread),
            reads_to_the_end(ben, thread),
        )
        counts_are_right()
    for member in (ada, ben):
        assert times_told(member, f"{thread.topic}:mentions") == 4 * ROUNDS
    assert Thread.objects.get(pk=thread.pk).post_count == 2 + 5 * ROUNDS

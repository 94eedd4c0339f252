"""Several people at the very same moment: real threads, and a database that lets them."""

import socket
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from community.actions import posts, reading, threads
from community.models import Post, ReadMarker, SpaceStatistics, Thread
from lib.access import Denied
from members import inbox
from members.inbox import announcing, attempts, outbox
from members.models import Activity, Mail, Member, Notification
from tests import make
from tests.sweep import sweep
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.xdist_group("live"),
]


@pytest.fixture
def thread(members_space, ada):
    return make.thread(members_space, ada)


def replies(thread, author, *, token=None, text="At the same time."):
    return lambda: threads.reply(actor=author, thread=thread, source=text, token=token or uuid.uuid4())


def test_the_same_form_at_once_posts_once(ben, thread):
    for _ in range(5):
        token = uuid.uuid4()
        found = at_once(*[replies(thread, ben, token=token)] * 4)
        assert len({post.pk for post in found}) == 1
    assert list(thread.posts.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_the_same_form_at_once_starts_one_thread(ben, members_space):
    token = uuid.uuid4()
    start = {
        "actor": ben,
        "space": members_space,
        "title": "At the same time",
        "source": "Text.",
        "token": token,
    }
    found = at_once(*[lambda: threads.start(**start)] * 4)
    assert len({thread.pk for thread in found}) == 1
    assert Thread.objects.count() == 1
    statistics = SpaceStatistics.objects.get(space=members_space)
    assert (statistics.thread_count, statistics.post_count) == (1, 1)


def test_two_authors_may_share_a_token(ada, ben, thread):
    token = uuid.uuid4()
    at_once(replies(thread, ada, token=token), replies(thread, ben, token=token))
    assert thread.posts.count() == 3


def test_eight_people_at_once_get_numbers_without_gaps(thread, members_space):
    people = [make.officer(f"Person {number}", council="Hull") for number in range(8)]
    for _ in range(5):
        at_once(*[replies(thread, person) for person in people])
    thread.refresh_from_db()
    rows = list(thread.posts.order_by("number").values_list("number", "version"))
    assert rows == [(number, number) for number in range(1, 42)]
    assert (thread.post_count, thread.version) == (41, 41)
    assert SpaceStatistics.objects.get(space=members_space).post_count == 41


def test_replies_edits_and_deletions_at_once_each_have_a_version(ada, ben, mo, thread):
    own = [make.reply(thread, author) for author in (ada, ben, ada, ben)]
    at_once(
        lambda: posts.edit(actor=ada, post=own[0], source="Edited."),
        lambda: posts.edit(actor=ben, post=own[1], source="Edited, too."),
        lambda: posts.delete(actor=ada, post=own[2]),
        lambda: posts.delete(actor=mo, post=own[3], reason="Rule 2."),
        lambda: threads.pin(actor=mo, thread=thread, pinned=True),
        replies(thread, ben),
        replies(thread, ada),
    )
    thread.refresh_from_db()
    assert thread.version == 5 + 7
    versions = list(thread.posts.values_list("version", flat=True))
    assert len(set(versions)) == len(versions)
    assert sorted(thread.posts.values_list("number", flat=True)) == list(range(1, 8))


def test_two_edits_of_one_post_at_once_keep_every_text(ada, thread):
    post = make.reply(thread, ada, "First.")
    at_once(*[lambda text=text: posts.edit(actor=ada, post=post, source=text) for text in ("Second.", "Third.")])
    post.refresh_from_db()
    texts = [*post.revisions.order_by("number").values_list("source", flat=True), post.source]
    assert texts[0] == "First." and sorted(texts) == ["First.", "Second.", "Third."]
    assert list(post.revisions.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_reply_and_a_lock_at_once_leave_a_sound_thread(ben, mo, thread):
    at_once(
        replies(thread, ben),
        lambda: threads.lock(actor=mo, thread=thread, locked=True),
        expected=Denied,
    )
    thread.refresh_from_db()
    assert thread.locked_at is not None
    assert thread.post_count == thread.posts.count()
    assert thread.version == 1 + thread.posts.count()


def test_markers_at_once_end_at_the_furthest(ada, ben, thread):
    for _ in range(7):
        make.reply(thread, ada)
    thread.refresh_from_db()
    reader = lambda number: lambda: reading.mark_read(reader=ben, thread=thread, number=number)  # noqa: E731
    at_once(*[reader(number) for number in (3, 8, 1, 5)])
    assert ReadMarker.objects.get(member=ben, thread=thread).number == 8


def test_many_replies_at_once_ring_as_one_line_with_the_right_count(ada, thread):
    people = [make.officer(f"Person {number}", council="Hull") for number in range(6)]
    at_once(*[replies(thread, person) for person in people])
    sweep(Activity.objects.latest("pk").created_at + attempts.LEASE)
    line = Notification.objects.get(member=ada, read_at=None)
    assert line.count == 6
    assert Member.objects.get(pk=ada.pk).unread_count == 1
    assert not Activity.objects.filter(announced_at=None).exists()


def test_announcing_one_activity_at_once_tells_once(ada, ben, thread):
    post = make.reply(thread, ben)
    activity = Activity.objects.get(verb="post.replied", target_id=post.pk)
    Notification.objects.all().delete()
    Activity.objects.filter(pk=activity.pk).update(announced_at=None)
    at_once(*[lambda: announcing.announce.call(activity.pk)] * 4)
    assert Notification.objects.get(member=ada).count == 1


def test_a_mail_is_sent_once_however_many_workers_there_are(ada, ben, thread, mailoutbox):
    make.reply(thread, ben)
    mail = Mail.objects.get(member=ada)
    mailoutbox.clear()
    Mail.objects.update(sent_at=None, attempts=0)
    at_once(*[lambda: outbox.deliver.call(mail.pk)] * 4)
    assert len(mailoutbox) == 1


def test_nothing_is_locked_while_a_mail_server_is_talked_to(ada, ben, thread, settings):
    """A real server that says nothing: the sending waits for it, and nobody waits for the sending."""
    make.reply(thread, ben)
    Mail.objects.update(sent_at=None, attempts=0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]

        def meanwhile():
            connection, _ = silent.accept()
            with connection, transaction.atomic():
                mail = Mail.objects.select_for_update(nowait=True).get(member=ada)
                outbox.deliver.call(mail.pk)
                silent.setblocking(False)
                with pytest.raises(BlockingIOError):
                    silent.accept()  # nobody sends it a second time
                return mail.attempts

        assert at_once(lambda: outbox.deliver.call(Mail.objects.get(member=ada).pk), meanwhile)[1] == 1
    mail = Mail.objects.get(member=ada)
    assert (mail.sent_at, mail.attempts) == (None, 1) and mail.next_attempt_at > mail.created_at


def test_reading_and_telling_at_once_never_wait_in_a_circle(ada, ben, thread):
    """The bell of Ada is rung by replies while she reads: whoever comes second waits, and nobody is thrown out."""
    for _ in range(6):
        at_once(
            replies(thread, ben),
            lambda: inbox.mark_read(ada),
            lambda: reading.mark_read(reader=ada, thread=Thread.objects.get(pk=thread.pk), number=99),
            replies(thread, make.officer(council="Hull")),
        )
    unread = Notification.objects.filter(member=ada, read_at=None).count()
    assert Member.objects.get(pk=ada.pk).unread_count == unread
    assert Post.objects.filter(thread=thread).count() == 13


def test_a_pace_limit_is_not_outrun_by_being_quick(ben, thread, settings):
    settings.POSTS_PER_MINUTE = 3
    found = at_once(*[replies(thread, ben)] * 8, expected=ValidationError)
    assert len([post for post in found if isinstance(post, Post)]) == 3

"""From what happened to who is told, by bell and by e-mail."""

from datetime import timedelta
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.utils import timezone

from community.actions import posts, reading
from members import inbox
from members.inbox import announcing, attempts, outbox
from members.models import Activity, Mail, Member, Notification
from tests import make
from tests.sweep import sweep

pytestmark = pytest.mark.django_db


def addressees(mailoutbox) -> list[str]:
    return sorted(address for mail in mailoutbox for address in mail.to)


# --- Who --------------------------------------------------------------------------------------------


def test_a_reply_rings_for_all_who_took_part_and_mails_who_started(
    ada, ben, sal, mo, thread, after_commit, told, mailoutbox
):
    make.reply(thread, sal)
    with after_commit():
        make.reply(thread, ben)
    assert told(ada) == told(sal) == ["post.replied"]
    assert told(ben) == told(mo) == []
    assert addressees(mailoutbox) == [ada.email]


def test_until_they_have_looked_more_replies_are_no_more_mails(ada, ben, thread, after_commit, mailoutbox):
    for _ in range(3):
        with after_commit():
            make.reply(thread, ben)
    assert addressees(mailoutbox) == [ada.email]
    thread.refresh_from_db()
    reading.mark_read(reader=ada, thread=thread, number=4)
    with after_commit():
        make.reply(thread, ben)
    assert addressees(mailoutbox) == [ada.email, ada.email]


def test_who_is_answered_gets_a_mail(ada, ben, sal, thread, after_commit, mailoutbox):
    make.reply(thread, sal)
    with after_commit():
        make.reply(thread, ben, reply_to=2)
    assert addressees(mailoutbox) == sorted([ada.email, sal.email])


def test_who_is_mentioned_is_not_told_twice(ada, ben, thread, after_commit, told, mailoutbox):
    with after_commit():
        make.reply(thread, ben, "@ada-okafor, so do we.")
    assert told(ada) == ["post.mentioned"]
    assert addressees(mailoutbox) == [ada.email]


def test_who_took_their_post_back_takes_no_part_any_more(ada, ben, sal, thread, after_commit, told):
    post = make.reply(thread, sal)
    posts.delete(actor=sal, post=post)
    with after_commit():
        make.reply(thread, ben)
    assert told(sal) == []


def test_nobody_is_told_of_a_space_that_was_unpublished_meanwhile(ada, ben, members_space, thread, after_commit, told):
    with after_commit():
        make.reply(thread, ben)
        type(members_space).objects.filter(pk=members_space.pk).update(live=False)
    assert told(ada) == []


def test_who_may_not_read_any_more_is_not_told(ada, ben, officers_thread, after_commit, told, mailoutbox):
    Member.objects.filter(pk=ada.pk).update(standing="newcomer")
    with after_commit():
        make.reply(officers_thread, ben)
    assert told(ada) == []
    assert not mailoutbox


def test_a_suspended_member_is_not_told(ada, ben, thread, after_commit, told, mailoutbox):
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    with after_commit():
        make.reply(thread, ben)
    assert told(ada) == []
    assert not mailoutbox


# --- What the mail says -----------------------------------------------------------------------------


def test_the_mail_says_who_what_and_where(ada, ben, thread, after_commit, mailoutbox, settings):
    with after_commit():
        make.reply(thread, ben, "We kept **everything** for a year.")
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    assert thread.title in mail.subject
    for words in (mail.body, html):
        assert "Ben Hartley" in words
        assert "We kept everything for a year." in words
        assert f"{settings.SITE_URL}{thread.get_absolute_url()}#post-2" in words
    assert "List-Unsubscribe" in mail.extra_headers
    assert "/settings/mail/off/?token=" in mail.body


def test_what_people_wrote_is_escaped_in_the_mail(ada, ben, members_space, after_commit, mailoutbox):
    thread = make.thread(members_space, ada, "Is <b>bold</b> & brave allowed?")
    with after_commit():
        make.reply(thread, ben, "`<script>alert(1)</script>`")
    (mail,) = mailoutbox
    html = mail.alternatives[0][0]
    assert "<script" not in html and "<b>bold</b>" not in html
    assert mail.subject.count("&amp;") == 0 and "<b>bold</b> & brave" in mail.subject
    assert "<script>alert(1)</script>" in mail.body


def test_a_line_break_in_a_title_does_not_reach_the_subject(ada, ben, members_space, after_commit, mailoutbox):
    thread = make.thread(members_space, ada, "A title\r\nBcc: everybody@example.org")
    with after_commit():
        make.reply(thread, ben)
    (mail,) = mailoutbox
    assert "\n" not in mail.subject and mail.bcc == []


# --- Preference -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preference", "source"), [("mail_replies", "So do we."), ("mail_mentions", "@ada-okafor, so do we.")]
)
def test_mail_that_is_not_wanted_is_not_sent_but_the_bell_rings(
    preference, source, ada, ben, thread, after_commit, told, mailoutbox
):
    Member.objects.filter(pk=ada.pk).update(**{preference: False})
    with after_commit():
        make.reply(thread, ben, source)
    assert len(told(ada)) == 1
    assert not mailoutbox and not Mail.objects.exists()


# --- Counting ---------------------------------------------------------------------------------------


def test_many_replies_are_one_line_with_a_count(as_, ada, ben, sal, thread, after_commit):
    for author in (ben, sal, ben):
        with after_commit():
            make.reply(thread, author)
    line = Notification.objects.get(member=ada)
    assert (line.count, line.read_at) == (3, None)
    assert Member.objects.get(pk=ada.pk).unread_count == 1
    assert (
        "3 new replies in “How did you leave the old system?”, the latest by Ben Hartley."
        in as_(ada).get("/inbox/").content.decode()
    )


def test_after_reading_a_new_line_begins(as_, ada, ben, thread, after_commit):
    with after_commit():
        make.reply(thread, ben)
    as_(ada).get(thread.get_absolute_url())
    with after_commit():
        make.reply(thread, ben)
    assert sorted(Notification.objects.filter(member=ada).values_list("count", flat=True)) == [1, 1]
    assert Member.objects.get(pk=ada.pk).unread_count == 1


def test_the_bell_hears_the_number(ada, ben, thread, after_commit, published):
    with after_commit():
        make.reply(thread, ben)
    assert (f"member:{ada.pk}", {"unread": 1}) in published


# --- Jobs that run twice, fail, or never run --------------------------------------------------------


@pytest.fixture
def reply(thread, ben) -> Activity:
    """Of a reply, of which nobody has been told: the process died before its job could run."""
    post = make.reply(thread, ben)
    return Activity.objects.get(verb="post.replied", target_id=post.pk)


def owed() -> str:
    """What the operator is told of what is owed."""
    out = StringIO()
    call_command("owed", stdout=out)
    return out.getvalue()


def test_announcing_twice_is_harmless(ada, reply, mailoutbox):
    for _ in range(2):
        announcing.announce.call(reply.pk)
    assert Notification.objects.get(member=ada).count == 1
    for mail in Mail.objects.all():
        outbox.deliver.call(mail.pk)
    assert len(mailoutbox) == 1


def test_the_sweep_tells_what_a_killed_job_did_not(ada, reply, told, mailoutbox):
    assert sweep() == 0  # its job may still be on its way
    later = timezone.now() + attempts.LEASE
    assert sweep(later) > 0
    assert told(ada) == ["post.replied"]
    sweep(timezone.now() + 2 * attempts.LEASE)
    sweep(timezone.now() + 3 * attempts.LEASE)
    assert len(mailoutbox) == 1
    assert owed() == "To be announced: 0\nMails to be sent: 0\n"


def test_a_mail_server_that_is_down_is_asked_again(ada, reply, mailoutbox, monkeypatch):
    def down(*args, **kwargs):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "send", down)
        announcing.announce.call(reply.pk)
        outbox.deliver.call(Mail.objects.get().pk)
    mail = Mail.objects.get()
    assert mail.sent_at is None and mail.attempts >= 1
    assert "Mails to be sent: 1\n" in owed()
    assert not mailoutbox
    sweep(mail.next_attempt_at - timedelta(seconds=1))
    assert not mailoutbox
    sweep(mail.next_attempt_at)
    assert addressees(mailoutbox) == [ada.email]
    assert "Mails to be sent: 0\n" in owed()


def test_a_mail_is_given_up_after_many_attempts(reply, monkeypatch):
    monkeypatch.setattr(outbox, "send", lambda *args, **kwargs: (_ for _ in ()).throw(OSError))
    announcing.announce.call(reply.pk)
    now = timezone.now()
    for _ in range(20):
        now += timedelta(days=1)
        sweep(now)
    mail = Mail.objects.get()
    assert (mail.attempts, mail.next_attempt_at) == (attempts.MAX_ATTEMPTS, None)
    with pytest.raises(CommandError, match="Given up after 8 attempts: 0 to be announced, 1 mails"):
        owed()


class Dies(locmem.EmailBackend):
    """The worker is killed while it sends."""

    def send_messages(self, messages):
        raise SystemExit


def test_a_worker_that_dies_while_it_sends_leads_to_another_attempt(ada, owed_mail, mailoutbox, settings):
    works, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Dies"
    with pytest.raises(SystemExit):
        outbox.deliver.call(owed_mail.pk)
    settings.EMAIL_BACKEND = works
    outbox.deliver.call(owed_mail.pk)  # it may still be on its way
    assert not mailoutbox
    owed_mail.refresh_from_db()
    sweep(owed_mail.next_attempt_at)
    assert addressees(mailoutbox) == [ada.email]


def test_one_broken_mail_does_not_hold_up_the_others(ada, ben, thread, reply, mailoutbox, monkeypatch):
    other = make.reply(thread, make.officer("Una Another"), "@ben-hartley")
    real = outbox.send

    def send(name, *, to, **context):
        if to == ada:
            raise ValueError("The template is broken")
        real(name, to=to, **context)

    monkeypatch.setattr(outbox, "send", send)
    for activity in Activity.objects.filter(target_id__in=[reply.target_id, other.pk], verb__startswith="post."):
        announcing.tell(activity.pk, now=timezone.now())
    sweep(timezone.now() + attempts.LEASE)
    assert addressees(mailoutbox) == [ben.email]
    broken = Mail.objects.filter(member=ada, sent_at=None)
    assert broken.exists() and all(mail.attempts == 1 for mail in broken)


def test_one_broken_activity_does_not_hold_up_the_others(ada, ben, thread, reply, told):
    Activity.objects.filter(pk=reply.pk).update(target_id=987_654)
    make.reply(thread, ben)
    sweep(timezone.now() + attempts.LEASE)
    assert told(ada) == ["post.replied"]


# --- What changes between the telling and the mail --------------------------------------------------


@pytest.fixture
def owed_mail(reply) -> Mail:
    announcing.tell(reply.pk, now=timezone.now())
    return Mail.objects.get()


def is_cancelled(mail: Mail, mailoutbox) -> bool:
    outbox.deliver.call(mail.pk)
    mail.refresh_from_db()
    return mail.cancelled_at is not None and mail.sent_at is None and not mailoutbox


def test_access_that_was_lost_cancels_the_mail(ada, members_space, owed_mail, mailoutbox):
    type(members_space).objects.filter(pk=members_space.pk).update(audience="group")
    assert is_cancelled(owed_mail, mailoutbox)


def test_a_deleted_post_cancels_the_mail(ben, reply, owed_mail, mailoutbox):
    posts.delete(actor=ben, post=reply.target)
    assert is_cancelled(owed_mail, mailoutbox)


def test_a_wish_that_changed_cancels_the_mail(ada, owed_mail, mailoutbox):
    Member.objects.filter(pk=ada.pk).update(mail_replies=False)
    assert is_cancelled(owed_mail, mailoutbox)


def test_a_suspension_cancels_the_mail(ada, owed_mail, mailoutbox):
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert is_cancelled(owed_mail, mailoutbox)


def test_an_edited_post_is_mailed_as_it_is_now(ben, reply, owed_mail, mailoutbox):
    posts.edit(actor=ben, post=reply.target, source="What I meant to say.")
    outbox.deliver.call(owed_mail.pk)
    assert "What I meant to say." in mailoutbox[0].body


def test_a_notice_leads_to_the_post_and_is_read_by_that(as_, ada, ben, thread, after_commit):
    with after_commit():
        make.reply(thread, ben)
    line = Notification.objects.get(member=ada)
    response = as_(ada).get(f"/inbox/{line.pk}/")
    assert response["Location"] == f"{thread.get_absolute_url()}#post-2"
    assert Member.objects.get(pk=ada.pk).unread_count == 0


def test_every_verb_that_is_recorded_has_a_notice(thread):
    with pytest.raises(LookupError, match=r"write one in the app's notifications\.py"):
        inbox.record("post.exploded", actor=None, target=thread, now=timezone.now())

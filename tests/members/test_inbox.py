"""The inbox: what is new, what was read, and the way to each thing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members import inbox
from members.actions import suspension, verification
from members.models import Activity, Mail, Member, Notification
from tests import make
from tests.sweep import sweep


def unread(member):
    return Member.objects.get(pk=member.pk).unread_count


@pytest.fixture
def restored_ada(ada, mo, after_commit):
    """Ada with one new line: that her account is open again."""
    suspension.suspend(actor=mo, member=ada, reason="By mistake.")
    with after_commit():
        suspension.restore(actor=mo, member=ada)
    return Member.objects.get(pk=ada.pk)


def line_of(member):
    return Notification.objects.filter(member=member).latest("pk")


def test_visitor_signs_in_first(client, db):
    assert client.get("/inbox/").url == "/accounts/login/?next=/inbox/"


def test_empty_inbox_says_what_comes_here(ada, as_):
    assert "Nothing here yet" in as_(ada).get("/inbox/").content.decode()


def test_new_line_is_listed_and_counted(restored_ada, ben, as_):
    page = as_(restored_ada).get("/inbox/").content.decode()
    assert "A moderator opened your account again." in page
    assert 'data-unread="1"' in page
    assert "opened your account" not in as_(ben).get("/inbox/").content.decode()


def test_opening_a_line_marks_it_as_read_and_goes_there(restored_ada, as_):
    client = as_(restored_ada)
    line = line_of(restored_ada)
    for _ in range(2):
        response = client.get(f"/inbox/{line.pk}/")
        assert (response.status_code, response.url) == (302, "/")
        assert unread(restored_ada) == 0


def test_somebody_elses_line_is_nowhere(restored_ada, ben, as_):
    line = line_of(restored_ada)
    assert as_(ben).get(f"/inbox/{line.pk}/").status_code == 404
    assert as_(ben).get("/inbox/999999/").status_code == 404
    assert unread(restored_ada) == 1


def test_marks_all_as_read_by_post_only(restored_ada, ben, as_):
    client = as_(restored_ada)
    assert client.get("/inbox/read/").status_code == 405
    assert unread(restored_ada) == 1
    for _ in range(2):
        assert client.post("/inbox/read/").url == "/inbox/"
    assert unread(restored_ada) == 0
    assert 'class="unread"' not in client.get("/inbox/").content.decode()


def test_unread_first_then_the_latest(ada, mo, as_):
    activity = inbox.record("member.restored", actor=mo, target=ada, now=timezone.now())
    now = timezone.now()
    for number, read in ((1, False), (2, True), (3, False)):
        Notification.objects.create(
            member=ada, activity=activity, collapse_key=f"x:{number}", updated_at=now + timedelta(minutes=number),
            read_at=now if read else None,
        )  # fmt: skip
    context = as_(ada).get("/inbox/").context
    assert [n.collapse_key for n, _ in context["new"]] == ["x:3", "x:1"]
    assert [n.collapse_key for n, _ in context["earlier"]] == ["x:2"]


def test_what_may_not_be_seen_any_more_is_left_out(waiting_cleo, mo, as_, after_commit):
    with after_commit():
        verification.ask(actor=waiting_cleo, organisation="Elsewhere")
    line = line_of(mo)
    mo.groups.clear()
    client = as_(mo)
    assert "Cleo" not in client.get("/inbox/").content.decode()
    assert client.get(f"/inbox/{line.pk}/").status_code == 404
    assert unread(mo) == 0


def test_pages_and_nonsense_pages(ada, mo, as_, django_assert_max_num_queries):
    activity = inbox.record("member.restored", actor=mo, target=ada, now=timezone.now())
    now = timezone.now()
    for number in range(65):
        Notification.objects.create(member=ada, activity=activity, collapse_key=f"x:{number}", updated_at=now)
    client = as_(ada)
    for page, expected in (("1", 1), ("3", 3), ("99", 3), ("nonsense", 1), ("-1", 1)):
        assert client.get(f"/inbox/?page={page}").context["page"].number == expected
    with django_assert_max_num_queries(6):
        client.get("/inbox/")


def test_mail_of_a_notice_is_text_and_html_with_the_way_there(restored_ada, mailoutbox):
    mail = mailoutbox[-1]
    assert mail.body.startswith("Hello Ada,")
    assert "http://127.0.0.1:8000/" in mail.body
    html, kind = mail.alternatives[0]
    assert kind == "text/html"
    assert mail.subject == "Your account is open again"
    assert "opened your account again" in html


def test_apostrophes_stay_apostrophes_in_text_mail(mo, after_commit, mailoutbox):
    member = make.officer("Siân O'Brien & Co", email="sian@x.example")
    with after_commit():
        verification.revoke(actor=mo, member=member, reason="It isn't <you> & yours.")
    assert "It isn't <you> & yours." in mailoutbox[0].body
    assert "&lt;you&gt;" in mailoutbox[0].alternatives[0][0]


# --- Rows of a verb that the code does not know any more ------------------------------------------


def forget_the_verb():
    Activity.objects.update(verb="member.knighted")


def test_what_was_told_of_a_forgotten_verb_is_left_out(restored_ada, as_):
    forget_the_verb()
    client = as_(restored_ada)
    page = client.get("/inbox/")
    assert page.status_code == 200
    assert "Nothing here yet" in page.content.decode()
    assert client.get(f"/inbox/{line_of(restored_ada).pk}/").status_code == 404
    assert unread(restored_ada) == 0


def test_a_forgotten_verb_is_announced_to_nobody(ada, mo, told, caplog):
    inbox.record("member.restored", actor=mo, target=ada, now=timezone.now() - timedelta(days=1))
    forget_the_verb()
    sweep()
    assert told(ada) == []
    assert Activity.objects.get().announced_at
    assert not caplog.records


def test_a_mail_of_a_forgotten_verb_is_cancelled(ada, mo, caplog, mailoutbox):
    yesterday = timezone.now() - timedelta(days=1)
    activity = inbox.record("member.restored", actor=mo, target=ada, now=yesterday)
    mail = Mail.objects.create(member=ada, activity=activity, created_at=yesterday, next_attempt_at=yesterday)
    forget_the_verb()
    sweep()
    mail.refresh_from_db()
    assert mail.cancelled_at and not mailoutbox
    assert not caplog.records


def test_a_forgotten_verb_does_not_keep_anybody_from_losing_rights(ada, mo, after_commit):
    verification.revoke(actor=mo, member=ada, reason="By mistake.")
    verification.verify_officer(actor=mo, member=ada, organisation=make.organisation("Camden"))
    with after_commit():
        suspension.suspend(actor=mo, member=ada, reason="By mistake.")
        suspension.restore(actor=mo, member=ada)
    forget_the_verb()
    with after_commit():
        verification.revoke(actor=mo, member=Member.objects.get(pk=ada.pk), reason="Elsewhere now.")
    assert unread(ada) == 1  # that the verification is gone

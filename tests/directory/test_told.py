"""Who is told of each step, by bell and by mail, and that nobody else is."""

import pytest
from django.core import mail

from directory.actions import introductions as actions
from directory.actions import listings as listing_actions
from members.models import Activity, Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(sal, ada, ben, cleo, mo, eve):
    """Everybody who could be told by mistake: a colleague, a rival, an officer beside it, a second moderator."""
    return {
        "sal": sal,
        "ada": ada,
        "ben": ben,
        "cleo": cleo,
        "mo": mo,
        "eve": eve,
        "pat": make.supplier_member("Pat Colleague", company="BrightWave", email="pat@brightwave.example"),
        "rival": make.supplier_member("Robin Rival", company="Quillhouse", email="robin@quillhouse.example"),
        "mim": make.member("Mim Second", groups=["Moderators"], email="mim@forum.example"),
    }


STEPS = {  # verb: (the status before, the step, who gets the bell, who gets a mail)
    "submitted": ("draft", lambda c, it: actions.submit(actor=c["sal"], introduction=it), {"mo", "mim"}),
    "forwarded": ("submitted", lambda c, it: actions.forward(actor=c["mo"], introduction=it), {"ada", "sal"}),
    "returned": (
        "submitted",
        lambda c, it: actions.return_(actor=c["mo"], introduction=it, reason="Because."),
        {"sal"},
    ),
    "rejected": (
        "submitted",
        lambda c, it: actions.reject(actor=c["mo"], introduction=it, reason="Because."),
        {"sal"},
    ),
    "accepted": ("forwarded", lambda c, it: actions.accept(actor=c["ada"], introduction=it), {"sal", "ada"}),
    "declined": (
        "forwarded",
        lambda c, it: actions.decline(actor=c["ada"], introduction=it, words="Because."),
        {"sal"},
    ),
    "not_now": (
        "forwarded",
        lambda c, it: actions.not_now(actor=c["ada"], introduction=it, words="Because."),
        {"sal"},
    ),
    "withdrawn": ("forwarded", lambda c, it: actions.withdraw(actor=c["sal"], introduction=it), {"ada"}),
    "withdrawn by a colleague": (
        "submitted",
        lambda c, it: actions.withdraw(actor=c["pat"], introduction=it),
        {"sal"},
    ),
    "withdrawn early": ("submitted", lambda c, it: actions.withdraw(actor=c["sal"], introduction=it), set()),
    "withdrawn as a draft": ("draft", lambda c, it: actions.withdraw(actor=c["sal"], introduction=it), set()),
    "edited": (
        "returned",
        lambda c, it: actions.edit(actor=c["sal"], introduction=it, purpose="New", message="New"),
        set(),
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_who_is_told_of_a_step(step, crowd, as_, django_capture_on_commit_callbacks):
    before, act, told = STEPS[step]
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(crowd["sal"], crowd["ada"], status=before)
    Notification.objects.all().delete()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        act(crowd, introduction)
    by_name = {member.pk: name for name, member in crowd.items()}
    assert {by_name[n.member_id] for n in Notification.objects.all()} == told
    assert sorted(m.to[0] for m in mail.outbox) == sorted(crowd[name].email for name in told)
    activity = Activity.objects.latest("pk")
    assert activity.target == introduction and activity.verb == f"introduction.{step.split()[0]}"
    for name in told:
        inbox = as_(crowd[name]).get("/inbox/").content.decode()
        assert "BrightWave" in inbox or "Chief Digital Officer, Camden" in inbox or "Ada Okafor" in inbox
    for message in mail.outbox:
        assert "http://" in message.body and "{{" not in message.body + message.subject
        assert message.alternatives[0].content.count("<p>") >= 2
        if step in {"returned", "rejected", "declined", "not_now"}:
            assert "Because." in message.body


def test_the_forums_own_closing_tells_who_asked(crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(crowd["sal"], crowd["ada"], status="forwarded")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.expire_due(introduction.answer_by)
    assert [m.to for m in mail.outbox] == [[crowd["sal"].email]]
    assert Activity.objects.latest("pk").actor is None


def test_the_officers_mail_says_who_asks_why_and_until_when(crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(crowd["sal"], crowd["ada"], status="forwarded")
    [message] = [m for m in mail.outbox if m.to == [crowd["ada"].email]]
    assert message.subject == "BrightWave asks to be introduced to you"
    for words in (
        "Sal Rivers",
        "Case work for damp",
        "May we talk?",
        f"/introductions/{introduction.pk}/",
        "closes by itself on",
    ):
        assert words in message.body
    assert "sal@brightwave.example" not in message.body


def test_who_does_not_want_mail_hears_it_by_bell_alone(crowd, django_capture_on_commit_callbacks):
    for name in ("sal", "ada", "mo"):
        type(crowd[name]).objects.filter(pk=crowd[name].pk).update(mail_introductions=False)
    make.supplier_listing(crowd["sal"])
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(crowd["sal"], crowd["ada"])
    for act in (STEPS["forwarded"][1], STEPS["accepted"][1]):
        with django_capture_on_commit_callbacks(execute=True):
            act(crowd, introduction)
    assert {m.to[0] for m in mail.outbox} == {crowd["mim"].email}
    assert Notification.objects.filter(member=crowd["ada"]).exists()


def test_a_mail_that_comes_too_late_is_not_sent(crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as owed:
        introduction = make.introduction(crowd["sal"], crowd["ada"], status="forwarded")
        actions.withdraw(actor=crowd["sal"], introduction=introduction)
    for callback in owed:
        callback()
    subjects = [m.subject for m in mail.outbox if m.to == [crowd["ada"].email]]
    assert subjects == ["BrightWave withdrew its request"]
    assert not [m for m in mail.outbox if "An introduction waits" in m.subject]


def test_reading_the_page_reads_the_bell(as_, crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(crowd["sal"], crowd["ada"], status="forwarded")
    assert crowd["ada"].notifications.filter(read_at=None).count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        as_(crowd["ada"]).get(f"/introductions/{introduction.pk}/")
    assert crowd["ada"].notifications.filter(read_at=None).count() == 0


def test_moderators_who_belong_to_the_supplier_or_are_the_officer_are_not_told(
    crowd, django_capture_on_commit_callbacks
):
    from django.contrib.auth.models import Group

    moderators = Group.objects.get(name="Moderators")
    for name in ("pat", "ada"):
        crowd[name].groups.add(moderators)
    with django_capture_on_commit_callbacks(execute=True):
        make.introduction(crowd["sal"], crowd["ada"])
    told = {n.member for n in Notification.objects.filter(activity__verb="introduction.submitted")}
    assert told == {crowd["mo"], crowd["mim"]}


@pytest.mark.parametrize(
    ("status", "told"),
    [("submitted", {"mo", "mim"}), ("approved", {"sal", "pat"}), ("returned", {"sal", "pat"}), ("draft", set())],
)
def test_who_is_told_of_a_listing(status, told, crowd, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make.supplier_listing(crowd["sal"], status="draft" if status == "draft" else "submitted")
    if status in {"approved", "returned"}:
        mail.outbox.clear()
        listing = crowd["sal"].organisation.listing
        with django_capture_on_commit_callbacks(execute=True):
            if status == "approved":
                listing_actions.approve(actor=crowd["mo"], listing=listing)
            else:
                listing_actions.return_(actor=crowd["mo"], listing=listing, reason="Name your prices.")
                assert not mail.outbox
    assert {m.to[0] for m in mail.outbox} == {crowd[name].email for name in told}
    if status == "returned":
        assert all("Name your prices." in m.body for m in mail.outbox)

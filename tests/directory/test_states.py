"""An introduction's states: every move from every state through the actions, and nothing else moves it."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from directory.actions import introductions as actions
from directory.models import Introduction
from lib.access import Denied
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
Status = Introduction.Status

MOVES = {
    "submitted": lambda it, cast: actions.submit(actor=cast["sal"], introduction=it),
    "withdrawn": lambda it, cast: actions.withdraw(actor=cast["sal"], introduction=it),
    "forwarded": lambda it, cast: actions.forward(actor=cast["mo"], introduction=it),
    "returned": lambda it, cast: actions.return_(actor=cast["mo"], introduction=it, reason="Say more."),
    "rejected": lambda it, cast: actions.reject(actor=cast["mo"], introduction=it, reason="Not for them."),
    "accepted": lambda it, cast: actions.accept(actor=cast["ada"], introduction=it, words="Yes."),
    "declined": lambda it, cast: actions.decline(actor=cast["ada"], introduction=it, words="No."),
    "not_now": lambda it, cast: actions.not_now(actor=cast["ada"], introduction=it),
    "expired": lambda it, cast: actions.expire_due(timezone.now() + timedelta(days=400)),
}
ALLOWED = {
    "draft": {"submitted", "withdrawn"},
    "submitted": {"forwarded", "returned", "rejected", "withdrawn"},
    "returned": {"submitted", "withdrawn"},
    "forwarded": {"accepted", "declined", "not_now", "withdrawn", "expired"},
}


@pytest.fixture
def cast(sal, ada, mo):
    return {"sal": sal, "ada": ada, "mo": mo}


def test_the_table_is_the_models():
    for before in Status.values:
        assert {after for after in Status.values if Status(before).may_become(after)} == ALLOWED.get(before, set())


@pytest.mark.parametrize("to", MOVES)
@pytest.mark.parametrize("start", Status.values)
def test_every_move_from_every_state(start, to, cast):
    introduction = make.introduction(cast["sal"], cast["ada"], status=start)
    before = Activity.objects.count()
    steps = introduction.steps.count()
    refused = False
    try:
        MOVES[to](introduction, cast)
    except (Denied, Http404):
        refused = True
    introduction.refresh_from_db()
    if to in ALLOWED.get(start, set()):
        assert not refused and introduction.status == to
        assert Activity.objects.latest("pk").verb == f"introduction.{to}"
        assert introduction.steps.count() == steps + 1
    else:
        assert introduction.status == start, "a move that is not allowed changes nothing"
        assert Activity.objects.count() == before
        assert introduction.steps.count() == steps
        assert refused or start == to or to == "expired", "twice is harmless; anything else is refused in words"


@pytest.mark.parametrize("status", sorted(set(Status) - Introduction.OPEN))
def test_what_is_closed_says_why_it_cannot_be_answered(status, cast):
    introduction = make.introduction(cast["sal"], cast["ada"], status=status)
    with pytest.raises((Denied, Http404)) as refusal:
        MOVES["withdrawn" if status != "withdrawn" else "submitted"](introduction, cast)
    assert refusal.value.reason.endswith(".")


def test_a_second_decision_of_another_moderator_is_harmless_or_told(cast):
    introduction = make.introduction(cast["sal"], cast["ada"])
    other = make.member("Other moderator", groups=["Moderators"])
    actions.forward(actor=cast["mo"], introduction=introduction)
    actions.forward(actor=other, introduction=introduction)
    assert Activity.objects.filter(verb="introduction.forwarded").count() == 1
    with pytest.raises(Denied, match="forwarded to the officer"):
        actions.reject(actor=other, introduction=introduction, reason="No.")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "forwarded"},
        {"status": "accepted"},
        {"status": "submitted", "submitted_at": None},
        {"status": "draft"},
        {"direction": "to_supplier"},
        {"status": "nonsense"},
    ],
)
def test_the_database_refuses_a_state_without_its_fields(change, cast):
    introduction = make.introduction(cast["sal"], cast["ada"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.filter(pk=introduction.pk).update(**change)


def test_the_database_refuses_two_open_requests_between_the_same_two(cast):
    first = make.introduction(cast["sal"], cast["ada"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Introduction.objects.create(
            supplier=first.supplier,
            officer=first.officer,
            asked_by=first.asked_by,
            described_as="x",
            purpose="x",
            message="x",
            token=uuid.uuid4(),
            created_at=timezone.now(),
            moved_at=timezone.now(),
        )


def test_no_return_and_no_rejection_without_a_reason(cast):
    from django.core.exceptions import ValidationError

    introduction = make.introduction(cast["sal"], cast["ada"])
    for action in (actions.return_, actions.reject):
        with pytest.raises(ValidationError):
            action(actor=cast["mo"], introduction=introduction, reason="  ")
    introduction.refresh_from_db()
    assert introduction.status == "submitted"
    with pytest.raises(IntegrityError), transaction.atomic():
        introduction.steps.create(status="returned", words="", at=timezone.now())


@pytest.mark.parametrize("who", ["sal", "ada", "ben", "cleo", "eve"])
def test_only_moderators_decide(who, cast, ben, cleo, eve):
    actor = {**cast, "ben": ben, "cleo": cleo, "eve": eve}[who]
    introduction = make.introduction(cast["sal"], cast["ada"])
    for action, words in ((actions.forward, {}), (actions.return_, {"reason": "x"}), (actions.reject, {"reason": "x"})):
        with pytest.raises((Denied, Http404)):
            action(actor=actor, introduction=introduction, **words)
    introduction.refresh_from_db()
    assert introduction.status == "submitted"


def test_moderators_do_not_decide_about_themselves(sal, ada, mo):
    from django.contrib.auth.models import Group

    moderators = Group.objects.get(name="Moderators")
    introduction = make.introduction(sal, ada)
    for partial in (sal, ada):
        partial.groups.add(moderators)
        with pytest.raises((Denied, Http404)):
            actions.forward(actor=type(partial).objects.get(pk=partial.pk), introduction=introduction)


@pytest.mark.parametrize("who", ["sal", "mo", "ben"])
def test_only_the_officer_answers(who, cast, ben):
    actor = {**cast, "ben": ben}[who]
    introduction = make.introduction(cast["sal"], cast["ada"], status="forwarded")
    for action in (actions.accept, actions.decline, actions.not_now):
        with pytest.raises((Denied, Http404)):
            action(actor=actor, introduction=introduction)


def test_an_officer_who_is_none_any_more_answers_nothing(cast):
    introduction = make.introduction(cast["sal"], cast["ada"], status="forwarded")
    type(cast["ada"]).objects.filter(pk=cast["ada"].pk).update(standing="newcomer")
    with pytest.raises(Http404):
        actions.accept(actor=cast["ada"], introduction=introduction)


def test_a_colleague_reads_and_withdraws_but_does_not_send(cast):
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    draft = make.introduction(cast["sal"], cast["ada"], status="draft")
    with pytest.raises(Denied, match="Sal Rivers"):
        actions.submit(actor=pat, introduction=draft)
    assert actions.withdraw(actor=pat, introduction=draft).status == "withdrawn"


def test_it_closes_by_itself_when_its_time_is_over_and_not_before(cast, settings):
    now = timezone.now()
    introduction = make.introduction(cast["sal"], cast["ada"], status="forwarded", now=now)
    assert introduction.answer_by == now + timedelta(days=settings.INTRODUCTION_ANSWER_DAYS)
    assert actions.expire_due(introduction.answer_by - timedelta(seconds=1)) == 0
    assert actions.expire_due(introduction.answer_by) == 1
    assert actions.expire_due(introduction.answer_by) == 0
    introduction.refresh_from_db()
    assert introduction.status == "expired"


def test_what_was_returned_is_changed_and_sent_again_without_counting_twice(cast):
    from directory.rules.quota import quota

    introduction = make.introduction(cast["sal"], cast["ada"], status="returned", words="Say what they gain.")
    used = quota(introduction.supplier, timezone.now()).used
    changed = actions.edit(
        actor=cast["sal"], introduction=introduction, purpose="Damp cases", message="You gain figures."
    )
    assert changed.message == "You gain figures."
    actions.submit(actor=cast["sal"], introduction=introduction)
    assert quota(introduction.supplier, timezone.now()).used == used
    assert [step.words for step in introduction.steps.all() if step.status == "returned"] == ["Say what they gain."]
    with pytest.raises(Denied, match="with a moderator"):
        actions.edit(actor=cast["sal"], introduction=introduction, purpose="x", message="y")

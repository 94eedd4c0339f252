"""Introductions, from the request to the outcome."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lib.access import Denied
from lib.tokens import SENT_BEFORE
from lib.validation import all_errors
from members import inbox
from members.actions import lock_actor
from members.models import Member, Organisation

from .. import access
from ..models import Introduction, may_move
from ..queries import limits
from ..queries.anonymity import gives_away
from ..queries.introductions import officer_shows_name
from ..queries.listings import describe
from . import steps, writing

Status = Introduction.Status
Direction = Introduction.Direction
NEEDED = {
    "purpose": "Say in one line what the meeting is for.",
    "message": "Write why you ask, and what the officer gains.",
}
NEEDED_BY_SUPPLIER = {
    "purpose": "Say in one line what you want to talk about.",
    "message": "Write what you would like to know.",
}
NAMED = "This text gives the officer’s name or address, and the supplier would read it. Take it out."


# --- Who asks -----------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    actor: Member,
    officer: uuid.UUID,
    purpose: str,
    message: str,
    token: uuid.UUID,
    send: bool = True,
    now: datetime | None = None,
) -> Introduction:
    """A supplier's member asks to meet the officer whose listing has the public id `officer`. send=False: a draft.

    Raises Http404, Denied or ValidationError.
    """
    actor = lock_actor(actor)
    earlier = _sent_before(actor, token, direction=Direction.TO_OFFICER, officer__officer_listing__public_id=officer)
    if earlier:
        return earlier
    supplier = _lock_supplier(actor)
    now = now or timezone.now()
    listing = access.officer_listing(actor, officer)
    reason = limits.why_supplier_may_not_ask(supplier) or limits.why_officer_is_not_asked(supplier, listing.member, now)
    if reason:
        raise Denied(reason)
    if limits.open_between(supplier, listing.member):
        raise Denied(f"{supplier.short_name} already has a request to this officer under way.")
    purpose, message = _clean(purpose, message)
    introduction = Introduction.objects.create(
        supplier=supplier,
        officer=listing.member,
        asked_by=actor,
        described_as=describe(listing.member),
        purpose=purpose,
        message=message,
        token=token,
        created_at=now,
        moved_at=now,
    )
    introduction.steps.create(status=Status.DRAFT, by=actor, at=now)
    inbox.record("introduction.drafted", actor=actor, target=introduction, now=now)
    return _send(introduction, actor, now) if send else introduction


@transaction.atomic
def edit(
    *, actor: Member, introduction_id: int, purpose: str, message: str, now: datetime | None = None
) -> Introduction:
    """Changes a draft or a returned request. Raises Http404, Denied or ValidationError."""
    actor = lock_actor(actor)
    introduction = steps.lock(actor, introduction_id)
    now = now or timezone.now()
    access.check_change(actor, introduction)
    if introduction.status not in Introduction.CHANGEABLE:
        raise Denied(steps.MOVED_ON[introduction.status])
    purpose, message = _clean(purpose, message)
    if (purpose, message) != (introduction.purpose, introduction.message):
        introduction.purpose, introduction.message = purpose, message
        introduction.save(update_fields=["purpose", "message"])
        inbox.record("introduction.edited", actor=actor, target=introduction, now=now)
    return introduction


@transaction.atomic
def submit(*, actor: Member, introduction_id: int, now: datetime | None = None) -> Introduction:
    """Sends a draft, or a returned request, to the moderators. Raises Http404 or Denied."""
    actor = lock_actor(actor)
    _lock_supplier(actor)
    introduction = steps.lock(actor, introduction_id)
    now = now or timezone.now()
    access.check_change(actor, introduction)
    if introduction.status == Status.SUBMITTED:
        return introduction
    if introduction.status in Introduction.CHANGEABLE:
        reason = limits.why_supplier_may_not_ask(introduction.supplier) or limits.why_officer_is_not_asked(
            introduction.supplier, introduction.officer, now
        )
        if reason:
            raise Denied(reason)
    return _send(introduction, actor, now)


def _send(introduction: Introduction, actor: Member, now: datetime) -> Introduction:
    if introduction.submitted_at is None and may_move(introduction.status, Status.SUBMITTED):
        reason = limits.why_quota_is_spent(introduction.supplier, now)
        if reason:
            raise Denied(reason)
        introduction.submitted_at = now
    return steps.move(introduction, Status.SUBMITTED, actor, now)


@transaction.atomic
def withdraw(*, actor: Member, introduction_id: int, now: datetime | None = None) -> Introduction:
    """Any member of the supplier takes a request back. The officer is told if it had reached them.

    Raises Http404 or Denied.
    """
    actor = lock_actor(actor)
    introduction = steps.lock(actor, introduction_id)
    now = now or timezone.now()
    access.check_withdraw(actor, introduction)
    return steps.move(introduction, Status.WITHDRAWN, actor, now)


@transaction.atomic
def ask_supplier(
    *, actor: Member, supplier: str, purpose: str, message: str, token: uuid.UUID, now: datetime | None = None
) -> Introduction:
    """An officer writes to a supplier, named by its slug, and gives their own contact details by doing so.

    No moderator and no yes is needed: both sides have the other's details at once. Raises Http404, Denied or
    ValidationError.
    """
    actor = lock_actor(actor)
    now = now or timezone.now()
    earlier = _sent_before(actor, token, direction=Direction.TO_SUPPLIER, supplier__slug=supplier)
    if earlier:
        return earlier
    listing = access.supplier_listing(actor, supplier)
    if not actor.is_officer:
        raise Denied("Only officers write to suppliers from here.")
    reason = limits.why_not_write_again(listing.supplier, actor, now)
    if reason:
        raise Denied(reason)
    purpose, message = _clean(purpose, message, NEEDED_BY_SUPPLIER)
    introduction = Introduction.objects.create(
        direction=Direction.TO_SUPPLIER,
        status=Status.ACCEPTED,
        supplier=listing.supplier,
        officer=actor,
        asked_by=actor,
        described_as=describe(actor),
        purpose=purpose,
        message=message,
        token=token,
        created_at=now,
        moved_at=now,
        submitted_at=now,
    )
    introduction.steps.create(status=Status.ACCEPTED, by=actor, at=now)
    inbox.record("introduction.asked", actor=actor, target=introduction, now=now)
    return introduction


# --- Moderators ---------------------------------------------------------------------------------


@transaction.atomic
def forward(
    *, actor: Member, introduction_id: int, seen: str | None = None, now: datetime | None = None
) -> Introduction:
    """A moderator passes a request on to the officer, if it is still the one whose version is `seen`.

    Raises Http404 or Denied.
    """
    actor, introduction = _lock_for_decision(actor, introduction_id, seen)
    now = now or timezone.now()
    if introduction.status == Status.SUBMITTED:
        reason = limits.why_not_forward(introduction, now)
        if reason:
            raise Denied(f"{reason} Return or reject the request.")
        introduction.forwarded_at = now
        introduction.answer_by = now + timedelta(days=settings.INTRODUCTION_ANSWER_DAYS)
    return steps.move(introduction, Status.FORWARDED, actor, now)


@transaction.atomic
def return_(
    *, actor: Member, introduction_id: int, reason: str, seen: str | None = None, now: datetime | None = None
) -> Introduction:
    """A moderator gives a request back, to be changed, if it is still the one whose version is `seen`.

    Raises Http404, Denied or ValidationError.
    """
    needed = "Say what is to be changed: the supplier will read it."
    return _refuse(actor, introduction_id, Status.RETURNED, reason, needed, seen, now)


@transaction.atomic
def reject(
    *, actor: Member, introduction_id: int, reason: str, seen: str | None = None, now: datetime | None = None
) -> Introduction:
    """A moderator ends a request, if it is still the one whose version is `seen`.

    Raises Http404, Denied or ValidationError.
    """
    return _refuse(actor, introduction_id, Status.REJECTED, reason, "Say why: the supplier will read it.", seen, now)


def _refuse(
    actor: Member, introduction_id: int, to: str, reason: str, needed: str, seen: str | None, now: datetime | None
) -> Introduction:
    actor, introduction = _lock_for_decision(actor, introduction_id, seen)
    now = now or timezone.now()
    if introduction.status == to:
        return introduction
    reason = writing.clean_text(reason, field="reason", limit=Introduction.WORDS_MAX_LENGTH, needed=needed)
    if gives_away(reason, introduction.officer, officer_shows_name(introduction.officer)):
        raise ValidationError({"reason": NAMED})
    return steps.move(introduction, to, actor, now, words=reason)


def _lock_for_decision(actor: Member, introduction_id: int, seen: str | None) -> tuple[Member, Introduction]:
    actor = lock_actor(actor)
    introduction = steps.lock(actor, introduction_id)
    access.check_decide(actor, introduction)
    if introduction.status == Status.SUBMITTED:
        writing.check_was_read(introduction, seen)
    return actor, introduction


# --- The officer --------------------------------------------------------------------------------


@transaction.atomic
def accept(*, actor: Member, introduction_id: int, words: str = "", now: datetime | None = None) -> Introduction:
    """The officer says yes: the officer and the one who asked, if they are still there, see each other's details.

    Raises Http404, Denied or ValidationError.
    """
    return _answer(actor, introduction_id, Status.ACCEPTED, words, now)


@transaction.atomic
def decline(*, actor: Member, introduction_id: int, words: str = "", now: datetime | None = None) -> Introduction:
    """The officer says no. The supplier reads the words, if any, and not whose they are.

    Raises Http404, Denied or ValidationError.
    """
    return _answer(actor, introduction_id, Status.DECLINED, words, now)


@transaction.atomic
def not_now(*, actor: Member, introduction_id: int, words: str = "", now: datetime | None = None) -> Introduction:
    """The officer may be asked again later (queries.limits says when). Otherwise as decline()."""
    return _answer(actor, introduction_id, Status.NOT_NOW, words, now)


def _answer(actor: Member, introduction_id: int, to: str, words: str, now: datetime | None) -> Introduction:
    actor = lock_actor(actor)
    introduction = steps.lock(actor, introduction_id)
    now = now or timezone.now()
    access.check_answer(actor, introduction)
    if to == Status.ACCEPTED and introduction.status == Status.FORWARDED:
        reason = limits.why_asker_is_gone(introduction)
        if reason:
            raise Denied(reason)
    words = writing.clean_text(words, field="words", limit=Introduction.WORDS_MAX_LENGTH)
    if to != Status.ACCEPTED and gives_away(words, actor, officer_shows_name(actor)):
        raise ValidationError(
            {"words": "Your words give your name or address, and the supplier reads them. Take it out."}
        )
    return steps.move(introduction, to, actor, now, words=words)


def expire_due(now: datetime | None = None) -> int:
    """Closes the requests whose time for an answer is over. → how many. To be called by the worker, again and again."""
    now = now or timezone.now()
    due = Introduction.objects.filter(status=Status.FORWARDED, answer_by__lte=now).order_by("pk")
    return sum(_expire(introduction_id, now) for introduction_id in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _expire(introduction_id: int, now: datetime) -> bool:
    introduction = steps.locked(Introduction.objects.all(), introduction_id)
    if introduction.status != Status.FORWARDED:  # answered since it was looked up
        return False
    steps.move(introduction, Status.EXPIRED, None, now)
    return True


# --- What they share ----------------------------------------------------------------------------


def _sent_before(actor: Member, token: uuid.UUID, **fits) -> Introduction | None:
    """What the form with this token has made already. Raises ValidationError unless that one `fits`."""
    made = Introduction.objects.filter(asked_by=actor, token=token)
    earlier = made.first()
    if earlier and not made.filter(**fits).exists():
        raise ValidationError({"token": SENT_BEFORE})
    return earlier


def _lock_supplier(actor: Member) -> Organisation:
    """The actor's supplier, locked, so that its members together can't outrun the quota."""
    supplier = access.supplier_of(actor)
    if supplier is None:
        raise Denied("Only a supplier’s members ask for introductions.")
    return Organisation.objects.select_for_update(no_key=True).get(pk=supplier.pk)


def _clean(purpose: str, message: str, needed: Mapping[str, str] = NEEDED) -> tuple[str, str]:
    with all_errors() as check:
        purpose = check(
            writing.clean_line,
            purpose,
            field="purpose",
            limit=Introduction.PURPOSE_MAX_LENGTH,
            needed=needed["purpose"],
        )
        message = check(
            writing.clean_text,
            message,
            field="message",
            limit=Introduction.MESSAGE_MAX_LENGTH,
            needed=needed["message"],
        )
    return purpose, message

"""Introductions, from the request to the outcome."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from lib.access import Denied, refusal
from lib.text import clean_line, clean_text
from lib.tokens import made_before
from lib.validation import all_errors
from members import inbox
from members.actions import NOW, action
from members.models import Member

from .. import access
from ..models import Introduction, OfficerListing, SupplierListing
from ..rules.anonymity import gives_away, role_and_organisation
from ..rules.states import check_was_read
from .introduction_steps import take_step
from .locks import lock_introduction, lock_officer_listing, lock_public_listing, lock_supplier

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


@action(lock_supplier, listing=lock_officer_listing)
def ask(
    *,
    actor: Member,
    listing: OfficerListing,
    purpose: str,
    message: str,
    token: uuid.UUID,
    send: bool = True,
    now: datetime = NOW,
) -> Introduction:
    """A supplier's member asks to meet the officer whose listing this is. send=False: a draft.

    Raises Http404, Denied or ValidationError.
    """
    made = Introduction.objects.filter(asked_by=actor, token=token)
    earlier = made_before(made, direction=Direction.TO_OFFICER, officer=listing.member)
    if earlier:
        return earlier
    supplier = access.check_ask(actor, listing.member, now)
    purpose, message = _clean(purpose, message, NEEDED)
    introduction = Introduction.objects.create(
        supplier=supplier,
        officer=listing.member,
        asked_by=actor,
        described_as=role_and_organisation(listing.member),
        purpose=purpose,
        message=message,
        token=token,
        created_at=now,
        moved_at=now,
    )
    introduction.steps.create(status=Status.DRAFT, by=actor, at=now)
    inbox.record("introduction.drafted", actor=actor, target=introduction, now=now)
    return _send(introduction, actor, now) if send else introduction


@action(lock_supplier, introduction=lock_introduction)
def edit(
    *,
    actor: Member,
    introduction: Introduction,
    purpose: str,
    message: str,
    send: bool = False,
    now: datetime = NOW,
) -> Introduction:
    """Changes a draft or a returned request, and sends it if asked to. Raises Http404, Denied or ValidationError."""
    access.check_change(actor, introduction)
    purpose, message = _clean(purpose, message, NEEDED)
    if (purpose, message) != (introduction.purpose, introduction.message):
        introduction.purpose, introduction.message = purpose, message
        introduction.save(update_fields=["purpose", "message"])
        inbox.record("introduction.edited", actor=actor, target=introduction, now=now)
    return _send(introduction, actor, now) if send else introduction


@action(lock_supplier, introduction=lock_introduction)
def submit(*, actor: Member, introduction: Introduction, now: datetime = NOW) -> Introduction:
    """Sends a draft, or a returned request, to the moderators. Raises Http404 or Denied."""
    access.check_asks(actor, introduction)
    return introduction if introduction.status == Status.SUBMITTED else _send(introduction, actor, now)


def _send(introduction: Introduction, actor: Member, now: datetime) -> Introduction:
    access.check_send(actor, introduction, now)
    introduction.submitted_at = introduction.submitted_at or now
    return take_step(introduction, Status.SUBMITTED, actor, now)


@action(introduction=lock_introduction)
def withdraw(*, actor: Member, introduction: Introduction, now: datetime = NOW) -> Introduction:
    """Any member of the supplier takes a request back. The officer is told if it had reached them.

    Raises Http404 or Denied.
    """
    access.check_withdraw(actor, introduction)
    return take_step(introduction, Status.WITHDRAWN, actor, now)


@action(listing=lock_public_listing)
def ask_supplier(
    *, actor: Member, listing: SupplierListing, purpose: str, message: str, token: uuid.UUID, now: datetime = NOW
) -> Introduction:
    """An officer writes to the supplier whose listing this is, and gives their own contact details by doing so.

    No moderator and no yes is needed: both sides have the other's details at once. Raises Http404, Denied or
    ValidationError.
    """
    made = Introduction.objects.filter(asked_by=actor, token=token)
    earlier = made_before(made, direction=Direction.TO_SUPPLIER, supplier=listing.supplier)
    if earlier:
        return earlier
    access.check_write_to_supplier(actor, listing.supplier, now)
    purpose, message = _clean(purpose, message, NEEDED_BY_SUPPLIER)
    introduction = Introduction.objects.create(
        direction=Direction.TO_SUPPLIER,
        status=Status.ACCEPTED,
        supplier=listing.supplier,
        officer=actor,
        asked_by=actor,
        described_as=role_and_organisation(actor),
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


def _clean(purpose: str, message: str, needed: Mapping[str, str]) -> tuple[str, str]:
    limits = {"purpose": Introduction.PURPOSE_MAX_LENGTH, "message": Introduction.MESSAGE_MAX_LENGTH}
    with all_errors() as check:
        purpose = check(clean_line, purpose, field="purpose", limit=limits["purpose"], needed=needed["purpose"])
        message = check(clean_text, message, field="message", limit=limits["message"], needed=needed["message"])
    return purpose, message


# --- Moderators ---------------------------------------------------------------------------------


@action(introduction=lock_introduction)
def forward(*, actor: Member, introduction: Introduction, seen: str | None = None, now: datetime = NOW) -> Introduction:
    """A moderator passes a request on to the officer, if it is still the one whose version is `seen`.

    Raises Http404 or Denied.
    """
    _check_decide(actor, introduction, seen)
    if introduction.status == Status.SUBMITTED:
        reason = refusal(access.check_forward, introduction, now)
        if reason:
            raise Denied(f"{reason} Return or reject the request.")
        introduction.forwarded_at = now
        introduction.answer_by = now + timedelta(days=settings.INTRODUCTION_ANSWER_DAYS)
    return take_step(introduction, Status.FORWARDED, actor, now)


@action(introduction=lock_introduction)
def return_(
    *, actor: Member, introduction: Introduction, reason: str, seen: str | None = None, now: datetime = NOW
) -> Introduction:
    """A moderator gives a request back, to be changed, if it is still the one whose version is `seen`.

    Raises Http404, Denied or ValidationError.
    """
    _check_decide(actor, introduction, seen)
    needed = "Say what is to be changed: the supplier will read it."
    return _refuse(introduction, Status.RETURNED, actor, reason, needed, now)


@action(introduction=lock_introduction)
def reject(
    *, actor: Member, introduction: Introduction, reason: str, seen: str | None = None, now: datetime = NOW
) -> Introduction:
    """A moderator ends a request, if it is still the one whose version is `seen`.

    Raises Http404, Denied or ValidationError.
    """
    _check_decide(actor, introduction, seen)
    return _refuse(introduction, Status.REJECTED, actor, reason, "Say why: the supplier will read it.", now)


def _check_decide(actor: Member, introduction: Introduction, seen: str | None):
    access.check_decide(actor, introduction)
    if introduction.status == Status.SUBMITTED:
        check_was_read(introduction, seen)


def _refuse(
    introduction: Introduction, to: str, actor: Member, reason: str, needed: str, now: datetime
) -> Introduction:
    if introduction.status == to:
        return introduction
    reason = clean_text(reason, field="reason", limit=Introduction.WORDS_MAX_LENGTH, needed=needed)
    if gives_away(reason, introduction.officer, access.shows_name(introduction.officer)):
        raise ValidationError({"reason": NAMED})
    return take_step(introduction, to, actor, now, words=reason)


# --- The officer --------------------------------------------------------------------------------


@action(introduction=lock_introduction)
def accept(*, actor: Member, introduction: Introduction, words: str = "", now: datetime = NOW) -> Introduction:
    """The officer says yes: the officer and the one who asked, if they are still there, see each other's details.

    Raises Http404, Denied or ValidationError.
    """
    access.check_accept(actor, introduction)
    return take_step(introduction, Status.ACCEPTED, actor, now, words=_clean_words(words))


@action(introduction=lock_introduction)
def decline(*, actor: Member, introduction: Introduction, words: str = "", now: datetime = NOW) -> Introduction:
    """The officer says no. The supplier reads the words, if any, and not whose they are.

    Raises Http404, Denied or ValidationError.
    """
    return _say_no(introduction, Status.DECLINED, actor, words, now)


@action(introduction=lock_introduction)
def not_now(*, actor: Member, introduction: Introduction, words: str = "", now: datetime = NOW) -> Introduction:
    """The officer may be asked again later (rules.asking_again says when). Otherwise as decline()."""
    return _say_no(introduction, Status.NOT_NOW, actor, words, now)


def _say_no(introduction: Introduction, to: str, actor: Member, words: str, now: datetime) -> Introduction:
    access.check_answer(actor, introduction)
    words = _clean_words(words)
    if gives_away(words, actor, access.shows_name(actor)):
        raise ValidationError(
            {"words": "Your words give your name or address, and the supplier reads them. Take it out."}
        )
    return take_step(introduction, to, actor, now, words=words)


def _clean_words(words: str) -> str:
    return clean_text(words, field="words", limit=Introduction.WORDS_MAX_LENGTH)


# --- The worker ---------------------------------------------------------------------------------


def expire_due(now: datetime | None = None) -> int:
    """Closes the requests whose time for an answer is over. → how many. To be called by the worker, again and again."""
    now = now or timezone.now()
    due = Introduction.objects.filter(status=Status.FORWARDED, answer_by__lte=now).order_by("pk")
    return sum(_expire(introduction=introduction, now=now) for introduction in list(due))


@action(introduction=lock_introduction)
def _expire(*, introduction: Introduction, now: datetime = NOW) -> bool:
    if introduction.status != Status.FORWARDED:  # answered since it was looked up
        return False
    take_step(introduction, Status.EXPIRED, None, now)
    return True

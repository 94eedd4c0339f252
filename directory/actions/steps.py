"""What every step of an introduction shares: the lock, and the step itself."""

from datetime import datetime

from django.shortcuts import get_object_or_404

from lib.access import Denied
from members import inbox
from members.models import Member

from .. import access
from ..models import Introduction, IntroductionStep, may_move

Status = Introduction.Status
MOVED_ON: dict[str, str] = {
    Status.DRAFT: "This request has not been sent yet.",
    Status.SUBMITTED: "This request is with a moderator.",
    Status.RETURNED: "This request was returned to the supplier, who can change it and send it again.",
    Status.REJECTED: "A moderator has rejected this request.",
    Status.FORWARDED: "This request has been forwarded to the officer.",
    Status.ACCEPTED: "The officer has accepted this request.",
    Status.DECLINED: "The officer has declined this request.",
    Status.NOT_NOW: "The officer has answered this request with “not now”.",
    Status.WITHDRAWN: "The supplier has withdrawn this request.",
    Status.EXPIRED: "This request has closed, since it was not answered in time.",
}


def lock(actor: Member, introduction_id: int) -> Introduction:
    """The introduction, locked. Raises Http404 when the actor may not see it."""
    return locked(access.visible_introductions(actor), introduction_id)


def locked(introductions, introduction_id: int) -> Introduction:
    """One of these introductions, locked until the transaction ends. Raises Http404.

    Read anew once the lock is there: after waiting, PostgreSQL would give its people as they were before.
    """
    list(Introduction.objects.filter(pk=introduction_id).select_for_update(no_key=True).values_list("pk"))
    found = introductions.select_related("supplier", "officer__organisation", "asked_by__organisation")
    return get_object_or_404(found, pk=introduction_id)


def move(introduction: Introduction, to: str, actor: Member | None, now: datetime, words: str = "") -> Introduction:
    """Takes the next step, once: what has reached `to` already stays as it is."""
    if introduction.status == to:
        return introduction
    if not may_move(introduction.status, to):
        raise Denied(MOVED_ON[introduction.status])
    introduction.status, introduction.moved_at = to, now
    introduction.save(update_fields=["status", "moved_at", "submitted_at", "forwarded_at", "answer_by"])
    IntroductionStep.objects.create(introduction=introduction, status=to, by=actor, words=words, at=now)
    reason = words if to in Introduction.NEED_WORDS else ""  # a moderator's; an officer's words are for the two alone
    inbox.record(f"introduction.{to}", actor=actor, target=introduction, now=now, reason=reason)
    return introduction

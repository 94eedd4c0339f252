"""Shutting a member out, and letting them in again."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lib import live
from members import inbox
from members.access import check_power_over
from members.actions import lock_both
from members.actions.reasons import clean_reason, required_reason
from members.models import Member
from members.notifications import AwaitingVerification


@transaction.atomic
def suspend(*, actor: Member, member: Member, reason: str, now: datetime | None = None) -> Member:
    """The member can't sign in any more, every session ends now, and what they posted stays. Twice is harmless.

    Raises Denied, ValidationError without a reason.
    """
    actor, member = lock_both(actor, member)
    now = now or timezone.now()
    check_power_over(actor, member)
    if not member.is_active:
        return member
    reason = required_reason(reason)
    member.is_active = False
    member.save(update_fields=["is_active"])
    member.sessions.all().delete()
    inbox.record("member.suspended", actor=actor, target=member, now=now, reason=reason)
    inbox.settle(AwaitingVerification.key_for(member.pk), now=now)
    transaction.on_commit(lambda: live.drop(member_id=member.pk), robust=True)
    return member


@transaction.atomic
def restore(*, actor: Member, member: Member, reason: str = "", now: datetime | None = None) -> Member:
    """The member may sign in again, as who they were before. Twice is harmless.

    Raises Denied, ValidationError for a reason that is too long.
    """
    actor, member = lock_both(actor, member)
    now = now or timezone.now()
    check_power_over(actor, member)
    if member.is_active:
        return member
    reason = clean_reason(reason)
    member.is_active = True
    member.save(update_fields=["is_active"])
    inbox.record("member.restored", actor=actor, target=member, now=now, reason=reason)
    return member

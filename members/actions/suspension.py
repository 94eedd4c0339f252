"""Shutting a member out, and letting them in again."""

from datetime import datetime

from django.db import transaction

from lib import live
from members import inbox
from members.access import check_power_over
from members.actions import NOW, action
from members.actions.reasons import clean_reason, required_reason
from members.models import Member
from members.notifications import AwaitingVerification


@action()
def suspend(*, actor: Member, member: Member, reason: str, now: datetime = NOW) -> Member:
    """The member can't sign in any more, every session ends now, and what they posted stays. Twice is harmless.

    Raises Denied, ValidationError without a reason.
    """
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


@action()
def restore(*, actor: Member, member: Member, reason: str = "", now: datetime = NOW) -> Member:
    """The member may sign in again, as who they were before. Twice is harmless.

    Raises Denied, ValidationError for a reason that is too long.
    """
    check_power_over(actor, member)
    if member.is_active:
        return member
    reason = clean_reason(reason)
    member.is_active = True
    member.save(update_fields=["is_active"])
    inbox.record("member.restored", actor=actor, target=member, now=now, reason=reason)
    return member

"""A person leaves. What they wrote stays readable, under nobody's name."""

import secrets
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from lib import live
from lib.access import Denied
from members import inbox
from members.models import Activity, Mail, Member, Notification
from members.notifications import AwaitingVerification

# What other apps hold of a person: see erases().
_erasers: list[Callable[[Member, datetime], None]] = []


def erases(function: Callable[[Member, datetime], None]):
    """Registers what another app forgets with a person: function(member, now), in the erasing transaction.

    It is called before the member's own row changes. An app calls this once, when it starts.
    """
    _erasers.append(function)
    return function


@transaction.atomic
def erase(*, actor: Member, now: datetime | None = None) -> Member:
    """Erases the actor's account: the row stays as "A former member", so that threads stay whole. It can't be undone.

    Raises Denied for the last administrator, who must name another first. Twice is harmless.
    """
    administrators = Member.objects.active().filter(is_superuser=True)
    # All of them, so that two who leave at once don't each count on the other.
    Member.objects.lock_all([actor.pk, *administrators.values_list("pk", flat=True)])
    member = Member.objects.get(pk=actor.pk)
    now = now or timezone.now()
    if member.erased_at:
        return member
    if member.is_superuser and not administrators.exclude(pk=member.pk).exists():
        raise Denied("You are the only administrator. Make somebody else one before you delete your account.")
    for eraser in _erasers:
        eraser(member, now)

    Activity.objects.with_target(member).update(reason="")
    inbox.settle(AwaitingVerification.key_for(member.pk), now=now)
    Notification.objects.filter(member=member).delete()
    Mail.objects.filter(member=member, sent_at=None).delete()
    EmailAddress.objects.filter(user=member).delete()
    member.groups.clear()
    member.user_permissions.clear()
    member.sessions.all().delete()

    member.name = "A former member"
    member.email = f"{secrets.token_urlsafe(24)}@erased.invalid".lower()
    member.handle = f"former-member-{member.pk}"
    member.former_handle = member.job_title = member.bio = member.claimed_organisation = ""
    member.standing = Member.Standing.NEWCOMER
    member.organisation = None
    member.verified_at = member.verification_asked_at = member.verification_declined_at = member.last_login = None
    member.is_active = member.is_superuser = False
    member.mail_replies = member.mail_mentions = member.mail_events = member.mail_introductions = False
    member.unread_count = 0
    member.erased_at = now
    member.set_unusable_password()
    member.save()
    inbox.record("member.erased", actor=member, target=member, now=now)
    transaction.on_commit(lambda: live.drop(member_id=member.pk), robust=True)
    return member

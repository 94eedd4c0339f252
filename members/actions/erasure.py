"""A person leaves. What they wrote stays readable, under nobody's name."""

import secrets
from collections.abc import Callable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from lib import live
from lib.access import Denied
from members import inbox
from members.actions import NOW, action
from members.models import Activity, Letter, Mail, Member, Notification
from members.notifications import AwaitingVerification

# What other apps hold of a person: see erases().
_erasers: list[Callable[[Member, datetime], None]] = []


def erases(function: Callable[[Member, datetime], None]):
    """Registers what another app forgets with a person: function(member, now), in the erasing transaction.

    It is called before the member's own row changes. An app calls this once, when it starts.
    """
    _erasers.append(function)
    return function


# All administrators are locked, so that two who leave at once don't each count on the other.
@action(also=Member.objects.administrators, while_suspended=True)
def erase(*, actor: Member, now: datetime = NOW) -> Member:
    """Erases the actor's account: the row stays as "A former member", so that threads stay whole. It can't be undone.

    Raises Denied for the last administrator, who must name another first. Twice is harmless.
    """
    if actor.erased_at:
        return actor
    if actor.is_superuser and not Member.objects.administrators().exclude(pk=actor.pk).exists():
        raise Denied("You are the only administrator. Make somebody else one before you delete your account.")
    for eraser in _erasers:
        eraser(actor, now)

    Activity.objects.with_target(actor).update(reason="")
    inbox.settle(AwaitingVerification.key_for(actor.pk), now=now)
    Notification.objects.filter(member=actor).delete()
    Mail.objects.filter(member=actor, sent_at=None).delete()
    addresses = {actor.email.lower(), *(one.email.lower() for one in EmailAddress.objects.filter(user=actor))}
    Letter.objects.filter(address__in=addresses).delete()
    EmailAddress.objects.filter(user=actor).delete()
    actor.groups.clear()
    actor.user_permissions.clear()
    actor.sessions.all().delete()

    actor.name = "A former member"
    actor.email = f"{secrets.token_urlsafe(24)}@erased.invalid".lower()
    actor.handle = f"former-member-{actor.pk}"
    actor.former_handle = actor.job_title = actor.bio = actor.claimed_organisation = ""
    actor.standing = Member.Standing.NEWCOMER
    actor.organisation = None
    actor.verified_at = actor.verification_asked_at = actor.verification_declined_at = actor.last_login = None
    actor.is_active = actor.is_superuser = False
    actor.mail_replies = actor.mail_mentions = actor.mail_events = actor.mail_introductions = False
    actor.unread_count = 0
    actor.erased_at = now
    actor.set_unusable_password()
    actor.save()
    inbox.record("member.erased", actor=actor, target=actor, now=now)
    transaction.on_commit(lambda: live.drop(member_id=actor.pk), robust=True)
    return actor

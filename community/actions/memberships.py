"""Who belongs to a space of invited members: invite, remove, leave."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from lib import live
from members import inbox
from members.actions import NOW, action
from members.models import Member

from .. import access
from ..models import SpaceMembership, SpacePage
from .locks import lock_space

Role = SpaceMembership.Role


@action(space=lock_space)
def invite(
    *, actor: Member, space: SpacePage, member: Member, role: str = Role.MEMBER, now: datetime = NOW
) -> SpaceMembership:
    """Takes a member into a space, or gives one who is there another role. Twice is harmless.

    Raises Http404, Denied, or ValidationError for a role that there is none of.
    """
    access.check_invite(actor, space)
    if role not in Role.values:
        raise ValidationError({"role": "Choose a role."})
    membership, is_new = space.memberships.get_or_create(member=member, defaults={"role": role, "since": now})
    if is_new:
        inbox.record("space.member_invited", actor=actor, target=space, now=now, member=member.pk, role=role)
    elif membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
        inbox.record("space.role_changed", actor=actor, target=space, now=now, member=member.pk, role=role)
    return membership


@action(space=lock_space)
def remove(*, actor: Member, space: SpacePage, member: Member, now: datetime = NOW) -> bool:
    """Takes a member out of a space. → whether they were in it. Raises Http404 or Denied."""
    access.check_invite(actor, space)
    return _end(space, member, "space.member_removed", actor, now)


@action(space=lock_space)
def leave(*, actor: Member, space: SpacePage, now: datetime = NOW) -> bool:
    """The actor gives up their own membership. → whether they had one."""
    return _end(space, actor, "space.left", actor, now)


def _end(space: SpacePage, member: Member, verb: str, actor: Member, now: datetime) -> bool:
    ended, _ = space.memberships.filter(member=member).delete()
    if ended:
        inbox.record(verb, actor=actor, target=space, now=now, member=member.pk)
        inbox.forget_unreadable(Member.objects.for_session().get(pk=member.pk))
        transaction.on_commit(lambda: live.drop(member_id=member.pk), robust=True)
    return bool(ended)

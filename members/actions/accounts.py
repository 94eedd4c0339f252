"""What administrators do with accounts in the CMS admin."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction

from lib import live, text
from lib.access import Denied
from members import inbox
from members.access import check_administrator
from members.actions import NOW, action
from members.actions.sign_up import create_member
from members.models import Member


@action()
def add_member(
    *,
    actor: Member,
    values: Mapping,
    groups: Iterable[Group] = (),
    password: str | None = None,
    now: datetime = NOW,
) -> Member:
    """Makes an account with a confirmed address: the administrator answers for it. Raises Denied, ValidationError."""
    check_administrator(actor)
    values = _cleaned(values)
    member = create_member(
        values["email"],
        password,
        name=values["name"],
        job_title=values["job_title"],
        is_superuser=values["is_superuser"],
    )
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    member.groups.set(groups)
    inbox.record("member.administered", actor=actor, target=member, now=now, fields=["added"])
    return member


@action()
def change_member(
    *,
    actor: Member,
    member: Member,
    values: Mapping,
    groups: Iterable[Group] | None = None,
    password: str | None = None,
    now: datetime = NOW,
) -> Member:
    """Changes name, job title, address, groups, password and whether somebody is an administrator.

    Raises Denied, ValidationError.

    An address that an administrator sets counts as confirmed, but verifies nobody as an officer.
    """
    check_administrator(actor)
    values = _cleaned(values)
    if member.erased_at:
        raise Denied("This account has been deleted.")
    fields = ("email", "name", "job_title", "is_superuser")
    changed = sorted(name for name in fields if name in values and getattr(member, name) != values[name])
    if "is_superuser" in changed and actor.pk == member.pk:  # so an administrator is left: the actor, who is locked
        raise Denied("You can’t take your own rights away. Ask another administrator.")
    for name in changed:
        setattr(member, name, values[name])
    if password:
        member.set_password(password)
        changed.append("password")
    member.save(update_fields=changed)
    if "email" in changed:
        EmailAddress.objects.filter(user=member).delete()
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    if groups is not None and set(groups) != set(member.groups.all()):
        member.groups.set(groups)
        changed.append("groups")
    if changed:
        inbox.record("member.administered", actor=actor, target=member, now=now, fields=changed)
        inbox.forget_unreadable(Member.objects.for_session().get(pk=member.pk))
        transaction.on_commit(lambda: live.drop(member_id=member.pk), robust=True)
    return member


def _cleaned(values: Mapping) -> dict:
    lines = {name: text.one_line(values[name]) for name in ("name", "job_title") if name in values}
    if lines.get("name") == "":
        raise ValidationError({"name": "Write a name."})
    return {**values, **lines}

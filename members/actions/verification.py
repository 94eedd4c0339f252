"""From newcomer to officer or supplier member, and back."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lib import live, text
from lib.access import Denied
from members import inbox, queries
from members.access import check_power_over
from members.actions import NOW, action
from members.actions.locks import lock_organisation
from members.actions.reasons import required_reason
from members.models import Member, Organisation
from members.models.domains import domain_of
from members.notifications import AwaitingVerification

Standing = Member.Standing


@action()
def confirm_address(*, member: Member, address: str, previous: str = "", now: datetime = NOW) -> Member:
    """What follows when a member has confirmed an address (`previous`: the one it replaces).

    An address of a public body makes a newcomer an officer of that body, unless a moderator has declined before; other
    newcomers wait for a moderator. An officer who moves to another body's address becomes that body's officer. One
    who leaves the address on which the verification rested, for one which proves nothing, is a newcomer again.
    """
    if member.email.lower() != address.lower():
        return member
    body = queries.public_body_of(domain_of(address))
    if member.is_newcomer:
        if body and not member.verification_declined_at:
            _verify(member, Standing.OFFICER, body, actor=None, now=now)
        elif member.claimed_organisation and not member.verification_asked_at and not member.verification_declined_at:
            _wait(member, now)
    elif member.is_officer:
        rested = queries.public_body_of(domain_of(previous)) == member.organisation
        if body and body != member.organisation:
            _verify(member, Standing.OFFICER, body, actor=None, now=now)
        elif body is None and rested:
            claim = member.organisation.name
            _return_to_newcomer(member, claim)
            inbox.record("member.verification_lapsed", actor=None, target=member, now=now)
            _wait(member, now)
    return member


@action()
def ask(*, actor: Member, organisation: str, now: datetime = NOW) -> Member:
    """A newcomer says whom they work for, and asks a moderator to verify that. Asking twice is asking once.

    Raises Denied for a verified member, ValidationError without an organisation or a confirmed address.
    """
    organisation = text.one_line(organisation)
    if not actor.is_newcomer:
        raise Denied("You are verified already.")
    if not organisation:
        raise ValidationError({"organisation": "Write the name of the organisation that you work for."})
    if not queries.has_confirmed_address(actor):
        raise ValidationError("Confirm your e-mail address first.")
    known = queries.organisation_called(organisation)
    claim = known.name if known else organisation
    if actor.verification_asked_at and claim == actor.claimed_organisation:
        return actor
    actor.claimed_organisation = claim
    body = queries.public_body_of(domain_of(actor.email))
    if body and not actor.verification_declined_at:
        _verify(actor, Standing.OFFICER, body, actor=None, now=now)
    else:
        _wait(actor, now)
    return actor


@action(organisation=lock_organisation)
def verify_officer(*, actor: Member, member: Member, organisation: Organisation, now: datetime = NOW) -> Member:
    """A moderator says that the member works for this public body.

    Raises Denied, ValidationError for an organisation that is none. Twice is harmless.
    """
    if not organisation.is_public_body:
        raise ValidationError({"organisation": f"{organisation.name} is a supplier: choose a public body."})
    return _verify_by_moderator(actor, member, Standing.OFFICER, organisation, now)


@action(organisation=lock_organisation)
def verify_supplier_member(*, actor: Member, member: Member, organisation: Organisation, now: datetime = NOW) -> Member:
    """A moderator says that the member works for this supplier.

    Raises Denied, ValidationError for an organisation that is none. Twice is harmless.
    """
    if not organisation.is_supplier:
        raise ValidationError({"organisation": f"{organisation.name} is a public body: choose a supplier."})
    return _verify_by_moderator(actor, member, Standing.SUPPLIER, organisation, now)


@action()
def decline(*, actor: Member, member: Member, reason: str, now: datetime = NOW) -> Member:
    """A moderator does not verify a newcomer, and says why. The newcomer may ask again. Twice is harmless.

    Raises Denied, ValidationError without a reason.
    """
    check_power_over(actor, member)
    if not member.is_newcomer:
        raise Denied("This member is verified. To take that back, revoke the verification.")
    if member.verification_declined_at and not member.verification_asked_at:
        return member
    reason = required_reason(reason)
    member.verification_asked_at = None
    member.verification_declined_at = now
    member.save(update_fields=["verification_asked_at", "verification_declined_at"])
    inbox.record("member.verification_declined", actor=actor, target=member, now=now, reason=reason)
    inbox.settle(AwaitingVerification.key_for(member.pk), now=now)
    return member


@action()
def revoke(*, actor: Member, member: Member, reason: str, now: datetime = NOW) -> Member:
    """A moderator takes a verification back: the member is a newcomer again, everywhere and at once. Twice is harmless.

    Raises Denied, ValidationError without a reason.
    """
    check_power_over(actor, member)
    if member.is_newcomer:
        return member
    reason = required_reason(reason)
    was, organisation_id = member.standing, member.organisation_id
    _return_to_newcomer(member, claim=member.organisation.name, declined_at=now)
    inbox.record(
        "member.verification_revoked",
        actor=actor, target=member, now=now, reason=reason, standing=was, organisation_id=organisation_id,
    )  # fmt: skip
    return member


def verify_waiting(*, organisation: Organisation, now: datetime) -> int:
    """After a public body got a domain: makes officers of the newcomers with a confirmed address there. → how many.

    Each in a transaction of their own, unless the caller has one.
    """
    verified = 0
    for domain in organisation.email_domains.values_list("domain", flat=True):
        addresses = EmailAddress.objects.filter(
            verified=True, email__iendswith=f"@{domain}", user__standing=Standing.NEWCOMER, user__is_active=True
        )
        for address in addresses.select_related("user"):
            verified += confirm_address(member=address.user, address=address.email, now=now).is_officer
    return verified


# --- Steps of the above, on a locked member, inside its transaction -----------------------------


def _verify_by_moderator(actor, member, standing, organisation, now) -> Member:
    check_power_over(actor, member)
    if member.organisation_id == organisation.pk:
        return member
    if not member.is_newcomer:
        raise Denied(f"This member is verified already: {member.get_standing_display()}, {member.organisation.name}.")
    _verify(member, standing, organisation, actor=actor, now=now)
    return member


def _verify(member, standing, organisation, *, actor, now):
    if not Standing(member.standing).may_become(standing):
        raise Denied(f"A {member.get_standing_display().lower()} can’t become {Standing(standing).label.lower()}.")
    member.standing = standing
    member.organisation = organisation
    member.verified_at = now
    member.claimed_organisation = ""
    member.verification_asked_at = member.verification_declined_at = None
    member.save(
        update_fields=[
            "standing", "organisation", "verified_at", "claimed_organisation",
            "verification_asked_at", "verification_declined_at",
        ]
    )  # fmt: skip
    if queries.has_handle_by_chance(member):
        _give_plain_handle(member)
    inbox.record(
        "member.verified",
        actor=actor, target=member, now=now, standing=str(standing), organisation_id=organisation.pk,
    )  # fmt: skip
    inbox.settle(AwaitingVerification.key_for(member.pk), now=now)
    _ask_tabs_again(member)


def _give_plain_handle(member):
    """ben-hartley for ben-hartley-k3x9. Where others of that name are quicker, three times, the old one stays.

    The old one is kept, since posts mention it, and erasing has to find it there.
    """
    by_chance = member.handle
    for _ in range(3):
        member.handle, member.former_handle = Member.objects.free_handle(member.name), by_chance
        try:
            with transaction.atomic():
                return member.save(update_fields=["handle", "former_handle"])
        except IntegrityError:
            member.handle, member.former_handle = by_chance, ""


def _wait(member, now):
    member.verification_asked_at = now
    member.save(update_fields=["verification_asked_at", "claimed_organisation"])
    inbox.record("member.awaiting_verification", actor=member, target=member, now=now)


def _return_to_newcomer(member, claim: str, declined_at: datetime | None = None):
    member.standing = Standing.NEWCOMER
    member.organisation = None
    member.verified_at = None
    member.claimed_organisation = claim
    member.verification_asked_at = None
    member.verification_declined_at = declined_at
    member.save(
        update_fields=[
            "standing", "organisation", "verified_at", "claimed_organisation",
            "verification_asked_at", "verification_declined_at",
        ]
    )  # fmt: skip
    inbox.forget_unreadable(member)
    _ask_tabs_again(member)


def _ask_tabs_again(member):
    """Open tabs pass access again, since what the member may read has changed."""
    transaction.on_commit(lambda: live.drop(member_id=member.pk), robust=True)

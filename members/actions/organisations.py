"""Organisations, and the e-mail domains by which a public body's officers are verified."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from members import inbox
from members.access import check_moderator
from members.actions import NOW, action
from members.actions.locks import lock_organisation
from members.actions.verification import verify_waiting
from members.models import EmailDomain, Member, Organisation
from members.models.domains import validate_domain

FIELDS = (
    "kind", "name", "short_name", "nation", "region", "authority_type", "authority_code", "gss_code", "website",
    "closed_on",
)  # fmt: skip


@action()
def add(*, actor: Member, values: Mapping, domains: Iterable[str] = (), now: datetime = NOW) -> Organisation:
    """Adds an organisation. Raises Denied, ValidationError."""
    check_moderator(actor)
    organisation = Organisation(**{name: values[name] for name in FIELDS if name in values})
    organisation.slug = free_slug(organisation.short_name)
    organisation.full_clean()
    domains = checked_domains(organisation, domains)
    organisation.save()
    set_domains(organisation, domains)
    inbox.record("organisation.added", actor=actor, target=organisation, now=now)
    _verify_waiting_afterwards(organisation, now)
    return organisation


@action(organisation=lock_organisation)
def change(
    *,
    actor: Member,
    organisation: Organisation,
    values: Mapping,
    domains: Iterable[str] | None = None,
    now: datetime = NOW,
) -> Organisation:
    """Changes what is in `values`, and the domains unless they are None. The address of its pages stays.

    Its kind can't change while people are verified by it. Raises Denied, ValidationError.
    """
    check_moderator(actor)
    changed = sorted(name for name in FIELDS if name in values and getattr(organisation, name) != values[name])
    if "kind" in changed and organisation.members.exists():
        raise ValidationError({"kind": "Members are verified by this organisation: its kind can’t change any more."})
    for name in changed:
        setattr(organisation, name, values[name])
    organisation.full_clean()
    organisation.save(update_fields=changed)
    if domains is not None and set_domains(organisation, checked_domains(organisation, domains)):
        changed.append("email_domains")
    if changed:
        inbox.record("organisation.changed", actor=actor, target=organisation, now=now, fields=changed)
    _verify_waiting_afterwards(organisation, now)
    return organisation


def _verify_waiting_afterwards(organisation, now):
    """Each newcomer in a transaction of their own: the moderator's row, which is locked here, may come after theirs."""
    transaction.on_commit(lambda: verify_waiting(organisation=organisation, now=now), robust=True)


def checked_domains(organisation: Organisation, domains: Iterable[str]) -> list[str]:
    """The domains in the form in which they are kept. Raises ValidationError for those that it may not have."""
    wanted = list(dict.fromkeys(domain.lower().removeprefix("@") for domain in domains))
    if wanted and not organisation.is_public_body:
        raise ValidationError({"domains": "Only the people of public bodies are verified by e-mail domain."})
    for domain in wanted:
        try:
            validate_domain(domain)
        except ValidationError as error:
            raise ValidationError({"domains": error.messages}) from error
    taken = EmailDomain.objects.filter(domain__in=wanted).exclude(organisation_id=organisation.pk)
    if others := list(taken.select_related("organisation")):
        raise ValidationError(
            {"domains": [f"{other.domain} belongs to {other.organisation.name}." for other in others]}
        )
    return wanted


def set_domains(organisation: Organisation, wanted: list[str]) -> bool:
    """Makes these checked domains the organisation's. → whether that changed anything."""
    current = set(organisation.email_domains.values_list("domain", flat=True))
    organisation.email_domains.exclude(domain__in=wanted).delete()
    EmailDomain.objects.bulk_create(
        EmailDomain(organisation=organisation, domain=domain) for domain in wanted if domain not in current
    )
    return current != set(wanted)


def free_slug(name: str) -> str:
    """A slug that no organisation has: leeds, leeds-2, …"""
    slug = base = slugify(name)[:100] or "organisation"
    number = 1
    while Organisation.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug

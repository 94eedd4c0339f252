"""What members change about themselves."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lib import text
from members import inbox
from members.actions import lock_actor
from members.models import Member

NEEDED = {"name": "Write your name.", "job_title": "Write your job title."}
MAIL = ("mail_replies", "mail_mentions", "mail_events", "mail_introductions")


@transaction.atomic
def change_profile(*, actor: Member, values: Mapping[str, str], now: datetime | None = None) -> Member:
    """Sets name, job title and bio, as far as they are in `values`. Raises Denied, ValidationError."""
    cleaned = {name: text.one_line(values[name]) for name in ("name", "job_title") if name in values}
    if "bio" in values:
        cleaned["bio"] = text.many_lines(values["bio"])
    missing = {name: words for name, words in NEEDED.items() if cleaned.get(name) == ""}
    if missing:
        raise ValidationError(missing)
    return _change(lock_actor(actor), cleaned, "member.profile_changed", now)


@transaction.atomic
def choose_mail(*, actor: Member, wanted: Mapping[str, bool], now: datetime | None = None) -> Member:
    """Switches kinds of e-mail on or off. What is not in `wanted` stays as it is."""
    cleaned = {name: bool(wanted[name]) for name in MAIL if name in wanted}
    # Not lock_actor(): the link in a mail works for a suspended member, too.
    return _change(Member.objects.lock(actor.pk), cleaned, "member.mail_chosen", now)


def _change(member, values, verb, now) -> Member:
    changed = sorted(name for name, value in values.items() if getattr(member, name) != value)
    if not changed:
        return member
    for name in changed:
        setattr(member, name, values[name])
    member.clean_fields(exclude={field.name for field in member._meta.fields} - set(changed))
    member.save(update_fields=changed)
    inbox.record(verb, actor=member, target=member, now=now or timezone.now(), fields=changed)
    return member

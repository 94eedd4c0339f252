"""A person makes an account."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lib import text
from members import inbox, queries
from members.actions import NOW, action
from members.models import Member


@action()
def sign_up(
    *,
    email: str,
    password: str | None,
    name: str,
    job_title: str = "",
    organisation: str = "",
    now: datetime = NOW,
) -> Member:
    """Makes a newcomer's account. The organisation is what the person claims, until it is verified.

    The address is not confirmed yet: members.actions.verification.confirm_address() says what follows from that.
    The handle is one by chance until the member is verified.
    Raises IntegrityError when somebody has an account with this address, ValidationError without a name.
    """
    name, job_title, organisation = map(text.one_line, (name, job_title, organisation))
    if not name:
        raise ValidationError({"name": "Write your name."})
    known = queries.organisation_called(organisation)
    member = create_member(
        email,
        password,
        handle_for=Member.objects.handle_by_chance,
        name=name,
        job_title=job_title,
        claimed_organisation=known.name if known else organisation,
    )
    inbox.record("member.signed_up", actor=member, target=member, now=now)
    return member


def create_member(
    email: str, password: str | None, *, name: str, handle_for: Callable[[str], str] | None = None, **fields
) -> Member:
    """A row with a handle for the name: a free one, if nothing else is said. Raises IntegrityError.

    Two of the same name may ask for the same handle at once: the second takes the next.
    """
    handle_for = handle_for or Member.objects.free_handle
    for _ in range(3):
        try:
            with transaction.atomic():
                return Member.objects.create_user(email, password, name=name, handle=handle_for(name), **fields)
        except IntegrityError:
            if Member.objects.filter(email__iexact=email).exists():
                raise
    raise IntegrityError("No free handle was found.")

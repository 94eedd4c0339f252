"""A supplier's listing: save, submit, withdraw; and a moderator's: approve, return.

All of them lock the supplier's row, which is there before the listing is, and read the listing after that.
"""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from lib.access import Denied
from lib.text import one_line
from lib.validation import all_errors
from members import inbox
from members.access import check_moderator
from members.actions import lock_actor
from members.models import Member, Organisation
from members.models.activity import REASON_MAX_LENGTH

from .. import access
from ..models import SupplierListing
from ..models.listings import listing_may_move, size_of
from . import writing

Status = SupplierListing.Status
IN_LINES = {"description", "prices"}  # the other texts are one line each
NEEDED = {  # to send it, not to save it
    "strapline": "Say in one line what you do.",
    "description": "Describe what you offer, for whom, and for whom not.",
    "people": "Say how many people work for you.",
    "prices": "Say how the charge is worked out and where it begins.",
    "topics": "Name at least one topic.",
    "contact_name": "Name the person whom an officer can write to.",
    "contact_email": "Give the address at which that person can be reached.",
}
MOVED_ON: dict[str, str] = {
    Status.DRAFT: "This listing has been taken back by the supplier, who is changing it.",
    Status.SUBMITTED: "This listing is with a moderator.",
    Status.RETURNED: "This listing has already been returned to the supplier.",
    Status.APPROVED: "This listing has already been approved.",
}


@transaction.atomic
def save(*, actor: Member, text: Mapping, now: datetime | None = None) -> SupplierListing:
    """Keeps what a supplier's member wrote as the proposal: it may be unfinished, and nobody is told.

    `text` has the keys of SupplierListing.TEXTS and `topics` (a list); what is left out becomes empty. A listing that
    waited for a moderator leaves the queue; a text that is public stays so. Raises Denied or ValidationError.
    """
    actor = lock_actor(actor)
    listing, now = _lock_own(actor, now)
    proposal = clean(text)
    if proposal == listing.proposal:
        return listing
    listing.proposal = proposal
    if listing.status != Status.DRAFT:
        _move(listing, Status.DRAFT, now)
    _keep(listing, "proposal")
    inbox.record("listing.saved", actor=actor, target=listing, now=now)
    return listing


@transaction.atomic
def submit(*, actor: Member, now: datetime | None = None) -> SupplierListing:
    """Sends the proposal to the moderators. Raises Denied, or ValidationError for what is missing."""
    actor = lock_actor(actor)
    listing, now = _lock_own(actor, now)
    if listing.status == Status.SUBMITTED:
        return listing
    if listing.status == Status.APPROVED:
        raise Denied("There is no change to send: the listing is public as it stands.")
    absent = missing(listing.proposal)
    if absent:
        raise ValidationError(absent)
    _move(listing, Status.SUBMITTED, now)
    listing.submitted_at = now
    listing.reason = ""
    _keep(listing, "submitted_at", "reason")
    inbox.record("listing.submitted", actor=actor, target=listing, now=now)
    return listing


@transaction.atomic
def withdraw(*, actor: Member, now: datetime | None = None) -> SupplierListing:
    """Takes the listing out of the directory, and out of the queue. Its text is kept as a draft."""
    actor = lock_actor(actor)
    listing, now = _lock_own(actor, now)
    if listing.status == Status.DRAFT and not listing.is_public:
        return listing
    if listing.status != Status.DRAFT:
        _move(listing, Status.DRAFT, now)
    listing.approved_at = None
    _keep(listing, "approved_at")
    inbox.record("listing.withdrawn", actor=actor, target=listing, now=now)
    return listing


@transaction.atomic
def approve(*, actor: Member, listing_id: int, seen: str | None = None, now: datetime | None = None) -> SupplierListing:
    """Makes the proposal public, if it is still the one whose version is `seen`.

    Raises SupplierListing.DoesNotExist or Denied.
    """
    actor, listing = _lock_for_decision(actor, listing_id)
    now = now or timezone.now()
    if listing.status == Status.APPROVED:
        return listing
    _decide(listing, Status.APPROVED, seen, now)
    text = clean(listing.proposal)
    for name in SupplierListing.TEXTS:
        setattr(listing, name, text[name])
    listing.size = size_of(listing.people)
    listing.reason = ""
    listing.approved_at = now
    listing.topics.set(text["topics"])  # before saving, which is when the search index reads them
    _keep(listing, *SupplierListing.TEXTS, "size", "reason", "approved_at")
    inbox.record("listing.approved", actor=actor, target=listing, now=now)
    return listing


@transaction.atomic
def return_(
    *, actor: Member, listing_id: int, reason: str, seen: str | None = None, now: datetime | None = None
) -> SupplierListing:
    """Gives the proposal back with a reason, if it is still the one whose version is `seen`. What is public stays so.

    Raises SupplierListing.DoesNotExist, Denied or ValidationError.
    """
    actor, listing = _lock_for_decision(actor, listing_id)
    now = now or timezone.now()
    if listing.status == Status.RETURNED:
        return listing
    reason = writing.clean_text(
        reason, field="reason", limit=REASON_MAX_LENGTH, needed="Say what the supplier is to change: they will read it."
    )
    _decide(listing, Status.RETURNED, seen, now)
    listing.reason = reason
    _keep(listing, "reason")
    inbox.record("listing.returned", actor=actor, target=listing, now=now, reason=reason)
    return listing


def _lock_own(actor: Member, now: datetime | None) -> tuple[SupplierListing, datetime]:
    """The listing of the actor's supplier, locked, and the time; a new one is begun where there is none."""
    supplier = access.supplier_of(actor)
    if supplier is None:
        raise Denied("Only a supplier’s members write its listing.")
    supplier, now = _lock(supplier.pk), now or timezone.now()
    listing = SupplierListing.objects.select_related("supplier").filter(supplier=supplier).first()
    return listing or SupplierListing(supplier=supplier, created_at=now, moved_at=now), now


def _lock(supplier_id: int) -> Organisation:
    """The supplier, whose listing nobody else changes until the transaction ends."""
    return Organisation.objects.select_for_update(no_key=True).get(pk=supplier_id)


def _lock_for_decision(actor: Member, listing_id: int) -> tuple[Member, SupplierListing]:
    actor = lock_actor(actor)
    check_moderator(actor)
    _lock(SupplierListing.objects.values_list("supplier", flat=True).get(pk=listing_id))
    listing = SupplierListing.objects.select_related("supplier").get(pk=listing_id)
    if access.supplier_of(actor) == listing.supplier:
        raise Denied("This listing is your own organisation’s. Another moderator decides about it.")
    return actor, listing


def _keep(listing: SupplierListing, *changed: str):
    """Writes what has changed, with the state; a listing that is new, as a whole."""
    listing.save(update_fields=["status", "moved_at", *changed] if listing.pk else None)


def _decide(listing: SupplierListing, to: str, seen: str | None, now: datetime):
    if listing.status == Status.SUBMITTED:
        writing.check_was_read(listing, seen)
    _move(listing, to, now)


def _move(listing: SupplierListing, to: str, now: datetime):
    if not listing_may_move(listing.status, to):
        raise Denied(MOVED_ON[listing.status])
    listing.status = to
    listing.moved_at = now


def clean(text: Mapping) -> dict:
    """The proposal as it is stored. Raises ValidationError, for each field that is wrong."""
    unknown = set(text) - {*SupplierListing.TEXTS, "topics"}
    if unknown:
        raise TypeError(f"A listing has no {', '.join(sorted(unknown))}.")
    with all_errors() as check:
        cleaned = {name: check(_clean_field, name, text.get(name)) for name in SupplierListing.TEXTS}
        cleaned["topics"] = check(writing.clean_topics, text.get("topics") or ())
        check(_check_year, cleaned["founded"])
    return cleaned


def _check_year(founded: int | None):
    if founded and founded > timezone.localdate().year:
        raise ValidationError({"founded": "This year has not come yet."})


def _clean_field(name: str, value):
    field = SupplierListing._meta.get_field(name)
    if field.get_internal_type() == "JSONField":
        value = [line for line in map(one_line, value or ()) if line]
    elif isinstance(value, str):
        clean = writing.clean_text if name in IN_LINES else writing.clean_line
        value = clean(value, field=name, limit=field.max_length or 200)
    try:
        return field.clean(value if value is not None else field.get_default(), None)
    except ValidationError as error:  # a field of a model does not say its name
        raise ValidationError({name: error.error_list}) from error


def missing(text: Mapping) -> dict[str, str]:
    """What has to be there before a proposal can be sent: words to say by each field that is empty."""
    return {name: words for name, words in NEEDED.items() if not text.get(name)}

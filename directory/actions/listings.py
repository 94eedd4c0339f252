"""A supplier's listing: save, submit, withdraw; and a moderator's: approve, return."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from lib.access import Denied
from lib.text import clean_line, clean_text, one_line, tags
from lib.validation import all_errors
from members import inbox
from members.actions import NOW, action
from members.models import Member
from members.models.activity import REASON_MAX_LENGTH

from .. import access
from ..models import SupplierListing
from ..models.listings import MAX_TOPICS, size_of
from ..rules.states import check_may_become, check_was_read
from .locks import lock_listing, lock_supplier

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


@action(lock_supplier)
def save(*, actor: Member, text: Mapping, send: bool = False, now: datetime = NOW) -> SupplierListing:
    """Keeps what a supplier's member wrote as the proposal, and sends it to the moderators if asked to.

    What is not sent may be unfinished, and nobody is told. `text` has the keys of SupplierListing.TEXTS and `topics` (a
    list); what is left out becomes empty. A listing that waited for a moderator leaves the queue; a text that is
    public stays so. Raises Denied or ValidationError.
    """
    listing = _own(actor, now)
    proposal = clean(text)
    if proposal != listing.proposal:
        listing.proposal = proposal
        if listing.status != Status.DRAFT:
            _move(listing, Status.DRAFT, now)
        _keep(listing, "proposal")
        inbox.record("listing.saved", actor=actor, target=listing, now=now)
    return _send(listing, actor, now) if send else listing


@action(lock_supplier)
def submit(*, actor: Member, now: datetime = NOW) -> SupplierListing:
    """Sends the proposal to the moderators. Raises Denied, or ValidationError for what is missing."""
    return _send(_own(actor, now), actor, now)


def _send(listing: SupplierListing, actor: Member, now: datetime) -> SupplierListing:
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


@action(lock_supplier)
def withdraw(*, actor: Member, now: datetime = NOW) -> SupplierListing:
    """Takes the listing out of the directory, and out of the queue. Its text is kept as a draft. Raises Denied."""
    listing = _own(actor, now)
    if listing.status == Status.DRAFT and not listing.is_public:
        return listing
    if listing.status != Status.DRAFT:
        _move(listing, Status.DRAFT, now)
    listing.approved_at = None
    _keep(listing, "approved_at")
    inbox.record("listing.withdrawn", actor=actor, target=listing, now=now)
    return listing


@action(listing=lock_listing)
def approve(
    *, actor: Member, listing: SupplierListing, seen: str | None = None, now: datetime = NOW
) -> SupplierListing:
    """Makes the proposal public, if it is still the one whose version is `seen`. Raises Http404 or Denied."""
    access.check_decide_listing(actor, listing)
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


@action(listing=lock_listing)
def return_(
    *, actor: Member, listing: SupplierListing, reason: str, seen: str | None = None, now: datetime = NOW
) -> SupplierListing:
    """Gives the proposal back with a reason, if it is still the one whose version is `seen`. What is public stays so.

    Raises Http404, Denied or ValidationError.
    """
    access.check_decide_listing(actor, listing)
    if listing.status == Status.RETURNED:
        return listing
    needed = "Say what the supplier is to change: they will read it."
    reason = clean_text(reason, field="reason", limit=REASON_MAX_LENGTH, needed=needed)
    _decide(listing, Status.RETURNED, seen, now)
    listing.reason = reason
    _keep(listing, "reason")
    inbox.record("listing.returned", actor=actor, target=listing, now=now, reason=reason)
    return listing


def _own(actor: Member, now: datetime) -> SupplierListing:
    """The listing of the actor's supplier; a new one is begun where there is none."""
    access.check_write_listing(actor)
    listing = SupplierListing.objects.select_related("supplier").filter(supplier=actor.organisation_id).first()
    return listing or SupplierListing(supplier=actor.organisation, created_at=now, moved_at=now)


def _keep(listing: SupplierListing, *changed: str):
    """Writes what has changed, with the state; a listing that is new, as a whole."""
    listing.save(update_fields=["status", "moved_at", *changed] if listing.pk else None)


def _decide(listing: SupplierListing, to: str, seen: str | None, now: datetime):
    if listing.status == Status.SUBMITTED:
        check_was_read(listing, seen)
    _move(listing, to, now)


def _move(listing: SupplierListing, to: str, now: datetime):
    check_may_become(listing, to)
    listing.status = to
    listing.moved_at = now


def clean(text: Mapping) -> dict:
    """The proposal as it is stored. Raises ValidationError, for each field that is wrong."""
    unknown = set(text) - {*SupplierListing.TEXTS, "topics"}
    if unknown:
        raise TypeError(f"A listing has no {', '.join(sorted(unknown))}.")
    with all_errors() as check:
        cleaned = {name: check(_clean_field, name, text.get(name)) for name in SupplierListing.TEXTS}
        cleaned["topics"] = check(tags, text.get("topics") or (), noun="topic", limit=MAX_TOPICS)
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
        cleaned_by = clean_text if name in IN_LINES else clean_line
        value = cleaned_by(value, field=name, limit=field.max_length or 200)
    try:
        return field.clean(value if value is not None else field.get_default(), None)
    except ValidationError as error:  # a field of a model does not say its name
        raise ValidationError({name: error.error_list}) from error


def missing(text: Mapping) -> dict[str, str]:
    """What has to be there before a proposal can be sent: words to say by each field that is empty."""
    return {name: words for name, words in NEEDED.items() if not text.get(name)}

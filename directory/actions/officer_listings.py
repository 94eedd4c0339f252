"""An officer's own listing: go in, change it, leave."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from lib.text import clean_line, clean_text, tags
from lib.validation import all_errors
from members import inbox
from members.actions import NOW, action
from members.models import Member

from .. import access
from ..models import OfficerListing
from ..models.listings import MAX_TOPICS, OPEN_TO_MAX_LENGTH, WORKS_ON_MAX_LENGTH
from ..rules.anonymity import gives_away


@action()
def opt_in(
    *,
    actor: Member,
    works_on: str,
    open_to: str = "",
    topics: Iterable[str] = (),
    show_name: bool = False,
    show_email: bool = False,
    accepts: bool = True,
    now: datetime = NOW,
) -> OfficerListing:
    """Puts an officer into the directory, or changes the listing. Raises Denied or ValidationError."""
    access.check_opt_in(actor)
    listing = OfficerListing.objects.filter(member=actor).first()
    begins = listing is None or not listing.is_listed
    listing = listing or OfficerListing(member=actor)
    hides = None if show_name else actor
    with all_errors() as check:
        works_on = check(_clean_works_on, works_on, hides)
        names = check(_clean_topics, topics)
        open_to = check(_clean_open_to, open_to, hides)
    listing.works_on, listing.open_to = works_on, open_to
    listing.show_name, listing.show_email, listing.accepts = show_name, show_email, accepts
    if begins:
        listing.opted_in_at, listing.opted_out_at = now, None
    listing.save()
    listing.topics.set(names)
    inbox.record(
        "officer_listing.opted_in" if begins else "officer_listing.changed", actor=actor, target=listing, now=now
    )
    return listing


@action()
def opt_out(*, actor: Member, now: datetime = NOW) -> OfficerListing | None:
    """Takes an officer out of the directory. The texts are kept for a return; nobody else can read them."""
    listing = OfficerListing.objects.filter(member=actor).first()
    if listing is None or not listing.is_listed:
        return listing
    listing.opted_out_at = now
    listing.save(update_fields=["opted_out_at"])
    inbox.record("officer_listing.opted_out", actor=actor, target=listing, now=now)
    return listing


def _clean_topics(topics: Iterable[str]) -> list[str]:
    names = tags(topics, noun="topic", limit=MAX_TOPICS)
    if not names:
        raise ValidationError({"topics": "Name at least one topic."})
    return names


def _clean_works_on(text: str, hides: Member | None) -> str:
    text = clean_text(text, field="works_on", limit=WORKS_ON_MAX_LENGTH, needed="Say what you work on.")
    return _hiding(hides, text, "works_on")


def _clean_open_to(text: str, hides: Member | None) -> str:
    return _hiding(hides, clean_line(text, field="open_to", limit=OPEN_TO_MAX_LENGTH), "open_to")


def _hiding(member: Member | None, text: str, field: str) -> str:
    if member and gives_away(text, member):
        raise ValidationError(
            {field: "This text gives your name or address. Take it out, or choose to show your name."}
        )
    return text

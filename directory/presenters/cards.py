"""A listing in a list. Templates get these cards and never a Member, so that no name slips out."""

import re
from dataclasses import dataclass

from members.models.people import Byline

from .. import access
from ..models import OfficerListing, SupplierListing


@dataclass(frozen=True, slots=True)
class SupplierCard:
    """A supplier in a list."""

    pk: int
    name: str
    summary: str
    initials: str
    facts: list[str]
    tag_list: list[str]
    url: str

    def get_absolute_url(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class OfficerCard:
    """An officer, as far as others may know them."""

    pk: int
    public_id: str
    role: str
    organisation: str
    region: str
    kind: str
    summary: str
    open_to: str
    accepts: bool
    tag_list: list[str]
    byline: Byline | None  # only where the officer chose so
    email: str
    url: str

    tone = "a"

    @property
    def name(self) -> str:
        return self.byline.name if self.byline else ""

    @property
    def initials(self) -> str:
        return self.byline.initials if self.byline else self.organisation[:1].upper()

    @property
    def facts(self) -> list[str]:
        return [] if self.accepts else ["Takes no requests at present"]

    def get_absolute_url(self) -> str:
        return self.url


def supplier_card(listing: SupplierListing) -> SupplierCard:
    return SupplierCard(
        pk=listing.pk,
        name=listing.name,
        summary=listing.strapline,
        initials=initials_of(listing.name),
        facts=[size_words(listing.size, listing.people)],
        tag_list=sorted(topic.name for topic in listing.topics.all()),
        url=listing.get_absolute_url(),
    )


def size_words(size: str, people: int | None) -> str:
    word = SupplierListing.Size(size).label.partition(",")[0] if size else ""
    return f"{word}, {people} {'person' if people == 1 else 'people'}" if people else word


def initials_of(name: str) -> str:
    """Bw for BrightWave, Nq for North Quay Digital, Se for Sett."""
    parts = re.findall(r"[A-Z][^A-Z\s]*|\S+", name) or ["?"]
    return (parts[0][0] + (parts[1][0] if len(parts) > 1 else parts[0][1:2])).capitalize()


def officer_card(viewer, listing: OfficerListing) -> OfficerCard:
    member = listing.member
    organisation = member.organisation
    return OfficerCard(
        pk=listing.pk,
        public_id=str(listing.public_id),
        role=member.job_title or "Officer",
        organisation=organisation.short_name,
        region=organisation.region,
        kind=organisation.authority_type,
        summary=listing.works_on,
        open_to=listing.open_to,
        accepts=listing.accepts,
        tag_list=sorted(topic.name for topic in listing.topics.all()),
        byline=member.byline if listing.show_name else None,
        email=member.email if access.shows_email(viewer, listing) else "",
        url=listing.get_absolute_url(),
    )

"""Listings as pages show them. Templates get these cards and never a Member, so that no name slips out."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from taggit.models import TaggedItem
from wagtail.search.backends import get_search_backend

from community.access import readers
from community.models import Post, SpacePage
from lib.search_words import words_of
from members.models import Member
from members.models.people import Byline

from .. import access
from ..models import OfficerListing, SupplierListing
from . import order
from .facets import Group, Row, narrow

PER_PAGE = 20

SUPPLIER_GROUPS = {"topic": "What they do", "size": "Size", "framework": "Framework"}
OFFICER_GROUPS = {"topic": "Topics", "region": "Region", "kind": "Kind of authority"}


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


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list with its facets."""

    cards: list
    total: int
    page: int
    pages: int
    groups: list[Group]


# --- Suppliers ----------------------------------------------------------------------------------


def suppliers(viewer, *, chosen: dict[str, set[str]], q: str = "", page: int = 1, day: date | None = None) -> Found:
    """The suppliers' list: searched, narrowed, in the day's order."""
    visible = access.visible_supplier_listings(viewer)
    found = search(visible, q) if words_of(q) else visible.values_list("pk", "supplier__slug", "size", "frameworks")
    topics = _topics(SupplierListing)
    rows = [
        Row(pk, slug, {"topic": topics[pk], "size": frozenset([size]), "framework": frozenset(frameworks)})
        for pk, slug, size, frameworks in found
    ]
    matching, groups = narrow(rows, SUPPLIER_GROUPS, chosen, {"size": dict(SupplierListing.Size.choices)})
    slice_, total, page, pages = _page(matching, page, day)
    shown = visible.in_bulk([row.pk for row in slice_])
    prefetch_related_objects(list(shown.values()), "topics")
    return Found([supplier_card(shown[row.pk]) for row in slice_ if row.pk in shown], total, page, pages, groups)


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


def search(listings: QuerySet[SupplierListing], q: str):
    """The rows (pk, slug, size, frameworks) among these listings that have all the words."""
    found = get_search_backend().search(" ".join(words_of(q)), listings, operator="and")
    return [(listing.pk, listing.supplier.slug, listing.size, listing.frameworks) for listing in found[:1000]]


def search_suppliers(viewer, q: str):
    """For the forum's search page: the listings that have all the words, the best first. To be sliced, or counted."""
    if not words_of(q):
        return SupplierListing.objects.none()
    return get_search_backend().search(" ".join(words_of(q)), access.visible_supplier_listings(viewer), operator="and")


# --- Officers -----------------------------------------------------------------------------------


def officers(viewer, *, chosen: dict[str, set[str]], page: int = 1, day: date | None = None) -> Found:
    """The officers' list: narrowed, in the day's order. Without a text search: it would find names."""
    topics = _topics(OfficerListing)
    listed = access.visible_officer_listings(viewer)
    rows = [
        Row(pk, str(public_id), {"topic": topics[pk], "region": _some(region), "kind": _some(kind)})
        for pk, public_id, region, kind in listed.values_list(
            "pk", "public_id", "member__organisation__region", "member__organisation__authority_type"
        )
    ]
    matching, groups = narrow(rows, OFFICER_GROUPS, chosen, {})
    slice_, total, page, pages = _page(matching, page, day)
    shown = listed.in_bulk([row.pk for row in slice_])
    prefetch_related_objects(list(shown.values()), "topics")
    return Found([officer_card(viewer, shown[row.pk]) for row in slice_ if row.pk in shown], total, page, pages, groups)


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
        summary=listing.about,
        open_to=listing.open_to,
        accepts=listing.accepts,
        tag_list=sorted(topic.name for topic in listing.topics.all()),
        byline=member.byline if listing.show_name else None,
        email=member.email if access.shows_email(viewer, listing) else "",
        url=listing.get_absolute_url(),
    )


def describe(member) -> str:
    """An officer without a name: "Head of Digital, Leeds"."""
    return f"{member.job_title or 'Officer'}, {member.organisation.short_name}"


def is_named_elsewhere(officer: Member) -> bool:
    """Whether supplier members read posts with the officer's name, be they deleted: the byline stays. Who compares
    role and organisation knows whose listing it is."""
    posts = Post.objects.filter(author=officer)
    spaces = SpacePage.objects.live().filter(pk__in=posts.values("thread__space"))
    return any(readers(space).filter(standing=Member.Standing.SUPPLIER).exists() for space in spaces)


# --- For moderators -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """What a proposal would change in one field."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def differences(listing: SupplierListing) -> list[Difference]:
    """Each field of a listing: what is public now, and what is proposed."""
    public = text_of(listing) if listing.is_public else {}
    proposed = listing.proposal or public
    labels = {name: SupplierListing._meta.get_field(name).verbose_name.capitalize() for name in SupplierListing.TEXTS}
    return [
        Difference(label, _as_words(public.get(name)), _as_words(proposed.get(name)))
        for name, label in (labels | {"topics": "Topics"}).items()
    ]


def text_of(listing: SupplierListing) -> dict:
    """The public text of a listing, in the shape of a proposal."""
    return {name: getattr(listing, name) for name in SupplierListing.TEXTS} | {
        "topics": sorted(topic.name for topic in listing.topics.all())
    }


def proposed_text(listing: SupplierListing | None) -> dict:
    """What the supplier's form begins with: what is proposed, else the public text, else nothing."""
    return (listing.proposal or text_of(listing)) if listing else {}


def waiting_listings() -> QuerySet[SupplierListing]:
    return SupplierListing.objects.filter(status=SupplierListing.Status.SUBMITTED).order_by("submitted_at")


def _as_words(value) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _some(value: str) -> frozenset[str]:
    return frozenset([value]) if value else frozenset()


def _topics(model) -> dict[int, frozenset[str]]:
    """Listing → its topics, in one query."""
    found = defaultdict(set)
    tagged = TaggedItem.objects.filter(content_type=ContentType.objects.get_for_model(model))
    for pk, name in tagged.values_list("object_id", "tag__name"):
        found[pk].add(name)
    return defaultdict(frozenset, {pk: frozenset(names) for pk, names in found.items()})


def _page(rows: list[Row], page: int, day: date | None):
    rows = order.in_order(day or timezone.localdate(), rows, key=lambda row: row.key)
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(max(1, page), pages)
    return rows[(page - 1) * PER_PAGE : page * PER_PAGE], len(rows), page, pages

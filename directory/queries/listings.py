"""The two lists of the directory, and what else is read of listings."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone
from taggit.models import TaggedItem
from wagtail.search.backends import get_search_backend

from community.access import readers
from community.models import Post, SpacePage
from lib.pages import Page, counted
from lib.search_words import words_of
from members.models import Member

from .. import access
from ..models import OfficerListing, SupplierListing
from ..presenters.cards import officer_card, supplier_card
from ..presenters.facets import Group, Row, narrow
from ..rules import daily_order

PER_PAGE = 20

SUPPLIER_GROUPS = {"topic": "What they do", "size": "Size", "framework": "Framework"}
OFFICER_GROUPS = {"topic": "Topics", "region": "Region", "kind": "Kind of authority"}


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list with its facets."""

    page: Page  # of cards
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
    return Found(_page_of_cards(matching, visible, supplier_card, page, day), groups)


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
    return Found(_page_of_cards(matching, listed, partial(officer_card, viewer), page, day), groups)


def is_named_elsewhere(officer: Member) -> bool:
    """Whether supplier members read posts with the officer's name, be they deleted: the byline stays. Whoever
    compares role and organisation knows whose listing it is."""
    posts = Post.objects.filter(author=officer)
    spaces = SpacePage.objects.live().filter(pk__in=posts.values("thread__space"))
    return any(readers(space).filter(standing=Member.Standing.SUPPLIER).exists() for space in spaces)


# --- For moderators -----------------------------------------------------------------------------


def waiting_listings() -> QuerySet[SupplierListing]:
    return SupplierListing.objects.filter(status=SupplierListing.Status.SUBMITTED).order_by("submitted_at")


# --- What both lists need -----------------------------------------------------------------------


def _some(value: str) -> frozenset[str]:
    return frozenset([value]) if value else frozenset()


def _topics(model) -> dict[int, frozenset[str]]:
    """Listing → its topics, in one query."""
    found = defaultdict(set)
    tagged = TaggedItem.objects.filter(content_type=ContentType.objects.get_for_model(model))
    for pk, name in tagged.values_list("object_id", "tag__name"):
        found[pk].add(name)
    return defaultdict(frozenset, {pk: frozenset(names) for pk, names in found.items()})


def _page_of_cards(rows: list[Row], listings: QuerySet, card: Callable, number: int, day: date | None) -> Page:
    """One page of these rows in the day's order, as cards."""
    page = counted(daily_order.in_order(day or timezone.localdate(), rows, key=lambda row: row.key), number, PER_PAGE)
    shown = listings.in_bulk([row.pk for row in page.rows])
    prefetch_related_objects(list(shown.values()), "topics")
    return replace(page, rows=[card(shown[row.pk]) for row in page.rows if row.pk in shown])

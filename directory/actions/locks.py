"""What an action locks besides its actor: each gives the thing as it is now, or raises Http404.

A thing is read again once its lock is there: after waiting, PostgreSQL would give what it is joined with as of before.
"""

from django.shortcuts import get_object_or_404

from lib.locks import locked
from members.models import Member, Organisation

from .. import access
from ..models import Introduction, OfficerListing, SupplierListing


def lock_supplier(actor: Member):
    """The supplier for which the actor speaks, if any: its members together write one listing, and can't outrun the
    quota. The row is there before the listing is."""
    supplier = access.supplier_of(actor)
    if supplier:
        _lock(Organisation.objects.filter(pk=supplier.pk))


def lock_listing(actor: Member, listing: SupplierListing) -> SupplierListing:
    """The listing, by its supplier's row, as its members lock it. Who may decide about it, the action asks."""
    _lock(Organisation.objects.filter(pk=listing.supplier_id))
    return get_object_or_404(SupplierListing.objects.select_related("supplier"), pk=listing.pk)


def lock_public_listing(actor: Member, listing: SupplierListing) -> SupplierListing:
    """The same, for those who read it in the directory."""
    _lock(Organisation.objects.filter(pk=listing.supplier_id))
    return access.supplier_listing(actor, listing.supplier.slug)


def lock_officer_listing(actor: Member, listing: OfficerListing) -> OfficerListing:
    """The officer's listing, for those who read it in the directory."""
    _lock(OfficerListing.objects.filter(pk=listing.pk))
    return access.officer_listing(actor, listing.public_id)


def lock_introduction(actor: Member | None, introduction: Introduction) -> Introduction:
    """The introduction, if the actor may see it. None is the forum itself, which sees all."""
    _lock(Introduction.objects.filter(pk=introduction.pk))
    visible = access.visible_introductions(actor) if actor else Introduction.objects.all()
    people = visible.select_related("supplier", "officer__organisation", "asked_by__organisation")
    return get_object_or_404(people, pk=introduction.pk)


def _lock(rows):
    list(locked(rows.only("pk")))

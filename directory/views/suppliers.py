"""/directory/: the suppliers, for everybody."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.access import refusal
from lib.pages import page_number

from .. import access
from ..presenters.cards import supplier_card
from ..queries import listings
from .browsing import chosen_in, list_context

MAX_QUERY = 200


@require_safe
def suppliers(request):
    """The list, searched and narrowed. The entry to the directory."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]
    chosen = chosen_in(request, listings.SUPPLIER_GROUPS)
    today = timezone.localdate()
    found = listings.suppliers(request.user, chosen=chosen, q=q, page=page_number(request), day=today)
    context = {
        "section": "directory",
        "today": today.isoformat(),
        "may_browse_officers": access.may_browse_officers(request.user),
        "is_supplier": access.supplier_of(request.user) is not None,
        "is_officer": request.user.is_authenticated and request.user.is_officer,
        **list_context(request, found, chosen, q),
    }
    return render(request, "directory/suppliers.html", context)


@require_safe
def supplier(request, slug: str):
    """One supplier's listing."""
    listing = access.supplier_listing(request.user, slug)
    viewer = request.user
    is_officer = viewer.is_authenticated and viewer.is_officer
    context = {
        "section": "directory",
        "listing": listing,
        "card": supplier_card(listing),
        "shows_contact": access.shows_contact(viewer, listing),
        "is_own": access.supplier_of(viewer) == listing.supplier,
        "may_ask": is_officer,
        "refusal": refusal(access.check_write_to_supplier, viewer, listing.supplier, timezone.now())
        if is_officer
        else "",
    }
    return render(request, "directory/supplier.html", context)

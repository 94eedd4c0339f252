"""/directory/: the suppliers, for everybody."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.numbers import page_number

from .. import access
from ..queries import limits, listings
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
        "card": listings.supplier_card(listing),
        "shows_contact": access.shows_contact(viewer, listing),
        "is_own": access.supplier_of(viewer) == listing.supplier,
        "may_ask": is_officer,
        "refusal": limits.why_not_write_again(listing.supplier, viewer, timezone.now()) if is_officer else "",
    }
    return render(request, "directory/supplier.html", context)

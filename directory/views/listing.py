"""/directory/listing/: a supplier's own listing, for its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lib.forms import form_page, posted, submit
from members import inbox
from members.held_text import held_text, sign_in_keeps

from .. import access
from ..actions import listings as actions
from ..forms import ListingForm
from ..models import SupplierListing
from ..presenters.proposals import differences, proposed_text

WITH_MODERATORS = "Your listing is with the moderators."


def _listing_of(viewer) -> SupplierListing | None:
    supplier = access.own_supplier(viewer)
    return access.visible_proposals(viewer).filter(supplier=supplier).first()


@login_required
@require_safe
def own(request):
    """Where the listing stands, what it says, and what can be done next."""
    listing = _listing_of(request.user)
    if listing:
        inbox.mark_read(request.user, about=[f"listing:{listing.pk}"])
    return _own_page(request, listing)


def _own_page(request, listing: SupplierListing | None, missing=None, status: int = 200):
    context = {
        "section": "directory",
        "supplier": access.own_supplier(request.user),
        "listing": listing,
        "text": proposed_text(listing),
        "differences": differences(listing) if listing else [],
        "missing": missing,
    }
    return render(request, "directory/listing.html", context, status=status)


@sign_in_keeps(*ListingForm.base_fields)
def edit(request):
    """Saves the text; with the button "send", sends it to the moderators as well."""
    listing, send = _listing_of(request.user), "send" in request.POST
    form = ListingForm(posted(request), initial=proposed_text(listing) | held_text(request, {}))

    def save(**text):
        return actions.save(actor=request.user, text=text, send=send)

    if submit(request, form, save) is not None:
        messages.success(request, WITH_MODERATORS if send else "Your draft is saved.")
        return redirect("directory:own_listing")
    return form_page(
        request,
        "directory/edit_listing.html",
        form,
        section="directory",
        listing=listing,
        supplier=access.own_supplier(request.user),
    )


@login_required
@require_POST
def send(request):
    listing = _listing_of(request.user)
    try:
        actions.submit(actor=request.user)
    except ValidationError as error:
        return _own_page(request, listing, missing=error.messages, status=422)
    messages.success(request, WITH_MODERATORS)
    return redirect("directory:own_listing")


@login_required
def withdraw(request):
    listing = _listing_of(request.user)
    if request.method == "POST":
        actions.withdraw(actor=request.user)
        messages.success(request, "Your listing is not in the directory any more. Its text is kept as a draft.")
        return redirect("directory:own_listing")
    return render(request, "directory/withdraw_listing.html", {"section": "directory", "listing": listing})

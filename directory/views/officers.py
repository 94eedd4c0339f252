"""/directory/officers/: who opted in, for officers and suppliers; and an officer's own listing."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lib.access import refusal
from lib.forms import form_page, posted, submit
from lib.pages import page_number
from members.held_text import held_text, sign_in_keeps

from .. import access
from ..actions import officer_listings as actions
from ..forms import OfficerListingForm
from ..models import OfficerListing
from ..presenters.cards import officer_card
from ..queries import listings
from ..rules.asking_again import open_between
from ..rules.quota import quota
from .browsing import chosen_in, list_context


@require_safe
def officers(request):
    """The list of officers, by role and organisation."""
    access.require_browsing(request.user)
    chosen = chosen_in(request, listings.OFFICER_GROUPS)
    today = timezone.localdate()
    found = listings.officers(request.user, chosen=chosen, page=page_number(request), day=today)
    context = {
        "section": "directory",
        "today": today.isoformat(),
        "is_officer": request.user.is_officer,
        **_asking(request.user),
        **list_context(request, found, chosen),
    }
    return render(request, "directory/officers.html", context)


@require_safe
def officer(request, public_id):
    """One officer's listing."""
    listing = access.officer_listing(request.user, public_id)
    supplier = access.supplier_of(request.user)
    context = {
        "section": "directory",
        "card": officer_card(request.user, listing),
        "is_own": listing.member_id == request.user.pk,
        **_asking(request.user),
    }
    if supplier:
        context["open"] = open_between(supplier, listing.member)
        context["refusal"] = refusal(access.check_request, supplier, listing.member, timezone.now())
    return render(request, "directory/officer.html", context)


def _asking(viewer) -> dict:
    """What a supplier's member reads about asking before they ask."""
    supplier = access.supplier_of(viewer)
    if supplier is None:
        return {"supplier": None}
    now = timezone.now()
    return {
        "supplier": supplier,
        "quota": quota(supplier, now),
        "quota_refusal": refusal(access.check_quota, supplier, now),
        "refusal": refusal(access.check_listed, supplier),
    }


@sign_in_keeps("works_on", "topics", "open_to")
def own(request):
    """/directory/my-listing/: an officer goes into the directory, or changes what stands there."""
    access.require_officer(request.user)
    listing = OfficerListing.objects.filter(member=request.user).first()
    initial: dict = {"accepts": True}
    if listing:
        initial = {
            name: getattr(listing, name) for name in ("works_on", "open_to", "accepts", "show_name", "show_email")
        }
        initial["topics"] = sorted(topic.name for topic in listing.topics.all())
    initial |= held_text(request, {})
    form = OfficerListingForm(
        posted(request), initial=initial, is_named_elsewhere=listings.is_named_elsewhere(request.user)
    )
    saved = submit(request, form, partial(actions.opt_in, actor=request.user))
    if saved is not None:
        messages.success(request, "Your listing is saved. This is how others see it.")
        return redirect(saved)
    return form_page(
        request,
        "directory/my_listing.html",
        form,
        section="directory",
        listing=listing if listing and listing.is_listed else None,
    )


@login_required
def leave(request):
    """/directory/my-listing/leave/"""
    access.require_officer(request.user)
    if request.method == "POST":
        actions.opt_out(actor=request.user)
        messages.success(request, "You are not in the directory any more. Your text is kept, for you alone.")
        return redirect("directory:own_officer_listing")
    return render(request, "directory/leave.html", {"section": "directory"})

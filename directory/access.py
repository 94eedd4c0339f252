"""Who may see and do what in the directory. The one place that decides it, for pages, mail, search and the CMS alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it
out, and the functions that fetch one thing raise Http404. What a viewer may see but not do raises Denied.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lib.access import Denied
from members.access import check_moderator, seen_through
from members.models import Member, Organisation

from .models import Introduction, OfficerListing, SupplierListing

__all__ = ["Denied"]  # the rest is used through the module

OFFICER, SUPPLIER, MODERATOR = "officer", "supplier", "moderator"  # the sides from which an introduction is seen
Status = Introduction.Status


def supplier_of(viewer) -> Organisation | None:
    """The supplier for which the viewer speaks."""
    return viewer.organisation if viewer.is_authenticated and viewer.is_supplier_member else None


# --- Listings -----------------------------------------------------------------------------------


def visible_supplier_listings(viewer) -> QuerySet[SupplierListing]:
    """The approved listings: everybody may read them."""
    return SupplierListing.objects.filter(approved_at__isnull=False).select_related("supplier")


def supplier_listing(viewer, slug: str) -> SupplierListing:
    return get_object_or_404(visible_supplier_listings(viewer), supplier__slug=slug)


def own_supplier(viewer) -> Organisation:
    """The supplier whose listing the viewer may write. Http404 for who speaks for none."""
    supplier = supplier_of(viewer)
    if supplier is None:
        raise Http404
    return supplier


def visible_officer_listings(viewer) -> QuerySet[OfficerListing]:
    """Officers who opted in, for officers, supplier members and moderators."""
    listed = OfficerListing.objects.filter(
        opted_out_at=None,
        member__is_active=True,
        member__erased_at=None,
        member__standing=Member.Standing.OFFICER,
    ).select_related("member__organisation")
    return listed if may_browse_officers(viewer) else listed.none()


def may_browse_officers(viewer) -> bool:
    return viewer.is_authenticated and (viewer.is_officer or viewer.is_supplier_member or viewer.is_moderator)


def officer_listing(viewer, public_id) -> OfficerListing:
    return get_object_or_404(visible_officer_listings(viewer), public_id=public_id)


def require_browsing(viewer):
    """Http404 for who may not look for officers."""
    if not may_browse_officers(viewer):
        raise Http404


def require_officer(viewer):
    """Http404 for who has no officer's listing to write."""
    if not (viewer.is_authenticated and viewer.is_officer):
        raise Http404


def shows_email(viewer, listing: OfficerListing) -> bool:
    """Whether the address stands on the listing's page: for other officers, where the officer chose so."""
    return viewer.is_authenticated and viewer.is_officer and listing.show_email and listing.is_listed


def shows_contact(viewer, listing: SupplierListing) -> bool:
    """Whether the supplier's contact stands on its page: for its own members, moderators, and officers introduced."""
    if not viewer.is_authenticated:
        return False
    if viewer.is_moderator or supplier_of(viewer) == listing.supplier:
        return True
    return (
        viewer.is_officer
        and Introduction.objects.filter(
            supplier=listing.supplier_id, officer=viewer.pk, status=Status.ACCEPTED
        ).exists()
    )


# --- Introductions ------------------------------------------------------------------------------


def visible_introductions(viewer) -> QuerySet[Introduction]:
    """A supplier's members see the supplier's own, an officer sees what was forwarded, moderators what was sent.

    A moderator whom an introduction concerns sees no more of it than anybody else in their place.
    """
    if not viewer.is_authenticated:
        return Introduction.objects.none()
    mine = Q(pk__in=())
    if viewer.is_supplier_member:
        mine |= Q(supplier=viewer.organisation_id)
    if viewer.is_officer:
        mine |= Q(officer=viewer.pk) & (Q(forwarded_at__isnull=False) | Q(asked_by=viewer.pk))
    if viewer.is_moderator:
        mine |= Q(submitted_at__isnull=False) & ~_concerns(viewer)
    return Introduction.objects.filter(mine)


def introduction(viewer, introduction_id: int) -> Introduction:
    return get_object_or_404(
        visible_introductions(viewer).select_related(
            "supplier__listing", "officer__organisation", "asked_by__organisation"
        ),
        pk=introduction_id,
    )


def _concerns(member: Member) -> Q:
    """The condition on an introduction: the member is its officer, asked for it, or speaks for its supplier."""
    has_a_part = Q(officer=member.pk) | Q(asked_by=member.pk)
    return has_a_part | Q(supplier=member.organisation_id) if member.is_supplier_member else has_a_part


def concerning(member: Member) -> QuerySet[Introduction]:
    """What a moderator is not to learn more of by being one: it would show them the officer, or what the officer is
    not to know yet."""
    return Introduction.objects.filter(_concerns(member))


def decidable_introductions(moderator) -> QuerySet[Introduction]:
    """What stands in the moderators' queue. Nobody finds there what concerns themselves."""
    if not (moderator.is_authenticated and moderator.is_moderator):
        return Introduction.objects.none()
    return Introduction.objects.filter(submitted_at__isnull=False).exclude(_concerns(moderator))


def side(viewer, introduction: Introduction) -> str:
    """From which side the viewer sees an introduction that is visible to them."""
    if viewer.pk == introduction.officer_id and viewer.is_officer:
        return OFFICER
    if viewer.is_supplier_member and viewer.organisation_id == introduction.supplier_id:
        return SUPPLIER
    return MODERATOR


def shows_officer(viewer, introduction: Introduction) -> bool:
    """Whether the viewer sees who the officer is: name and address.

    After the officer's yes, the one who asked does; what an officer wrote to a supplier, all of its members may read.
    """
    if side(viewer, introduction) != SUPPLIER:
        return True
    return introduction.status == Status.ACCEPTED and (
        not introduction.asks_officer or viewer.pk == introduction.asked_by_id
    )


def shows_answer(viewer, introduction: Introduction) -> bool:
    """Whether the viewer reads what the officer said with the answer: that is for the two sides alone.

    What was said with a yes may lead to the officer, so only who sees the officer reads it.
    """
    if side(viewer, introduction) == MODERATOR:
        return False
    return introduction.status != Status.ACCEPTED or shows_officer(viewer, introduction)


def shows_supplier_contact(viewer, introduction: Introduction) -> bool:
    return side(viewer, introduction) != OFFICER or introduction.status == Status.ACCEPTED


@seen_through
def _introduced(viewer) -> Q:
    """The officers whom a supplier member has come to know by name here."""
    if not viewer.is_supplier_member:
        return Q(pk__in=())
    accepted = Introduction.objects.filter(
        Q(asked_by=viewer.pk) | Q(direction=Introduction.Direction.TO_SUPPLIER),
        officer=OuterRef("pk"),
        supplier=viewer.organisation_id,
        status=Status.ACCEPTED,
    )
    named = OfficerListing.objects.filter(member=OuterRef("pk"), show_name=True, opted_out_at=None)
    return Q(Exists(accepted)) | Q(Exists(named))


# --- What a viewer may do -----------------------------------------------------------------------


def check_change(viewer, introduction: Introduction):
    """Who asks writes and sends the request."""
    if side(viewer, introduction) != SUPPLIER or not introduction.asks_officer:
        raise Denied("Only the supplier’s member who asks can change this request.")
    if viewer.pk != introduction.asked_by_id:
        raise Denied(
            f"Only {introduction.asked_by.byline.name}, who began this request, can change or send it. "
            "You can withdraw it."
        )


def check_withdraw(viewer, introduction: Introduction):
    if side(viewer, introduction) != SUPPLIER or not introduction.asks_officer:
        raise Denied("Only the supplier who asks can withdraw this request.")


def check_answer(viewer, introduction: Introduction):
    if side(viewer, introduction) != OFFICER or not introduction.asks_officer:
        raise Denied("Only the officer who is asked can answer this request.")


def check_decide(viewer, introduction: Introduction):
    check_moderator(viewer)
    if viewer.pk in {introduction.officer_id, introduction.asked_by_id} or supplier_of(viewer) == introduction.supplier:
        raise Denied("This request concerns you. Another moderator decides about it.")

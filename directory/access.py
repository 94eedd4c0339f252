"""Who may see and do what in the directory. The one place that decides it, for pages, mail, search and the CMS alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it
out, and the functions that fetch one thing raise Http404. What a viewer may see but not do raises Denied.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from lib import times
from lib.access import Denied
from members.access import check_moderator, seen_through
from members.models import Member, Organisation

from .models import Introduction, OfficerListing, SupplierListing
from .rules.asking_again import again_on, open_between, pausing, written_lately
from .rules.quota import quota
from .rules.states import moved_on

__all__ = ["Denied"]  # the rest is used through the module

OFFICER, SUPPLIER, MODERATOR = "officer", "supplier", "moderator"  # the sides from which an introduction is seen
Status = Introduction.Status
OUTCOMES: dict[str, str] = {  # after which a supplier leaves an officer alone for a while
    Status.ACCEPTED: "This officer and {supplier} are introduced already.",
    Status.DECLINED: "This officer declined a request from {supplier}.",
    Status.NOT_NOW: "This officer answered {supplier} with “not now”.",
    Status.EXPIRED: "This officer did not answer {supplier}’s last request.",
}


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
    """The supplier whose listing the viewer may write. Http404 for whoever speaks for none."""
    supplier = supplier_of(viewer)
    if supplier is None:
        raise Http404
    return supplier


def visible_proposals(viewer) -> QuerySet[SupplierListing]:
    """The listings whose proposal the viewer reads, too: their own supplier's, and a moderator all of them."""
    listings = SupplierListing.objects.select_related("supplier")
    if viewer.is_authenticated and viewer.is_moderator:
        return listings
    return listings.filter(supplier=supplier_of(viewer))


def visible_officer_listings(viewer) -> QuerySet[OfficerListing]:
    """Officers who opted in, for officers, supplier members and moderators."""
    listed = OfficerListing.objects.filter(
        opted_out_at=None,
        member__is_active=True,
        member__standing=Member.Standing.OFFICER,
    ).select_related("member__organisation")
    return listed if may_browse_officers(viewer) else listed.none()


def may_browse_officers(viewer) -> bool:
    return viewer.is_authenticated and (viewer.is_officer or viewer.is_supplier_member or viewer.is_moderator)


def officer_listing(viewer, public_id) -> OfficerListing:
    return get_object_or_404(visible_officer_listings(viewer), public_id=public_id)


def require_browsing(viewer):
    """Http404 for whoever may not look for officers."""
    if not may_browse_officers(viewer):
        raise Http404


def require_officer(viewer):
    """Http404 for whoever has no officer's listing to write."""
    if not (viewer.is_authenticated and viewer.is_officer):
        raise Http404


def shows_name(officer: Member) -> bool:
    """Whether the officer's listing gives the name."""
    listing = getattr(officer, "officer_listing", None)
    return listing is not None and listing.is_listed and listing.show_name


def shows_email(viewer, listing: OfficerListing) -> bool:
    """Whether the address stands on the listing's page: for other officers, where the officer chose so."""
    return viewer.is_authenticated and viewer.is_officer and listing.show_email


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
        mine = Q(supplier=viewer.organisation_id)
    elif viewer.is_officer:
        mine = Q(officer=viewer.pk) & (Q(forwarded_at__isnull=False) | Q(asked_by=viewer.pk))
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
    return Q(officer=member.pk) | Q(asked_by=member.pk) | Q(supplier=member.organisation_id)


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

    What was said with a yes may lead to the officer, so only whoever sees the officer reads it.
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


# --- What a viewer may do with a listing ---------------------------------------------------------


def check_write_listing(viewer):
    if supplier_of(viewer) is None:
        raise Denied("Only a supplier’s members write its listing.")


def check_decide_listing(viewer, listing: SupplierListing):
    check_moderator(viewer)
    if supplier_of(viewer) == listing.supplier:
        raise Denied("This listing is your own organisation’s. Another moderator decides about it.")


def check_opt_in(viewer):
    if not viewer.is_officer:
        raise Denied("Only officers have a listing of this kind.")


# --- What a viewer may do with an introduction ---------------------------------------------------


def check_ask(viewer, officer: Member, now: datetime) -> Organisation:
    """Whether the viewer may write a request to this officer. → for which supplier. The quota is for sending it."""
    supplier = supplier_of(viewer)
    if supplier is None:
        raise Denied("Only a supplier’s members ask for introductions.")
    check_request(supplier, officer, now)
    if open_between(supplier, officer):
        raise Denied(f"{supplier.short_name} already has a request to this officer under way.")
    return supplier


def check_listed(supplier: Organisation):
    """Whether this supplier may ask anyone at all."""
    if not SupplierListing.objects.filter(supplier=supplier, approved_at__isnull=False).exists():
        raise Denied(f"{supplier.short_name} can ask for introductions once a moderator has approved its listing.")


def check_request(supplier: Organisation, officer: Member, now: datetime):
    """Whether this supplier may ask this officer, the quota apart."""
    check_listed(supplier)
    listed = OfficerListing.objects.filter(member=officer, opted_out_at=None, accepts=True)
    if not (officer.is_active and officer.is_officer and listed.exists()):
        raise Denied("This officer does not take requests for introductions at present.")
    earlier = pausing(supplier, officer, now)
    if earlier:
        outcome = OUTCOMES[earlier.status].format(supplier=supplier.short_name)
        raise Denied(f"{outcome} You can ask again from {times.day(again_on(earlier))}.")


def check_quota(supplier: Organisation, now: datetime):
    """Whether the supplier may send one more request this month."""
    month = quota(supplier, now)
    if not month.left:
        raise Denied(
            f"{supplier.short_name} has sent its {month.allowed} requests for this month. "
            f"You can send the next one from {times.day(month.renews_on)}."
        )


def check_write_to_supplier(viewer, supplier: Organisation, now: datetime):
    if not viewer.is_officer:
        raise Denied("Only officers write to suppliers from here.")
    lately = written_lately(supplier, viewer, now)
    if lately:
        day = times.day(lately.submitted_at)
        raise Denied(f"You wrote to {supplier.short_name} on {day}: you have each other’s contact details since then.")


def check_asks(viewer, introduction: Introduction):
    """Whoever asks writes and sends the request."""
    if side(viewer, introduction) != SUPPLIER or not introduction.asks_officer:
        raise Denied("Only the supplier’s member who asks can change this request.")
    if viewer.pk != introduction.asked_by_id:
        raise Denied(
            f"Only {introduction.asked_by.byline.name}, who began this request, can change or send it. "
            "You can withdraw it."
        )


def check_change(viewer, introduction: Introduction):
    check_asks(viewer, introduction)
    if introduction.status not in Introduction.CHANGEABLE:
        raise moved_on(introduction)


def check_send(viewer, introduction: Introduction, now: datetime):
    """Much may have happened since it was written: the supplier, the officer and the month are asked again."""
    check_change(viewer, introduction)
    check_request(introduction.supplier, introduction.officer, now)
    if introduction.submitted_at is None:
        check_quota(introduction.supplier, now)


def check_withdraw(viewer, introduction: Introduction):
    if side(viewer, introduction) != SUPPLIER or not introduction.asks_officer:
        raise Denied("Only the supplier who asks can withdraw this request.")


def check_answer(viewer, introduction: Introduction):
    if side(viewer, introduction) != OFFICER or not introduction.asks_officer:
        raise Denied("Only the officer who is asked can answer this request.")


def check_accept(viewer, introduction: Introduction):
    """After the answer it does not matter any more whether somebody is there to meet."""
    check_answer(viewer, introduction)
    if introduction.status == Status.FORWARDED:
        check_asker(introduction)


def check_open(introduction: Introduction):
    """Before a form is shown: whether there is still anything to do."""
    if not introduction.is_open:
        raise moved_on(introduction)


def asker_is_there(introduction: Introduction) -> bool:
    """Whether the one who asked still speaks for the supplier."""
    asker = introduction.asked_by
    return asker.is_active and asker.is_supplier_member and asker.organisation_id == introduction.supplier_id


def check_asker(introduction: Introduction):
    """Whether there is still somebody at the supplier to meet."""
    if not asker_is_there(introduction):
        raise Denied(f"The person who asked does not speak for {introduction.supplier.short_name} here any more.")


def check_decide(viewer, introduction: Introduction):
    check_moderator(viewer)
    if viewer.pk in {introduction.officer_id, introduction.asked_by_id} or supplier_of(viewer) == introduction.supplier:
        raise Denied("This request concerns you. Another moderator decides about it.")


def check_forward(introduction: Introduction, now: datetime):
    """Whether the officer may be asked what the supplier has sent."""
    check_asker(introduction)
    check_request(introduction.supplier, introduction.officer, now)

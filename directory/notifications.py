"""Who is told of what happens in the directory, and in what words.

Words about an introduction are made when they are read or sent, from what the reader may see of it then.
"""

from django.urls import reverse

from lib.access import allows
from members.inbox import Link, Notice, silent
from members.models import Member

from . import access
from .models import Introduction, SupplierListing
from .presenters.introductions import SeenIntroduction, about
from .queries.introductions import seen_by_id

Status = Introduction.Status

silent(
    "introduction.drafted",
    "introduction.edited",
    "listing.saved",
    "listing.withdrawn",
    "officer_listing.opted_in",
    "officer_listing.changed",
    "officer_listing.opted_out",
)


class IntroductionNotice(Notice):
    """About one introduction.

    `said` may use {supplier}, {officer} (role and organisation), {asker} and {purpose}.
    """

    preference = "mail_introductions"
    said = ""
    while_status: str | None = None  # an e-mail that comes too late for this is not sent

    def collapse_key(self, activity):
        return about(activity.target_id)

    def said_to(self, seen: SeenIntroduction) -> str:
        return self.said

    def url_for(self, seen: SeenIntroduction) -> str:
        return queue_url(seen) if seen.side == access.MODERATOR else seen.url

    def links(self, notifications, reader):
        seen = seen_by_id(reader, {n.activity.target_id for n in notifications})
        links = {}
        for n in notifications:
            one = seen.get(n.activity.target_id)
            if one and (said := self.said_to(one)):
                links[n.pk] = Link(said.format(**words_of(one)), self.url_for(one))
        return links

    def mail(self, activity, member):
        seen = seen_by_id(member, [activity.target_id]).get(activity.target_id)
        if seen is None or (self.while_status and seen.status != self.while_status):
            return None
        return {"introduction": seen, "url": self.url_for(seen)} | words_of(seen)


def words_of(seen: SeenIntroduction) -> dict[str, str]:
    return {
        "supplier": seen.supplier,
        "officer": seen.officer.name if seen.officer else seen.officer_as,
        "asker": seen.asker.name if seen.asker else "",
        "purpose": seen.purpose,
    }


def queue_url(seen: SeenIntroduction) -> str:
    """The moderators' page of it."""
    return reverse("directory_introductions:inspect", args=[seen.pk])


def _introduction(activity) -> Introduction:
    return Introduction.objects.select_related("supplier", "asked_by", "officer").get(pk=activity.target_id)


def _asker(activity) -> list[Member]:
    """Whoever asked, if they still speak for the supplier."""
    introduction = _introduction(activity)
    return [introduction.asked_by] if access.asker_is_there(introduction) else []


def _officer(activity) -> list[Member]:
    officer = _introduction(activity).officer
    return [officer] if officer.is_officer else []


def _members_of(supplier_id: int) -> list[Member]:
    return list(Member.objects.active().filter(organisation=supplier_id, standing=Member.Standing.SUPPLIER))


class Submitted(IntroductionNotice):
    """Every moderator but those whom the request concerns."""

    verb = "introduction.submitted"
    template = "introduction_submitted"
    while_status = Status.SUBMITTED
    said = "{supplier} asks for an introduction: “{purpose}”. It waits for a moderator."

    def audience(self, activity):
        found = access.decidable_introductions
        moderators = Member.objects.moderators().select_related("organisation")
        return [member for member in moderators if found(member).filter(pk=activity.target_id).exists()]


class Returned(IntroductionNotice):
    verb = "introduction.returned"
    template = "introduction_returned"
    while_status = Status.RETURNED
    said = "A moderator returned your request to {officer}. Read why, change it and send it again."

    def audience(self, activity):
        return _asker(activity)


class Rejected(IntroductionNotice):
    verb = "introduction.rejected"
    template = "introduction_rejected"
    while_status = Status.REJECTED
    said = "A moderator did not forward your request to {officer}. Read why."

    def audience(self, activity):
        return _asker(activity)


class Forwarded(IntroductionNotice):
    """The officer, who is to answer; and the one who asked."""

    verb = "introduction.forwarded"
    template = "introduction_forwarded"
    while_status = Status.FORWARDED

    def said_to(self, seen):
        if seen.side == access.OFFICER:
            return "{supplier} asks to be introduced to you: “{purpose}”."
        return "A moderator forwarded your request to {officer}, who answers next."

    def audience(self, activity):
        return [*_officer(activity), *_asker(activity)]


class Accepted(IntroductionNotice):
    """Both sides get the other's contact details; so the officer, who did it, is told as well."""

    verb = "introduction.accepted"
    template = "introduction_accepted"
    while_status = Status.ACCEPTED
    reaches_actor = True

    def said_to(self, seen):
        if seen.side == access.OFFICER:
            return "You and {asker} of {supplier} have each other’s contact details now."
        return "{officer} accepted your request: you have each other’s contact details now."

    def audience(self, activity):
        return [*_officer(activity), *_asker(activity)]


class Declined(IntroductionNotice):
    verb = "introduction.declined"
    template = "introduction_declined"
    while_status = Status.DECLINED
    said = "Your request to {officer} was declined."

    def audience(self, activity):
        return _asker(activity)


class NotNow(IntroductionNotice):
    verb = "introduction.not_now"
    template = "introduction_not_now"
    while_status = Status.NOT_NOW
    said = "Your request to {officer} was answered with “not now”."

    def audience(self, activity):
        return _asker(activity)


class Withdrawn(IntroductionNotice):
    """The officer, if it had reached them; the one who asked, if a colleague withdrew it."""

    verb = "introduction.withdrawn"
    template = "introduction_withdrawn"
    while_status = Status.WITHDRAWN

    def said_to(self, seen):
        if seen.side == access.OFFICER:
            return "{supplier} withdrew its request to you. There is nothing for you to do."
        return "A colleague withdrew your request to {officer}."

    def audience(self, activity):
        had_arrived = _introduction(activity).forwarded_at is not None
        return [*(_officer(activity) if had_arrived else []), *_asker(activity)]


class Expired(IntroductionNotice):
    verb = "introduction.expired"
    template = "introduction_expired"
    while_status = Status.EXPIRED
    said = "Your request to {officer} closed without an answer."

    def audience(self, activity):
        return _asker(activity)


class Asked(IntroductionNotice):
    """An officer wrote to a supplier: all of its members are told, and the officer gets the supplier's contact."""

    verb = "introduction.asked"
    template = "introduction_asked"
    reaches_actor = True

    def said_to(self, seen):
        if seen.side == access.OFFICER:
            return "You wrote to {supplier}: you have each other’s contact details now."
        return "{officer} would like to talk to {supplier}: “{purpose}”."

    def audience(self, activity):
        return [*_officer(activity), *_members_of(_introduction(activity).supplier_id)]


# --- Listings -----------------------------------------------------------------------------------


class ListingNotice(Notice):
    """About a supplier's listing."""

    said = ""
    while_status: str | None = None

    def collapse_key(self, activity):
        return f"listing:{activity.target_id}"

    def _for(self, reader, ids) -> dict[int, SupplierListing]:
        return access.visible_proposals(reader).in_bulk(list(ids))

    def _url(self, reader, listing) -> str:
        if access.supplier_of(reader) == listing.supplier:
            return reverse("directory:own_listing")
        return reverse("directory_listings:inspect", args=[listing.pk])

    def links(self, notifications, reader):
        listings = self._for(reader, {n.activity.target_id for n in notifications})
        return {
            n.pk: Link(self.said.format(supplier=listing.supplier.short_name), self._url(reader, listing))
            for n in notifications
            if self.said and (listing := listings.get(n.activity.target_id))
        }

    def mail(self, activity, member):
        listing = self._for(member, [activity.target_id]).get(activity.target_id)
        if listing is None or listing.status != self.while_status:
            return None
        return {
            "supplier": listing.supplier.short_name,
            "listing_url": listing.get_absolute_url(),
            "reason": listing.reason,
            "strapline": listing.proposal.get("strapline", ""),
            "is_public": listing.is_public,
            "url": self._url(member, listing),
        }


class ListingSubmitted(ListingNotice):
    verb = "listing.submitted"
    preference = "mail_introductions"
    template = "listing_submitted"
    while_status = SupplierListing.Status.SUBMITTED
    said = "The listing of {supplier} waits for a moderator."

    def audience(self, activity):
        listing = SupplierListing.objects.select_related("supplier").get(pk=activity.target_id)
        moderators = Member.objects.moderators().select_related("organisation")
        return [one for one in moderators if allows(access.check_decide_listing, one, listing)]


class ListingApproved(ListingNotice):
    verb = "listing.approved"
    template = "listing_approved"
    while_status = SupplierListing.Status.APPROVED
    said = "The listing of {supplier} is approved and public."

    def audience(self, activity):
        return _members_of(SupplierListing.objects.values_list("supplier", flat=True).get(pk=activity.target_id))


class ListingReturned(ListingNotice):
    verb = "listing.returned"
    template = "listing_returned"
    while_status = SupplierListing.Status.RETURNED
    said = "A moderator returned the listing of {supplier}. Read why, change it and send it again."

    def audience(self, activity):
        return _members_of(SupplierListing.objects.values_list("supplier", flat=True).get(pk=activity.target_id))

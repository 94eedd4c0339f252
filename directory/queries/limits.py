"""What keeps officers from being asked too often. Each limit is said on the page before anyone runs into it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from lib import times
from members.models import Member, Organisation

from ..models import Introduction, OfficerListing, SupplierListing

Status = Introduction.Status

# How long a supplier leaves an officer alone after an outcome.
PAUSES: dict[str, tuple[timedelta, str]] = {
    Status.ACCEPTED: (timedelta(days=365), "This officer and {supplier} are introduced already."),
    Status.DECLINED: (timedelta(days=365), "This officer declined a request from {supplier}."),
    Status.NOT_NOW: (timedelta(days=183), "This officer answered {supplier} with “not now”."),
    Status.EXPIRED: (timedelta(days=92), "This officer did not answer {supplier}’s last request."),
}
WRITE_AGAIN_AFTER = timedelta(days=30)  # an officer to the same supplier


@dataclass(frozen=True, slots=True)
class Quota:
    """How many requests a supplier may still send this month."""

    used: int
    allowed: int
    renews_on: date

    @property
    def left(self) -> int:
        return max(0, self.allowed - self.used)


def quota(supplier: Organisation, now: datetime) -> Quota:
    """A request counts in the month in which it was first sent; sending it again after a return does not."""
    today = timezone.localtime(now)
    first = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    next_first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    # Not up to `now`: a colleague who was quicker to the lock may have sent a moment after this action took its time.
    used = Introduction.objects.filter(
        supplier=supplier,
        direction=Introduction.Direction.TO_OFFICER,
        submitted_at__gte=first,
        submitted_at__lt=next_first,
    ).count()
    return Quota(used, settings.INTRODUCTIONS_PER_MONTH, next_first.date())


def why_supplier_may_not_ask(supplier: Organisation) -> str:
    """A sentence, or nothing: whether this supplier may ask anyone at all."""
    listing = SupplierListing.objects.filter(supplier=supplier).first()
    if listing is None or not listing.is_public:
        return f"{supplier.short_name} can ask for introductions once a moderator has approved its listing."
    return ""


def why_quota_is_spent(supplier: Organisation, now: datetime) -> str:
    spent = quota(supplier, now)
    if spent.left:
        return ""
    return (
        f"{supplier.short_name} has sent its {spent.allowed} requests for this month. "
        f"You can send the next one from {times.day(spent.renews_on)}."
    )


def why_officer_is_not_asked(supplier: Organisation, officer: Member, now: datetime) -> str:
    """A sentence, or nothing: whether this supplier may ask this officer, the quota apart."""
    listing = OfficerListing.objects.filter(member=officer).first()
    if (
        listing is None
        or not listing.is_listed
        or not listing.accepts
        or not officer.is_active
        or not officer.is_officer
    ):
        return "This officer does not take requests for introductions at present."
    return why_pause(supplier, officer, now)


def why_not_forward(introduction: Introduction, now: datetime) -> str:
    """A sentence, or nothing: whether the officer may be asked what the supplier has sent."""
    return (
        why_asker_is_gone(introduction)
        or why_supplier_may_not_ask(introduction.supplier)
        or why_officer_is_not_asked(introduction.supplier, introduction.officer, now)
    )


def again_on(introduction: Introduction) -> date | None:
    """From which day the supplier may ask this officer again, where the outcome brings a pause."""
    if introduction.status not in PAUSES or not introduction.asks_officer:
        return None
    return timezone.localtime(introduction.moved_at + PAUSES[introduction.status][0]).date() + timedelta(days=1)


def why_asker_is_gone(introduction: Introduction) -> str:
    """A sentence, or nothing: whether there is still somebody at the supplier with whom to meet."""
    asker = introduction.asked_by
    if asker.is_active and asker.is_supplier_member and asker.organisation_id == introduction.supplier_id:
        return ""
    return f"The person who asked does not speak for {introduction.supplier.short_name} here any more."


def why_pause(supplier: Organisation, officer: Member, now: datetime) -> str:
    between = Introduction.objects.filter(supplier=supplier, officer=officer).order_by("-moved_at")
    for earlier in between.filter(status__in=PAUSES, direction=Introduction.Direction.TO_OFFICER):
        again = again_on(earlier)
        if again and timezone.localtime(now).date() < again:
            sentence = PAUSES[earlier.status][1].format(supplier=supplier.short_name)
            return f"{sentence} You can ask again from {times.day(again)}."
    return ""


def why_not_write_again(supplier: Organisation, officer: Member, now: datetime) -> str:
    """A sentence, or nothing: whether the officer may write to this supplier from here once more."""
    lately = Introduction.objects.filter(
        supplier=supplier,
        officer=officer,
        direction=Introduction.Direction.TO_SUPPLIER,
        submitted_at__gt=now - WRITE_AGAIN_AFTER,
    ).first()
    if lately is None:
        return ""
    day = times.day(lately.submitted_at)
    return f"You wrote to {supplier.short_name} on {day}: you have each other’s contact details since then."


def open_between(supplier: Organisation, officer: Member) -> Introduction | None:
    """The request that is under way between the two, if there is one."""
    return Introduction.objects.filter(supplier=supplier, officer=officer, status__in=Introduction.OPEN).first()

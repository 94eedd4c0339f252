"""When a supplier may ask the same officer again, and an officer may write to the same supplier again."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from members.models import Member, Organisation

from ..models import Introduction

Status = Introduction.Status
Direction = Introduction.Direction

# How long a supplier leaves an officer alone after an outcome.
PAUSES: dict[str, timedelta] = {
    Status.ACCEPTED: timedelta(days=365),
    Status.DECLINED: timedelta(days=365),
    Status.NOT_NOW: timedelta(days=183),
    Status.EXPIRED: timedelta(days=92),
}
WRITE_AGAIN_AFTER = timedelta(days=30)  # an officer to the same supplier


def open_between(supplier: Organisation, officer: Member) -> Introduction | None:
    """The request that is under way between the two, if there is one."""
    return Introduction.objects.filter(supplier=supplier, officer=officer, status__in=Introduction.OPEN).first()


def again_on(introduction: Introduction) -> date | None:
    """From which day the supplier may ask this officer again, where the outcome brings a pause."""
    if introduction.status not in PAUSES or not introduction.asks_officer:
        return None
    return timezone.localtime(introduction.moved_at + PAUSES[introduction.status]).date() + timedelta(days=1)


def pausing(supplier: Organisation, officer: Member, now: datetime) -> Introduction | None:
    """The last request after whose outcome the supplier still has to leave this officer alone."""
    today = timezone.localtime(now).date()
    answered = Introduction.objects.filter(
        supplier=supplier, officer=officer, direction=Direction.TO_OFFICER, status__in=PAUSES
    ).order_by("-moved_at")
    return next((one for one in answered if (again := again_on(one)) and today < again), None)


def written_lately(supplier: Organisation, officer: Member, now: datetime) -> Introduction | None:
    """What the officer wrote to the supplier not long ago."""
    return Introduction.objects.filter(
        supplier=supplier,
        officer=officer,
        direction=Direction.TO_SUPPLIER,
        submitted_at__gt=now - WRITE_AGAIN_AFTER,
    ).first()

"""How many requests a supplier may send in a month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from members.models import Organisation

from ..models import Introduction


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
    used = Introduction.objects.filter(
        supplier=supplier,
        direction=Introduction.Direction.TO_OFFICER,
        submitted_at__gte=first,
        submitted_at__lt=next_first,
    ).count()
    return Quota(used, settings.INTRODUCTIONS_PER_MONTH, next_first.date())

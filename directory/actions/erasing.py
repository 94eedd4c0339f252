"""What the directory forgets when a person deletes their account."""

from datetime import datetime

from django.db.models import Q

from lib.locks import locked
from members.actions.erasure import erases
from members.models import Activity, Member

from ..models import Introduction, IntroductionStep, OfficerListing
from .introduction_steps import take_step

Status = Introduction.Status
FORMER = "A former member"
NO_REASON = "The reason was deleted with a member’s account."


@erases
def erase(member: Member, now: datetime):
    """Closes what the person had under way, takes the officer's listing and the words that could give a name away:
    the officer's answers, the message, the moderators' reasons.

    That there was a request, and what became of it, stays: for the other side and for the audit trail.
    """
    listing = OfficerListing.objects.filter(member=member).first()
    if listing:
        listing.topics.clear()
        listing.delete()
    for introduction in _locked(asked_by=member, status__in=Introduction.OPEN):
        take_step(introduction, Status.WITHDRAWN, None, now)
    for introduction in _locked(officer=member, status=Status.FORWARDED):
        take_step(introduction, Status.EXPIRED, None, now)
    Introduction.objects.filter(officer=member).update(described_as=FORMER)
    Introduction.objects.filter(asked_by=member).update(message="This message was deleted with its author’s account.")
    IntroductionStep.objects.filter(by=member, status__in=[Status.ACCEPTED, Status.DECLINED, Status.NOT_NOW]).update(
        words=""
    )
    decided = Introduction.objects.filter(Q(officer=member) | Q(asked_by=member))
    Activity.objects.with_any_target(decided).exclude(reason="").update(reason="")
    IntroductionStep.objects.filter(introduction__in=decided, status__in=Introduction.NEED_WORDS).update(
        words=NO_REASON
    )


def _locked(**which) -> list[Introduction]:
    return list(locked(Introduction.objects.filter(**which).order_by("pk")))

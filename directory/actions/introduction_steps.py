"""The next step of an introduction, in whichever action it is taken."""

from datetime import datetime

from members import inbox
from members.models import Member

from ..models import Introduction, IntroductionStep
from ..rules.states import check_may_become


def take_step(
    introduction: Introduction, to: str, actor: Member | None, now: datetime, words: str = ""
) -> Introduction:
    """Moves on to `to`, once: what is there already stays as it is. Raises Denied where no step leads to it."""
    if introduction.status == to:
        return introduction
    check_may_become(introduction, to)
    introduction.status, introduction.moved_at = to, now
    introduction.save(update_fields=["status", "moved_at", "submitted_at", "forwarded_at", "answer_by"])
    IntroductionStep.objects.create(introduction=introduction, status=to, by=actor, words=words, at=now)
    reason = words if to in Introduction.NEED_WORDS else ""  # a moderator's; an officer's words are for the two alone
    inbox.record(f"introduction.{to}", actor=actor, target=introduction, now=now, reason=reason)
    return introduction

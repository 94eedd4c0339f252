"""How an introduction came to where it is, and what comes next, as one side may read it."""

from dataclasses import dataclass
from datetime import datetime

from lib import times

from .. import access
from ..models import Introduction, IntroductionStep

Status = Introduction.Status
ANSWERS = frozenset({Status.ACCEPTED, Status.DECLINED, Status.NOT_NOW})
PUBLIC_STEPS = {Status.SUBMITTED, Status.FORWARDED}  # of those before the forwarding, what the officer is shown
HAPPENED: dict[str, str] = {
    Status.DRAFT: "Draft begun",
    Status.SUBMITTED: "Sent to a moderator",
    Status.RETURNED: "Returned by a moderator",
    Status.REJECTED: "Rejected by a moderator",
    Status.FORWARDED: "Read by a moderator and forwarded to the officer",
    Status.ACCEPTED: "The officer accepted",
    Status.DECLINED: "The officer declined",
    Status.NOT_NOW: "The officer said not now",
    Status.WITHDRAWN: "Withdrawn",
    Status.EXPIRED: "Closed without an answer",
}
HAPPENED_TO_OFFICER: dict[str, str] = {
    Status.FORWARDED: "Read by a moderator and forwarded to you",
    Status.ACCEPTED: "You accepted",
    Status.DECLINED: "You declined",
    Status.NOT_NOW: "You said not now",
    Status.WITHDRAWN: "Withdrawn by the supplier",
}
STOPPED = {Status.REJECTED, Status.DECLINED, Status.NOT_NOW, Status.WITHDRAWN, Status.EXPIRED}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the timeline: .state is done, now, next or stopped."""

    state: str
    title: str
    at: datetime | None = None
    text: str = ""


def timeline(introduction: Introduction, steps: list[IntroductionStep], side: str) -> list[Step]:
    if not introduction.asks_officer:
        return [
            Step("done", "You asked" if side == access.OFFICER else "The officer asked", introduction.submitted_at),
            Step("done", "Both sides have the other’s contact details", introduction.submitted_at),
        ]
    shown = []
    sent_before = False
    for step in steps[1:] if _was_sent_at_once(steps) else steps:
        if side == access.OFFICER and _before_forwarding(introduction, step) and step.status not in PUBLIC_STEPS:
            continue
        if step.status == Status.SUBMITTED and sent_before:
            if side == access.OFFICER:
                continue
            title = "Sent to a moderator again"
        else:
            title = (HAPPENED_TO_OFFICER.get(step.status) if side == access.OFFICER else None) or HAPPENED[step.status]
        sent_before = sent_before or step.status == Status.SUBMITTED
        # The page gives the last words a place of their own; here stand those which a later step has overtaken. The
        # moderators' page has no such place, and an answer's words are not for them (access.shows_answer).
        stand_here = step.status not in ANSWERS if side == access.MODERATOR else step.status != introduction.status
        words = step.words if stand_here else ""
        shown.append(Step("stopped" if step.status in STOPPED else "done", title, step.at, words))
    return shown + _ahead(introduction, side)


def _was_sent_at_once(steps: list[IntroductionStep]) -> bool:
    """In one action with the writing: there never was a draft that waited."""
    return [step.status for step in steps[:2]] == [Status.DRAFT, Status.SUBMITTED] and steps[0].at == steps[1].at


def _before_forwarding(introduction: Introduction, step: IntroductionStep) -> bool:
    return introduction.forwarded_at is not None and step.at < introduction.forwarded_at


def _ahead(introduction: Introduction, side: str) -> list[Step]:
    """What happens now, and what comes then."""
    answer = Step("next", "The officer answers")
    shared = Step("next", "If the answer is yes, both see the other’s contact details")
    match introduction.status:
        case Status.DRAFT:
            return [Step("now", "You finish and send it"), Step("next", "A moderator reads it"), answer, shared]
        case Status.RETURNED:
            return [
                Step("now", "You change it and send it again"),
                Step("next", "A moderator reads it"),
                answer,
                shared,
            ]
        case Status.SUBMITTED:
            return [Step("now", "A moderator reads it", text="Within two working days, as a rule."), answer, shared]
        case Status.FORWARDED:
            day = times.day(introduction.answer_by)
            text = f"Without an answer it closes by itself on {day}."
            return [Step("now", "You answer" if side == access.OFFICER else "The officer answers", text=text), shared]
        case Status.ACCEPTED:
            return [Step("done", "Both see the other’s contact details", introduction.moved_at)]
    return []

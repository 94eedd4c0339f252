"""Introductions as each side sees them. Pages and mails get a SeenIntroduction and never the Introduction's members."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from lib import times
from lib.access import allows
from members.models.people import Byline

from .. import access
from ..models import Introduction, IntroductionStep, may_move
from .limits import again_on, why_asker_is_gone

Status = Introduction.Status
TONES: dict[str, str] = {
    Status.DRAFT: "",
    Status.SUBMITTED: "waiting",
    Status.RETURNED: "waiting",
    Status.FORWARDED: "waiting",
    Status.ACCEPTED: "good",
    Status.REJECTED: "bad",
    Status.DECLINED: "bad",
}
ANSWERS = frozenset({Status.ACCEPTED, Status.DECLINED, Status.NOT_NOW})
PUBLIC_STEPS = {Status.SUBMITTED, Status.FORWARDED}  # of those before the forwarding, what the officer is shown


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the timeline: .state is done, now, next or stopped."""

    state: str
    title: str
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class SeenIntroduction:
    """An introduction, from the side of one viewer. What the viewer may not know is not in it."""

    pk: int
    url: str
    about: str  # the key of its notifications
    side: str
    status: str
    status_label: str
    status_tone: str
    asks_officer: bool
    purpose: str
    message: str
    moved_at: datetime
    answer_by: datetime | None
    supplier: str
    supplier_full_name: str
    supplier_url: str  # of its listing, if that is public
    asker: Byline | None  # the supplier's member; None when an officer asked
    asker_email: str
    contact: tuple[str, str] | None  # name and address from the supplier's listing
    officer_as: str  # role and organisation
    shows_name: bool  # the officer's listing gives the name
    officer: Byline | None
    officer_email: str
    answer: str  # the officer's words
    reason: str  # the moderator's words to the supplier
    again_on: date | None  # from when the supplier may ask this officer again
    steps: list[Step] = field(default_factory=list)
    may_change: bool = False
    may_send: bool = False
    may_withdraw: bool = False
    may_answer: bool = False
    why_not_accept: str = ""  # a sentence, where the officer can only say no
    may_decide: bool = False

    @property
    def is_open(self) -> bool:
        return self.status in Introduction.OPEN

    @property
    def whom(self) -> str:
        """The other side in a few words, for the head of a page and a list."""
        if self.side == access.OFFICER:
            return self.supplier
        return self.officer.name if self.officer and self.side == access.SUPPLIER else self.officer_as

    @property
    def details_are_shared(self) -> bool:
        return self.status == Status.ACCEPTED and (
            self.side != access.SUPPLIER or bool(self.officer_email or not self.asks_officer)
        )


def about(introduction_id: int) -> str:
    return f"introduction:{introduction_id}"


def of(viewer):
    """The introductions that the viewer sees, with what seen() needs."""
    return (
        access.visible_introductions(viewer)
        .select_related(
            "supplier__listing", "officer__organisation", "officer__officer_listing", "asked_by__organisation"
        )
        .prefetch_related("steps")
    )


def mine(viewer) -> list[SeenIntroduction]:
    """Those which the viewer has a part in (a moderator's queue is in the CMS), the latest first."""
    found = of(viewer).order_by("-moved_at", "-pk")
    return [seen(viewer, one) for one in found if access.side(viewer, one) != access.MODERATOR]


def seen_by_id(viewer, ids: Iterable[int]) -> dict[int, SeenIntroduction]:
    return {one.pk: seen(viewer, one) for one in of(viewer).filter(pk__in=list(ids))}


def seen(viewer, introduction: Introduction) -> SeenIntroduction:
    """The introduction as this viewer may see it, which access.visible_introductions has let through."""
    side = access.side(viewer, introduction)
    knows_officer = access.shows_officer(viewer, introduction)
    knows_contact = access.shows_supplier_contact(viewer, introduction)
    officer, asker = introduction.officer, introduction.asked_by
    listing = getattr(introduction.supplier, "listing", None)
    steps = list(introduction.steps.all())
    shows_name = officer_shows_name(officer)
    return SeenIntroduction(
        pk=introduction.pk,
        url=introduction.get_absolute_url(),
        about=about(introduction.pk),
        side=side,
        status=introduction.status,
        status_label=_label(introduction, side),
        status_tone=TONES.get(introduction.status, ""),
        asks_officer=introduction.asks_officer,
        purpose=introduction.purpose,
        message=introduction.message,
        moved_at=introduction.moved_at,
        answer_by=introduction.answer_by,
        supplier=introduction.supplier.short_name,
        supplier_full_name=introduction.supplier.name,
        supplier_url=listing.get_absolute_url() if listing and listing.is_public else "",
        asker=asker.byline if introduction.asks_officer else None,
        asker_email=_address(asker) if introduction.asks_officer and knows_contact else "",
        contact=(listing.contact_name, listing.contact_email)
        if listing and listing.contact_email and knows_contact
        else None,
        officer_as=introduction.described_as,
        shows_name=shows_name,
        officer=officer.byline if knows_officer or shows_name else None,
        officer_email=_address(officer) if knows_officer else "",
        answer=_words(steps, ANSWERS) if access.shows_answer(viewer, introduction) else "",
        reason=_words(steps, Introduction.NEED_WORDS) if side != access.OFFICER else "",
        again_on=again_on(introduction) if side != access.OFFICER else None,
        steps=_timeline(introduction, steps, side),
        may_change=introduction.status in Introduction.CHANGEABLE and allows(access.check_change, viewer, introduction),
        may_send=_may(access.check_change, viewer, introduction, Status.SUBMITTED),
        may_withdraw=_may(access.check_withdraw, viewer, introduction, Status.WITHDRAWN),
        may_answer=_may(access.check_answer, viewer, introduction, Status.ACCEPTED),
        why_not_accept=why_asker_is_gone(introduction) if introduction.asks_officer else "",
        may_decide=_may(access.check_decide, viewer, introduction, Status.FORWARDED),
    )


def _may(check, viewer, introduction: Introduction, status: str) -> bool:
    return may_move(introduction.status, status) and allows(check, viewer, introduction)


def officer_shows_name(officer) -> bool:
    listing = getattr(officer, "officer_listing", None)
    return listing is not None and listing.is_listed and listing.show_name


def _address(member) -> str:
    return "" if member.erased_at else member.email


def _label(introduction: Introduction, side: str) -> str:
    if not introduction.asks_officer:
        return "Sent"
    if side == access.OFFICER and introduction.status == Status.FORWARDED:
        return "Waits for you"
    return introduction.get_status_display()


def _words(steps: list[IntroductionStep], statuses: frozenset[str]) -> str:
    """What was said last with one of these statuses."""
    return next((step.words for step in reversed(steps) if step.status in statuses), "")


# --- The timeline ---------------------------------------------------------------------------------

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


def _timeline(introduction: Introduction, steps: list[IntroductionStep], side: str) -> list[Step]:
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

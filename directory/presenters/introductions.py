"""Introductions as each side sees them. Pages and mails get a SeenIntroduction and never the Introduction's members."""

from dataclasses import dataclass, field
from datetime import date, datetime

from lib.access import allows, refusal
from members.models.people import Byline

from .. import access
from ..models import Introduction, IntroductionStep
from ..rules.asking_again import again_on
from ..rules.states import may_become
from .timeline import ANSWERS, Step, timeline

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


def seen(viewer, introduction: Introduction) -> SeenIntroduction:
    """The introduction as this viewer may see it, which access.visible_introductions has let through."""
    side = access.side(viewer, introduction)
    knows_officer = access.shows_officer(viewer, introduction)
    knows_contact = access.shows_supplier_contact(viewer, introduction)
    officer, asker = introduction.officer, introduction.asked_by
    listing = getattr(introduction.supplier, "listing", None)
    steps = list(introduction.steps.all())
    shows_name = access.shows_name(officer)
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
        steps=timeline(introduction, steps, side),
        may_change=allows(access.check_change, viewer, introduction),
        may_withdraw=_may(access.check_withdraw, viewer, introduction, Status.WITHDRAWN),
        may_answer=_may(access.check_answer, viewer, introduction, Status.ACCEPTED),
        why_not_accept=refusal(access.check_asker, introduction) if introduction.asks_officer else "",
        may_decide=_may(access.check_decide, viewer, introduction, Status.FORWARDED),
    )


def _may(check, viewer, introduction: Introduction, status: str) -> bool:
    return may_become(introduction, status) and allows(check, viewer, introduction)


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

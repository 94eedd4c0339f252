"""From what happened to who is told: activity → notification → bell and e-mail.

Each app's `notifications.py` has one Notice for each of its verbs. What is owed stands in rows, so a worker that
dies forgets nothing, and doing a job twice tells nobody twice:

    record()    inside the action's transaction; a job follows after commit
    announce    a job: one Activity → its Notifications and Mails, in one transaction, once
    deliver     a job: one Mail → sent, tried again later, or cancelled if the reader may not see the thing any more;
                no transaction is open while the mail server is talked to
    sweep()     whatever the jobs missed
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from lib import live
from lib.mail import send

from .models import Activity, Mail, Member, Notification
from .models.activity import MAX_ATTEMPTS

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)  # how long a job has before the sweep takes over
SWEEP_BATCH = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One notification as its reader sees it."""

    text: str
    url: str


class Notice:
    """Who is told of one verb, and in what words. Subclass it once for each verb; subclassing registers it."""

    verb: str
    preference: str | None = None  # the Member field that switches its e-mail off; None: this mail always goes
    template: str | None = None  # templates/emails/<template>/; None: the bell only
    reaches_suspended = False  # whether a suspended member is told, too
    reaches_actor = False  # whether who did it is told, too: a receipt

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "verb"):
            assert cls.verb not in NOTICES, f"Two notices for {cls.verb}"
            NOTICES[cls.verb] = cls()

    def audience(self, activity: Activity) -> Iterable[Member]:
        """Everyone who is told, by bell at least. Access is asked here; announce() leaves out the actor."""
        return ()

    def by_mail(self, activity: Activity, member: Member) -> bool:
        """Whether this member is also owed an e-mail, preference apart."""
        return True

    def about(self, activity: Activity) -> str:
        """What is counted together while it is unread. By default each activity stands alone."""
        return f"activity:{activity.pk}"

    def lines(self, notifications: list[Notification], reader: Member) -> dict[int, Line]:
        """Notification id → what the reader sees. What the reader may not see now is left out."""
        raise NotImplementedError

    def mail(self, activity: Activity, member: Member) -> dict | None:
        """The template's context, or None when the member may not see the thing any more.

        The key `attachments`, if there, is a list of (filename, content, MIME type).
        """
        raise NotImplementedError


NOTICES: dict[str, Notice] = {}


def record(verb: str, *, actor: Member | None, target, now: datetime, reason: str = "", **data) -> Activity:
    """Adds one activity. To be called by actions, inside their transaction. `data`: ids and short facts."""
    if verb not in NOTICES:
        raise LookupError(f"No Notice says who is told of {verb}; write one in the app's notifications.py.")
    activity = Activity.objects.create(
        verb=verb,
        actor=actor,
        target_type=ContentType.objects.get_for_model(target, for_concrete_model=True),
        target_id=target.pk,
        data=data,
        reason=reason,
        created_at=now,
        next_attempt_at=now + LEASE,
    )
    transaction.on_commit(lambda: announce.enqueue(activity.pk), robust=True)
    return activity


def record_unannounced(verb: str, *, actor: Member | None, targets: Iterable, now: datetime, **data):
    """Adds an activity for each of many targets of one model, for a verb of which nobody is told."""
    if verb not in NOTICES:
        raise LookupError(f"No Notice stands for {verb}; write one in the app's notifications.py.")
    targets = list(targets)
    if targets:
        kind = ContentType.objects.get_for_model(targets[0], for_concrete_model=True)
        Activity.objects.bulk_create(
            Activity(
                verb=verb,
                actor=actor,
                target_type=kind,
                target_id=target.pk,
                data=data,
                created_at=now,
                announced_at=now,
            )
            for target in targets
        )


@task(backend="forum")
def announce(activity_id: int):
    """Tells everyone who is to be told of one activity. Twice is harmless."""
    rung, mails = tell(activity_id, now=timezone.now())
    for member_id in rung:
        ring(member_id)
    for mail_id in mails:
        deliver.enqueue(mail_id)


@transaction.atomic
def tell(activity_id: int, *, now: datetime) -> tuple[list[int], list[int]]:
    """Writes the notifications and the owed mails of one activity, once. → (members to ring, mails to deliver)."""
    rung: list[int] = []
    mails: list[int] = []
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity_id)
    if activity.announced_at:
        return rung, mails
    notice = NOTICES[activity.verb]
    about = notice.about(activity)
    told = [
        member
        for member in notice.audience(activity)
        if _can_be_told(notice, member) and (member.pk != activity.actor_id or notice.reaches_actor)
    ]
    # Whoever changes what a member is told of locks the member's row first: so nothing is counted twice.
    Member.objects.lock_all(member.pk for member in told)
    for member in told:
        _notify(member, activity, about, now)
        rung.append(member.pk)
        if notice.template and _wants_mail(notice, member) and notice.by_mail(activity, member):
            mail, _ = Mail.objects.get_or_create(
                member=member, activity=activity, defaults={"created_at": now, "next_attempt_at": now + LEASE}
            )
            mails.append(mail.pk)
    activity.announced_at = now
    activity.save(update_fields=["announced_at"])
    return rung, mails


def _notify(member: Member, activity: Activity, about: str, now: datetime):
    counted = Notification.objects.filter(member=member, about=about, read_at=None).update(
        activity=activity, count=F("count") + 1, updated_at=now
    )
    if not counted:
        Notification.objects.create(member=member, activity=activity, about=about, updated_at=now)
        Member.objects.filter(pk=member.pk).update(unread_count=F("unread_count") + 1)


def _can_be_told(notice: Notice, member: Member) -> bool:
    return member.is_active or (notice.reaches_suspended and member.is_suspended)


def _wants_mail(notice: Notice, member: Member) -> bool:
    return notice.preference is None or getattr(member, notice.preference)


def ring(member_id: int):
    """Sets the bell in the member's open tabs."""
    unread = Member.objects.filter(pk=member_id).values_list("unread_count", flat=True).first()
    live.publish(f"member:{member_id}", {"unread": unread or 0})


@task(backend="forum")
def deliver(mail_id: int):
    """Sends one e-mail, unless it was sent, is being sent, or its reader lost the right or the wish to get it."""
    _deliver(mail_id, timezone.now())


def _deliver(mail_id: int, now: datetime) -> bool:
    """Outside of any transaction, since a mail server may take its time. → whether it was this one's to do.

    At least once: a worker that dies after the mail server's yes, and before the row that says so, leads to a second
    mail. The other order would lead to none.
    """
    mail = _lease(mail_id, now)
    if mail is None:
        return False
    notice = NOTICES[mail.activity.verb]
    told = _can_be_told(notice, mail.member) and _wants_mail(notice, mail.member)
    context = notice.mail(mail.activity, mail.member) if told else None
    if context is None or notice.template is None:
        Mail.objects.filter(pk=mail.pk).update(cancelled_at=now)
        return True
    try:
        send(notice.template, to=mail.member, preference=notice.preference, **context)
    except (SMTPException, OSError) as error:
        logger.warning("Mail %s was not sent (%s), attempt %s.", mail.pk, type(error).__name__, mail.attempts + 1)
    else:
        Mail.objects.filter(pk=mail.pk).update(sent_at=now)
    return True


def _lease(mail_id: int, now: datetime) -> Mail | None:
    """The mail, if it is owed and nobody else is at it. The next attempt is written before this one, so that a worker
    that dies, or a server that says no, leads to it; of two at once, one alone finds the row as it was."""
    is_due = Q(attempts=0) | Q(next_attempt_at__lte=now)
    owed = Mail.objects.filter(is_due, pk=mail_id, sent_at=None, cancelled_at=None)
    mail = owed.select_related("member__organisation", "activity").first()
    if mail is None:
        return None
    attempts = mail.attempts + 1
    taken = owed.filter(attempts=mail.attempts).update(attempts=attempts, next_attempt_at=_next_attempt(attempts, now))
    return mail if taken else None


def sweep(now: datetime | None = None, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Does what jobs missed: activities not announced and mails not sent whose time has come. → how many.

    `is_over` is asked before each, and what is left waits: for a worker that has to stop, while a mail may take long.
    """
    given, now = now, now or timezone.now()
    done = 0
    owed = Activity.objects.filter(announced_at=None, next_attempt_at__lte=now).order_by("pk")
    for activity in owed[:SWEEP_BATCH]:
        if is_over():
            return done
        attempts = activity.attempts + 1
        # The next attempt is written before this one, so that an activity that kills the worker waits its turn.
        Activity.objects.filter(pk=activity.pk).update(attempts=attempts, next_attempt_at=_next_attempt(attempts, now))
        try:
            announce.call(activity.pk)
            done += 1
        except Exception:  # one broken activity must not keep the others waiting
            logger.exception("Activity %s could not be announced, attempt %s.", activity.pk, attempts)
    unsent = Mail.objects.filter(sent_at=None, cancelled_at=None, next_attempt_at__lte=now).order_by("pk")
    for mail in unsent[:SWEEP_BATCH]:
        if is_over():
            return done
        try:
            done += _deliver(mail.pk, given or timezone.now())  # each in its own time: one may take long
        except Exception:  # one broken mail must not keep the others waiting
            logger.exception("Mail %s could not be made, attempt %s.", mail.pk, mail.attempts + 1)
    return done


def _next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts: soon at first, then more and more rarely; None after the last."""
    return now + timedelta(minutes=3**attempts) if attempts < MAX_ATTEMPTS else None


# --- Reading ------------------------------------------------------------------------------------


def lines(notifications: Iterable[Notification], reader: Member) -> list[tuple[Notification, Line]]:
    """The notifications which the reader may see now, in the given order, each with its line."""
    by_verb = defaultdict(list)
    notifications = list(notifications)
    for notification in notifications:
        by_verb[notification.activity.verb].append(notification)
    found: dict[int, Line] = {}
    for verb, batch in by_verb.items():
        found |= NOTICES[verb].lines(batch, reader)
    return [(n, found[n.pk]) for n in notifications if n.pk in found]


def mark_read(
    member: Member, *, about: Iterable[str] | None = None, ids: Iterable[int] | None = None, now: datetime | None = None
) -> int:
    """Marks a member's notifications as read: all, those about something, or those with the ids. → how many."""
    now = now or timezone.now()
    unread = Notification.objects.filter(member=member, read_at=None)
    if about is not None:
        unread = unread.filter(about__in=list(about))
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    if not unread.exists():
        return 0
    with transaction.atomic():
        Member.objects.lock(member.pk)
        changed = unread.update(read_at=now)
        if changed:
            Member.objects.filter(pk=member.pk).update(unread_count=F("unread_count") - changed)
            transaction.on_commit(lambda: ring(member.pk), robust=True)
    return changed


def settle(about: str, *, now: datetime):
    """Something is decided: marks the line about it as read for everybody who was told that it waits.

    After the commit, one reader at a time. The action has locked members already: with its readers' rows on top of
    them, out of order, it would wait in a circle with announcing.
    """

    def mark():
        for reader in Member.objects.filter(notifications__about=about, notifications__read_at=None):
            mark_read(reader, about=[about], now=now)

    transaction.on_commit(mark, robust=True)


def forget_unreadable(member: Member, now: datetime | None = None):
    """After rights were lost: what the member may not see any more is not counted any more, either."""
    unread = list(Notification.objects.filter(member=member, read_at=None).select_related("activity"))
    visible = {notification.pk for notification, _ in lines(unread, member)}
    mark_read(member, ids=[n.pk for n in unread if n.pk not in visible], now=now)


def owed() -> dict[str, int]:
    """What is still to be told and to be sent, and what was given up after MAX_ATTEMPTS: for the operator."""
    activities = Activity.objects.filter(announced_at=None)
    mails = Mail.objects.filter(sent_at=None, cancelled_at=None)
    return {
        "activities": activities.filter(next_attempt_at__isnull=False).count(),
        "mails": mails.filter(next_attempt_at__isnull=False).count(),
        "given_up_activities": activities.filter(next_attempt_at=None).count(),
        "given_up_mails": mails.filter(next_attempt_at=None).count(),
    }

"""From what happened to who is told of it: activity → notifications, and owed mails."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from lib.locks import locked
from members.models import Activity, Mail, Member, Notification

from . import outbox, reading
from .attempts import LEASE
from .notices import NOTICES, SILENCE, notice_of


def record(verb: str, *, actor: Member | None, target, now: datetime, reason: str = "", **data) -> Activity:
    """Adds one activity. To be called by actions, inside their transaction. `data`: ids and short facts."""
    if verb not in NOTICES:
        raise LookupError(
            f"No Notice says who is told of {verb}: write one in the app's notifications.py, or call it silent there."
        )
    activity = _row(verb, actor, target, now, data, reason=reason)
    is_owed = notice_of(verb) is not SILENCE
    if is_owed:
        activity.announced_at, activity.next_attempt_at = None, now + LEASE
    activity.save()
    if is_owed:
        transaction.on_commit(lambda: announce.enqueue(activity.pk), robust=True)
    return activity


def record_unannounced(verb: str, *, actor: Member | None, targets: Iterable, now: datetime, **data):
    """Adds an activity for each of many targets, for a silent verb."""
    if NOTICES.get(verb) is not SILENCE:
        raise LookupError(f"Record {verb} for each target: it is not silent.")
    Activity.objects.bulk_create(_row(verb, actor, target, now, data) for target in targets)


def _row(verb: str, actor: Member | None, target, now: datetime, data: dict, reason: str = "") -> Activity:
    """What happened, as if nobody had to be told of it."""
    return Activity(
        verb=verb,
        actor=actor,
        target_type=_type_of(target),
        target_id=target.pk,
        data=data,
        reason=reason,
        created_at=now,
        announced_at=now,
    )


def _type_of(target) -> ContentType:
    return ContentType.objects.get_for_model(target, for_concrete_model=True)


@task(backend="forum")
def announce(activity_id: int):
    """Tells everyone who is to be told of one activity. Twice is harmless."""
    rung, mails = tell(activity_id, now=timezone.now())
    for member_id in rung:
        reading.ring(member_id)
    for mail_id in mails:
        outbox.deliver.enqueue(mail_id)


@transaction.atomic
def tell(activity_id: int, *, now: datetime) -> tuple[list[int], list[int]]:
    """Writes the notifications and the owed mails of one activity, once. → (members to ring, mails to deliver)."""
    rung: list[int] = []
    mails: list[int] = []
    activity = Activity.objects.get(pk=activity_id)
    notice = notice_of(activity.verb)
    told = [
        member
        for member in notice.audience(activity)
        if outbox.can_be_told(notice, member) and (member.pk != activity.actor_id or notice.reaches_actor)
    ]
    collapse_key = notice.collapse_key(activity)
    # Members first, as all do that change what a member is told of: nothing is counted twice, and nobody waits in a
    # circle.
    Member.objects.lock_all(member.pk for member in told)
    if not locked(Activity.objects.filter(pk=activity_id, announced_at=None)):
        return rung, mails
    for member in told:
        _notify(member, activity, collapse_key, now)
        rung.append(member.pk)
        if notice.template and outbox.wants_mail(notice, member) and notice.by_mail(activity, member):
            mail, _ = Mail.objects.get_or_create(
                member=member, activity=activity, defaults={"created_at": now, "next_attempt_at": now + LEASE}
            )
            mails.append(mail.pk)
    activity.announced_at = now
    activity.save(update_fields=["announced_at"])
    return rung, mails


def _notify(member: Member, activity: Activity, collapse_key: str, now: datetime):
    counted = Notification.objects.filter(member=member, collapse_key=collapse_key, read_at=None).update(
        activity=activity, count=F("count") + 1, updated_at=now
    )
    if not counted:
        Notification.objects.create(member=member, activity=activity, collapse_key=collapse_key, updated_at=now)
        Member.objects.filter(pk=member.pk).update(unread_count=F("unread_count") + 1)

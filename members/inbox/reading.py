"""What a member's inbox shows, and marking it as read."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lib import live
from members.models import Member, Notification

from .notices import Link, notice_of


def readable(notifications: Iterable[Notification], reader: Member) -> list[tuple[Notification, Link]]:
    """The notifications which the reader may see now, in the given order, each with what it says."""
    by_verb = defaultdict(list)
    notifications = list(notifications)
    for notification in notifications:
        by_verb[notification.activity.verb].append(notification)
    links: dict[int, Link] = {}
    for verb, batch in by_verb.items():
        links |= notice_of(verb).links(batch, reader)
    return [(n, links[n.pk]) for n in notifications if n.pk in links]


def mark_read(
    member: Member, *, about: Iterable[str] | None = None, ids: Iterable[int] | None = None, now: datetime | None = None
) -> int:
    """Marks a member's notifications as read: all, those with the ids, or `about`: with collapse keys. → how many."""
    now = now or timezone.now()
    unread = Notification.objects.filter(member=member, read_at=None)
    if about is not None:
        unread = unread.filter(collapse_key__in=list(about))
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


def settle(collapse_key: str, *, now: datetime):
    """Something is decided: marks what waited for it as read, for everybody who was told.

    After the commit, one reader at a time. The action has locked members already: with its readers' rows on top of
    them, out of order, it would wait in a circle with announcing.
    """

    def mark():
        readers = Member.objects.filter(notifications__collapse_key=collapse_key, notifications__read_at=None)
        for reader in readers:
            mark_read(reader, about=[collapse_key], now=now)

    transaction.on_commit(mark, robust=True)


def forget_unreadable(member: Member, now: datetime | None = None):
    """After rights were lost: what the member may not see any more is not counted any more, either."""
    unread = list(Notification.objects.filter(member=member, read_at=None).select_related("activity"))
    visible = {notification.pk for notification, _ in readable(unread, member)}
    mark_read(member, ids=[n.pk for n in unread if n.pk not in visible], now=now)


def ring(member_id: int):
    """Sets the bell in the member's open tabs."""
    unread = Member.objects.filter(pk=member_id).values_list("unread_count", flat=True).first()
    live.publish(f"member:{member_id}", {"unread": unread or 0})

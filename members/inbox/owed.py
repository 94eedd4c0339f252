"""What is still to be told and to be sent: done by the worker each minute, counted for the operator."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from members.models import Activity, Letter, Mail

from . import announcing, letters, outbox
from .attempts import next_attempt

logger = logging.getLogger(__name__)

SWEEP_BATCH = 200
LETTERS_KEPT = timedelta(days=7)  # longer than they are tried, and than a key in them is good for


def announce_missed(now: datetime | None = None, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """Announces activities that no job announced in time. → how many.

    `is_over` is asked before each, and what is left waits: for a worker that has to stop.
    """
    now = now or timezone.now()
    done = 0
    unannounced = Activity.objects.filter(announced_at=None, next_attempt_at__lte=now).order_by("pk")
    for activity in unannounced[:SWEEP_BATCH]:
        if is_over():
            break
        attempts = activity.attempts + 1
        # The next attempt is written before this one, so that an activity that kills the worker waits its turn.
        Activity.objects.filter(pk=activity.pk).update(attempts=attempts, next_attempt_at=next_attempt(attempts, now))
        try:
            announcing.announce.call(activity.pk)
            done += 1
        except Exception:  # one broken activity must not keep the others waiting
            logger.exception("Activity %s could not be announced, attempt %s.", activity.pk, attempts)
    return done


def send_missed(now: datetime | None = None, *, is_over: Callable[[], bool] = lambda: False) -> int:
    """The same for letters and mails that no job sent. → how many were tried."""
    done = 0
    since = now or timezone.now()
    unsent_letters = Letter.objects.filter(sent_at=None, next_attempt_at__lte=since)
    unsent_mails = Mail.objects.filter(sent_at=None, cancelled_at=None, next_attempt_at__lte=since)
    for unsent, deliver_at in ((unsent_letters, letters.deliver_at), (unsent_mails, outbox.deliver_at)):
        for one in unsent.order_by("pk")[:SWEEP_BATCH]:
            if is_over():
                return done
            try:
                done += deliver_at(now or timezone.now(), one.pk)  # each in its own time: one may take long
            except Exception:  # one broken mail must not keep the others waiting
                logger.exception("%s could not be made, attempt %s.", str(one).capitalize(), one.attempts + 1)
    return done


def forget_letters(now: datetime):
    """Those that are done with: they hold an address."""
    Letter.objects.filter(created_at__lt=now - LETTERS_KEPT).delete()


def count() -> dict[str, int]:
    """How many are still to be told and to be sent, and how many were given up after MAX_ATTEMPTS."""
    activities = Activity.objects.filter(announced_at=None)
    mails = [Mail.objects.filter(sent_at=None, cancelled_at=None), Letter.objects.filter(sent_at=None)]
    return {
        "activities": activities.filter(next_attempt_at__isnull=False).count(),
        "mails": sum(kind.filter(next_attempt_at__isnull=False).count() for kind in mails),
        "given_up_activities": activities.filter(next_attempt_at=None).count(),
        "given_up_mails": sum(kind.filter(next_attempt_at=None).count() for kind in mails),
    }

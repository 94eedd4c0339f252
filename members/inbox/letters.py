"""Mails about an account: written as they are asked for, sent by the worker. No request waits for a mail server."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.utils import timezone
from django_tasks import task

from lib.mail import Message, compose
from members.models import Letter, Member

from .attempts import LEASE, leased
from .outbox import MAIL_QUEUE

logger = logging.getLogger(__name__)

LATELY = timedelta(minutes=3)


def post(name: str, *, to: Member | None, address: str, **context):
    """Owes one mail to an address."""
    now = timezone.now()
    content = compose(name, to=to, **context)._asdict()
    letter = Letter.objects.create(
        name=name, address=address.lower(), content=content, created_at=now, next_attempt_at=now + LEASE
    )
    deliver.enqueue(letter.pk)


def was_posted_lately(name: str, address: str) -> bool:
    since = timezone.now() - LATELY
    return Letter.objects.filter(name=name, address=address.lower(), created_at__gt=since).exists()


@task(backend="forum", queue_name=MAIL_QUEUE)
def deliver(letter_id: int):
    """Sends one letter, unless it was sent or is being sent."""
    deliver_at(timezone.now(), letter_id)


def deliver_at(now: datetime, letter_id: int) -> bool:
    """→ whether it was this one's to do. At least once, as outbox.deliver_at()."""
    letter = leased(Letter.objects.filter(pk=letter_id, sent_at=None), now)
    if letter is None:
        return False
    try:
        Message(**letter.content).send(letter.address)
    except (SMTPException, OSError) as error:
        logger.warning("Letter %s was not sent (%s), attempt %s.", letter, type(error).__name__, letter.attempts + 1)
    else:
        Letter.objects.filter(pk=letter.pk).update(sent_at=now, content={})
    return True

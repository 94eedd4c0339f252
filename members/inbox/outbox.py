"""The e-mails that members are owed. A mail's words are made when it is sent; access and wish are asked again then."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.utils import timezone
from django_tasks import task

from lib.mail import send
from members.models import Mail, Member

from .attempts import leased
from .notices import Notice, notice_of

logger = logging.getLogger(__name__)

MAIL_QUEUE = "mail"  # of its own, since a mail server may take its time


def can_be_told(notice: Notice, member: Member) -> bool:
    return member.is_active or (notice.reaches_suspended and member.is_suspended)


def wants_mail(notice: Notice, member: Member) -> bool:
    return notice.preference is None or getattr(member, notice.preference)


@task(backend="forum", queue_name=MAIL_QUEUE)
def deliver(mail_id: int):
    """Sends one e-mail, unless it was sent, is being sent, or its reader lost the right or the wish to get it."""
    deliver_at(timezone.now(), mail_id)


def deliver_at(now: datetime, mail_id: int) -> bool:
    """Outside of any transaction, since a mail server may take its time. → whether it was this one's to do.

    At least once: a worker that dies after the mail server's yes, and before the row that says so, leads to a second
    mail. The other order would lead to none.
    """
    owed = Mail.objects.filter(pk=mail_id, sent_at=None, cancelled_at=None)
    mail = leased(owed.select_related("member__organisation", "activity"), now)
    if mail is None:
        return False
    notice = notice_of(mail.activity.verb)
    is_told = can_be_told(notice, mail.member) and wants_mail(notice, mail.member)
    context = notice.mail(mail.activity, mail.member) if is_told else None
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

"""Reading: who waits, what is known, what a person is signed in on."""

from datetime import date

from allauth.account.models import EmailAddress
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils import timezone

from .models import Activity, Member, Notification, Organisation, Session


def waiting() -> QuerySet[Member]:
    """Newcomers about whom a moderator is to decide, longest waiting first."""
    return Member.objects.active().filter(verification_asked_at__isnull=False).order_by("verification_asked_at")


def has_confirmed_address(member: Member) -> bool:
    return EmailAddress.objects.filter(user=member, email__iexact=member.email, verified=True).exists()


def has_handle_by_chance(member: Member) -> bool:
    """Whether this is somebody who signed up, and was never verified: the first verification gives them a plain one."""
    known = (
        Activity.objects.with_target(member)
        .filter(verb__in=["member.signed_up", "member.verified"])
        .values_list("verb", flat=True)
    )
    return set(known) == {"member.signed_up"}


def open_organisations(today: date | None = None) -> QuerySet[Organisation]:
    """Organisations which still exist."""
    today = today or timezone.localdate()
    return Organisation.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today))


def organisation_called(text: str) -> Organisation | None:
    """The one organisation with this name or short name, if there is just one."""
    text = " ".join(text.split())
    found = list(open_organisations().filter(Q(name__iexact=text) | Q(short_name__iexact=text))[:2]) if text else []
    return found[0] if len(found) == 1 else None


def public_body_of(domain: str, today: date | None = None) -> Organisation | None:
    """The public body whose officers have addresses at this very domain."""
    return open_organisations(today).filter(kind=Organisation.Kind.PUBLIC_BODY, email_domains__domain=domain).first()


def inbox_of(member: Member) -> QuerySet[Notification]:
    """A member's notifications, unread first, then the latest."""
    unread = Case(When(read_at=None, then=Value(True)), default=Value(False), output_field=BooleanField())
    return member.notifications.select_related("activity").order_by(unread.desc(), "-updated_at", "-pk")


def sessions_of(member: Member) -> QuerySet[Session]:
    return member.sessions.filter(expire_date__gt=timezone.now()).order_by("-expire_date")

"""Where allauth and Django, whose code isn't ours, say that something happened."""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, password_changed, password_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from lib import live
from members.actions import sessions, verification
from members.user_agents import device_of


@receiver(email_confirmed)
def confirm_address(sender, request, email_address, **kwargs):
    # The address that this one replaces is removed only after this signal.
    previous = EmailAddress.objects.filter(user=email_address.user, verified=True).exclude(pk=email_address.pk).first()
    verification.confirm_address(
        member=email_address.user, address=email_address.email, previous=previous.email if previous else ""
    )


@receiver([password_changed, password_reset])
def end_other_sessions(sender, request, user, **kwargs):
    own = request.session.session_key if request.user.is_authenticated and request.user.pk == user.pk else None
    sessions.end_others(actor=user, keep=own)


@receiver(user_logged_in)
def remember_device(sender, request, user, **kwargs):
    request.session["device"] = device_of(request.headers.get("User-Agent", ""))
    request.session["since"] = timezone.now().isoformat()
    request.session.set_expiry(None)  # and not that of the visitor's session from which this one came


@receiver(user_logged_out)
def close_sockets(sender, request, user, **kwargs):
    if request.session.session_key:
        live.drop(session_key=request.session.session_key)

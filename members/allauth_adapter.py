"""How allauth makes our accounts and writes its mails."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import render
from django.urls import reverse

from members import inbox
from members.actions.sign_up import sign_up
from members.address_confirmation import password_form
from members.models import Member

CONFIRM = "confirm_address"
# allauth's names for its mails → ours, under templates/emails/
MAILS = {
    "email_confirmation_signup": CONFIRM,
    "email_confirmation": CONFIRM,
    "account_already_exists": "account_exists",
    "unknown_account": "address_unknown",
    "password_reset_key": "reset_password",
    "password_changed": "password_changed",
    "password_reset": "password_changed",
    "password_set": "password_changed",
    "email_changed": "address_changed",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "too_many_login_attempts": "Too many attempts. Wait ten minutes, then try again, or ask for a new password.",
        "incorrect_password": "This is not your password. Try again.",
        "enter_current_password": "This is not your current password. Try again.",
        "duplicate_email": "This is your address already.",
        "email_taken": "This address can’t be used. If it is yours, sign in with it or ask for a new password.",
        "rate_limited": "Too many requests. Wait a few minutes, then try again.",
    }

    def save_user(self, request, user, form, commit=True):
        data = form.cleaned_data
        return sign_up(
            email=data["email"],
            password=data.get("password1"),
            name=data["name"],
            job_title=data["job_title"],
            organisation=data["organisation"],
        )

    def set_password(self, user, password):
        user.set_password(password)
        user.save(update_fields=["password"])  # and not what this request has read of the rest of the row

    def confirm_email(self, request, email_address):
        # Every road to a confirmed address leads through here.
        member = email_address.user
        asked = password_form(request, member)
        if asked and not asked.is_valid():
            raise ImmediateHttpResponse(_confirmation_page(request, email_address, asked))
        # The confirmation and what follows from it (members/receivers.py) stand or fall together.
        with transaction.atomic():
            is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            member = Member.objects.select_related("organisation").get(pk=member.pk)
            messages.success(request, f"{email_address.email} is confirmed. {_what_one_is(member)}".strip())
        if asked and is_confirmed:
            # Who knows the password need not write it twice.
            raise ImmediateHttpResponse(perform_login(request, member, email=email_address.email))
        return is_confirmed

    def is_safe_url(self, url):
        try:
            return super().is_safe_url(url)
        except ValueError:  # no address at all, such as //[
            return False

    # allauth would build the links of a mail from the Host header, which anybody can send.

    def get_reset_password_from_key_url(self, key):
        uidb36, _, key = key.partition("-")
        return _on_site("account_reset_password_from_key", uidb36, key)

    def get_email_confirmation_url(self, request, emailconfirmation):
        return _on_site("account_confirm_email", emailconfirmation.key)

    def send_mail(self, template_prefix, email, context):
        name, member = MAILS[template_prefix.rpartition("/")[2]], context.pop("user", None)
        unconfirmed = EmailAddress.objects.filter(email__iexact=email, verified=False).select_related("user")
        if name == "account_exists" and (waiting := unconfirmed.first()):
            # Signed up twice, and not confirmed yet: what helps is the link. Of many at once, one is enough.
            if inbox.letters.was_posted_lately(CONFIRM, email):
                return
            link = self.get_email_confirmation_url(None, EmailConfirmationHMAC(waiting))
            name, member, context = CONFIRM, waiting.user, {"activate_url": link}
        inbox.letters.post(name, to=member, address=email, **context)


def _what_one_is(member: Member) -> str:
    if member.is_officer:
        return f"You are verified as an officer of {member.organisation.name}."
    if member.verification_asked_at:
        return "A moderator will look at where you work; until then you can read what is open to members."
    return ""


def _confirmation_page(request, email_address, form):
    context = {
        "confirmation": EmailConfirmationHMAC(email_address),
        "can_confirm": email_address.can_set_verified(),
        "form": form,
    }
    return render(request, "account/email_confirm.html", context)


def _on_site(name: str, *args) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"

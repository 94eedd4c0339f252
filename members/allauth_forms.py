"""allauth's forms in the words of this site: labels that say what to write, and nothing in grey inside the field."""

from copy import copy

from allauth.account import forms as allauth_forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError

WORDS = {
    "login": ("E-mail address", "Write your e-mail address."),
    "email": ("E-mail address", "Write an e-mail address such as name@council.gov.uk."),
    "password": ("Password", "Write your password."),
    "oldpassword": ("Current password", "Write your current password."),
}
NEW_PASSWORD_HINT = "At least 12 characters. Three words that don’t belong together make a good one."  # noqa: S105
ADDRESS_HINT = (
    "Your address at work: with it we see whom you work for. Only moderators see it, and those to whom you give it."
)


class _OurWords:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in WORDS:
                field.label, required = WORDS[name]
                field.error_messages["required"] = required
            if name in {"login", "email"}:
                field.error_messages["invalid"] = "Write an e-mail address such as name@council.gov.uk."
                # Copies: Django's validators are shared by all forms of the site.
                field.validators = [copy(validator) for validator in field.validators]
                for validator in field.validators:
                    if hasattr(validator, "message"):
                        validator.message = field.error_messages["invalid"]
            if name == "password":
                field.help_text = ""


class _NewPassword(_OurWords):
    label = "New password"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = self.label
        self.fields["password1"].help_text = NEW_PASSWORD_HINT
        self.fields["password1"].error_messages["required"] = "Write a password."
        if "password2" in self.fields:
            self.fields["password2"].label = f"{self.label} again"
            self.fields["password2"].error_messages["required"] = "Write the password again."


class LoginForm(_OurWords, allauth_forms.LoginForm):
    pass


class SignUpForm(_NewPassword, allauth_forms.SignupForm):
    label = "Password"
    account_already_exists: bool  # allauth finds out
    field_order = ["name", "job_title", "organisation", "email", "password1"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = ADDRESS_HINT

    def try_save(self, request):
        if self.account_already_exists:
            # A new account costs one, too: else the time of the answer would tell who is a member.
            make_password(self.cleaned_data["password1"])
        try:
            return super().try_save(request)
        except IntegrityError:
            # The same address was sent twice at once: the second gets the answer that the first got.
            self.account_already_exists = True
            return super().try_save(request)


class AddEmailForm(_OurWords, allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail address"


class ChangePasswordForm(_NewPassword, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_NewPassword, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(_NewPassword, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):
    pass

"""Who confirms an address: only who made the account.

Anybody can sign up with an address that is not theirs, and a password of their own. Its owner, who gets the mail, must
not make that a confirmed account by pressing the button in it.
"""

from allauth.account.adapter import get_adapter
from django import forms

from members.models import Member


class PasswordForm(forms.Form):
    """Asks for the password of an account. Wrong ones count as they do at signing in."""

    password = forms.CharField(
        label="Password of this account",
        help_text="The one that was chosen when the account was made. It shows us that the account is yours.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Write the password of this account."},
    )

    def __init__(self, *args, request, member: Member, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.member = request, member

    def clean_password(self):
        password = self.cleaned_data["password"]
        if get_adapter().authenticate(self.request, email=self.member.email, password=password) != self.member:
            raise forms.ValidationError("This is not the password of this account. Try again.")
        return password


def password_form(request, member: Member) -> PasswordForm | None:
    """What is asked for beside the button; None in the browser that made the account, or is signed in to it."""
    if _is_theirs(request, member):
        return None
    return PasswordForm(request.POST if request.method == "POST" else None, request=request, member=member)


def _is_theirs(request, member: Member) -> bool:
    # Here, since templates are also loaded where allauth is not yet (the worker), and its modules import each other.
    from allauth.account.stages import EmailVerificationStage, LoginStageController

    if request.user.is_authenticated:
        return request.user.pk == member.pk
    # allauth remembers in the session for whom it waits: after signing up, or signing in with the right password.
    waiting = LoginStageController.enter(request, EmailVerificationStage.key)
    return waiting is not None and waiting.login.user == member

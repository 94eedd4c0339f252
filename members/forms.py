"""What members fill in. The forms of signing in are allauth's, in words of ours: members/allauth_forms.py."""

from django import forms
from django.utils.html import format_html, format_html_join

from lib.forms import LineField, LinesField
from members import queries
from members.models import Member


class OrganisationInput(forms.TextInput):
    """A text field which offers the organisations that we know."""

    def render(self, name, value, attrs=None, renderer=None):
        attrs = attrs or {}
        list_id = f"{attrs.get('id') or name}_known"
        known = queries.open_organisations().values_list("name")
        field = super().render(name, value, attrs | {"list": list_id, "autocomplete": "organization"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', known)
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


def organisation_field(**kwargs) -> forms.CharField:
    return LineField(
        label="Organisation",
        max_length=Member._meta.get_field("claimed_organisation").max_length,
        widget=OrganisationInput,
        error_messages={"required": "Write the name of the organisation that you work for."},
        **kwargs,
    )


class SignUpDetailsForm(forms.Form):
    """What we ask beside address and password. allauth derives its own sign-up form from this one."""

    name = LineField(
        label="Your name",
        max_length=120,
        help_text="Members see it beside what you write.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Write your name."},
    )
    job_title = LineField(
        label="Job title",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": "Write your job title."},
    )
    organisation = organisation_field(
        help_text="A council, another public body or a supplier. Write it as it is known."
    )

    def clean_name(self):
        name = self.cleaned_data["name"]
        if "@" in name or "://" in name:
            raise forms.ValidationError("Write a name, without an address.")
        return name

    def clean_job_title(self):
        # Like the name, it is in the mail to an address that may be somebody else's.
        job_title = self.cleaned_data["job_title"]
        if "@" in job_title or "://" in job_title:
            raise forms.ValidationError("Write a job title, without an address.")
        return job_title

    def signup(self, request, user):
        """allauth asks for this; members.allauth_adapter.AccountAdapter.save_user() has done it all."""


class ProfileForm(forms.ModelForm):
    job_title = SignUpDetailsForm.base_fields["job_title"]

    class Meta:
        model = Member
        fields = ["name", "job_title", "bio"]
        field_classes = {"name": LineField, "bio": LinesField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 6}),
        }
        labels = {"name": "Your name", "bio": "About you"}
        help_texts = {"bio": "What you work on and what others may ask you about. At most 600 characters."}
        error_messages = {"name": {"required": "Write your name."}}

    clean_name = SignUpDetailsForm.clean_name
    clean_job_title = SignUpDetailsForm.clean_job_title


class MailForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["mail_replies", "mail_mentions", "mail_events", "mail_introductions"]
        labels = {
            "mail_replies": "Replies to what I started or wrote",
            "mail_mentions": "Mentions of me",
            "mail_events": "Events that I registered for",
            "mail_introductions": "Introductions",
        }


class VerificationForm(forms.Form):
    organisation = organisation_field(help_text="The public body or supplier that you work for.")


class EraseForm(forms.Form):
    """Asks for the password, so that nobody else can do it in an open browser."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Write your password."},
    )

    def __init__(self, *args, member: Member, **kwargs):
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not self.member.check_password(password):
            raise forms.ValidationError("This is not your password. Try again.")
        return password

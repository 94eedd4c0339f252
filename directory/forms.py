"""What people type into the directory. The rules of a text are the action's; a form shows its refusals by the field."""

from django import forms
from django.core.exceptions import ValidationError

from lib.forms import ListField, NeededField, TagsField, TokenForm, show_refusal

from .actions import listings
from .models import Introduction
from .models.listings import MAX_LINES, MAX_TOPICS, OPEN_TO_MAX_LENGTH, WORKS_ON_MAX_LENGTH

NUMBER = {
    "invalid": "Write a whole number, without letters.",
    "min_value": "Write %(limit_value)d or more.",
    "max_value": "Write %(limit_value)d or less.",
}

NAMED_ELSEWHERE = (
    "Your posts in spaces that supplier members read carry your name, role and organisation. "
    "Who compares will know you."
)


def _text(label: str, help_text: str = "", rows: int = 0, *, field=forms.CharField, **kwargs):
    """A text whose limits the action checks, so that it can say by how much it is too long."""
    kwargs.setdefault("widget", forms.Textarea({"rows": rows}) if rows else forms.TextInput())
    return field(label=label, help_text=help_text, strip=False, required=False, **kwargs)


class TopicsField(TagsField):
    """A listing's tags. Every listing needs one."""

    is_needed = True

    def __init__(self, **kwargs):
        super().__init__(label="Topics", required=False, **kwargs)


class ListingForm(forms.Form):
    """A supplier's listing. Nothing is needed to save it; what is missing is said when it is sent."""

    strapline = _text(
        "In one line",
        "What you do and for whom, in up to 140 characters. It stands in the list.",
        widget=forms.TextInput({"maxlength": 140}),
    )
    description = _text(
        "Description",
        "What you offer, how it works, and for whom it is not. Up to 3,000 characters. "
        "Leave an empty line between paragraphs.",
        rows=10,
    )
    topics = TopicsField(
        help_text=f"Up to {MAX_TOPICS}, with commas between them, for example: housing, case-management."
    )
    people = forms.IntegerField(
        label="People who work for you",
        required=False,
        min_value=1,
        max_value=2_000_000,
        help_text="Your size in the list follows from it.",
        error_messages=NUMBER,
    )
    founded = forms.IntegerField(
        label="Founded in",
        required=False,
        min_value=1700,
        max_value=2200,
        help_text="A year, for example 2014.",
        error_messages=NUMBER,
    )
    frameworks = ListField(
        label="Frameworks",
        required=False,
        help_text=f"By which councils can buy from you, one a line, up to {MAX_LINES}. For example: G-Cloud 14.",
    )
    clients = ListField(
        label="Clients",
        required=False,
        help_text=f"Public bodies that agree to be named, one a line, up to {MAX_LINES}.",
    )
    security = ListField(
        label="Security",
        required=False,
        help_text="Certificates you hold now, one a line. For example: Cyber Essentials Plus.",
    )
    prices = _text(
        "Prices",
        "How the charge is worked out and where it begins, in up to 300 characters. “On request” is not enough.",
        rows=3,
    )
    website = forms.URLField(
        label="Website",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Write a web address such as https://www.company.co.uk."},
    )
    contact_name = _text("Contact: name", "Shown only to officers who were introduced to you, and to moderators.")
    contact_email = forms.EmailField(
        label="Contact: e-mail address",
        required=False,
        help_text="Shown to the same people only.",
        error_messages={"invalid": "Write an e-mail address such as name@company.co.uk."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("frameworks", "clients", "security"):
            self.fields[name].widget.attrs["rows"] = 3
        for name in listings.NEEDED:
            # For sending it: the label does not call it optional.
            self.fields[name].is_needed = True  # type: ignore[attr-defined]

    def clean(self):
        """All that is wrong at once, also where a field of its own (an address, a number) keeps the action away."""
        try:
            listings.clean(self.cleaned_data)
        except ValidationError as error:
            show_refusal(self, error)
        if "send" in self.data:
            for name, words in listings.missing(self.cleaned_data).items():
                if name not in self.errors:
                    self.add_error(name, words)
        return self.cleaned_data


class OfficerListingForm(forms.Form):
    works_on = _text(
        "What you work on, and what you want to hear about",
        f"Up to {WORKS_ON_MAX_LENGTH} characters.",
        rows=5,
        field=NeededField,
    )
    topics = TopicsField(help_text=f"Up to {MAX_TOPICS}, with commas between them, for example: housing, data.")
    open_to = _text(
        "Which introductions you want, and which you don’t",
        f"Suppliers read this before they ask. Up to {OPEN_TO_MAX_LENGTH} characters.",
    )
    accepts = forms.BooleanField(
        label="Suppliers may ask for an introduction",
        required=False,
        help_text="A moderator reads each request before you do. You can stop this at any time.",
    )
    show_name = forms.BooleanField(
        label="Show my name",
        required=False,
        help_text="To officers and to suppliers’ members. Without it they see your role and organisation only.",
    )
    show_email = forms.BooleanField(
        label="Show my e-mail address to other officers",
        required=False,
        help_text="Suppliers’ members get it only when you accept their request, or write to them.",
    )

    def __init__(self, *args, is_named_elsewhere: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_named_elsewhere:
            self.fields["show_name"].help_text += f" {NAMED_ELSEWHERE}"


class ChangeForm(forms.Form):
    """A draft or a returned request."""

    purpose = _text(
        "What for, in one line",
        f"Up to {Introduction.PURPOSE_MAX_LENGTH} characters, for example: Case work for damp and mould.",
        widget=forms.TextInput({"maxlength": Introduction.PURPOSE_MAX_LENGTH}),
        field=NeededField,
    )
    message = _text(
        "Your message",
        "Why this officer, what they would get from it, and how long it takes. "
        f"Up to {Introduction.MESSAGE_MAX_LENGTH:,} characters.",
        rows=9,
        field=NeededField,
    )


class AskForm(TokenForm, ChangeForm):
    """A request to meet: a supplier's to an officer, or an officer's to a supplier."""


class AskSupplierForm(AskForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "message"
        ].help_text = (
            f"What you work on and what you would like to know. Up to {Introduction.MESSAGE_MAX_LENGTH:,} characters."
        )


class AnswerForm(forms.Form):
    words = _text("Your words to the supplier", rows=4)

    def __init__(self, *args, hint: str = "", label: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"].help_text = hint
        self.fields["words"].label = label or self.fields["words"].label

"""What people type into the community. The rules of a text are the action's; a form only shows them by its fields."""

from django import forms
from django.conf import settings

from lib.forms import NeededField, TagsField, TokenForm
from members.access import visible_members
from members.models import Member

from .actions.texts import MAX_TAGS
from .models import SpaceMembership, SpacePage
from .models.posts import REASON_MAX_LENGTH
from .models.threads import TITLE_MAX_LENGTH


class SourceField(NeededField):
    """Markdown. Without limits of its own, so that the action can say by how much it is too long."""

    def __init__(self, **kwargs):
        attrs = {"rows": 8, "class": "composer-text", "data-mentions": ""}
        super().__init__(strip=False, required=False, widget=forms.Textarea(attrs=attrs), **kwargs)


class TitleField(NeededField):
    def __init__(self, **kwargs):
        attrs = {"maxlength": TITLE_MAX_LENGTH, "autocomplete": "off"}
        super().__init__(label="Title", required=False, widget=forms.TextInput(attrs=attrs), **kwargs)


def tags_field() -> TagsField:
    return TagsField(
        label="Tags",
        required=False,
        help_text=f"Up to {MAX_TAGS}, with commas between them, such as cyber, shared-services. "
        "You can leave this empty.",
    )


class ReplyForm(TokenForm):
    source = SourceField(label="Your reply", help_text="You can use Markdown. Mention people with @.")
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class StartForm(TokenForm):
    title = TitleField(help_text="What you want to know or share, in one line.")
    source = SourceField(
        label="Your post", help_text=f"You can use Markdown. Up to {settings.POST_MAX_LENGTH:,} characters."
    )
    tags = tags_field()


class EditThreadForm(forms.Form):
    title = TitleField()
    tags = tags_field()


class EditPostForm(forms.Form):
    source = SourceField(label="Your post", help_text="Earlier versions stay readable in the post's history.")


class DeletePostForm(forms.Form):
    reason = NeededField(
        label="Why do you remove it?",
        help_text="Its author and everyone who may read the thread will see this.",
        widget=forms.TextInput({"maxlength": REASON_MAX_LENGTH}),
        required=False,
    )


class InviteForm(forms.Form):
    """Names a member by handle, so that nobody has to know an address."""

    member = forms.CharField(label="Handle", help_text="For example @ben-hartley. It is on the member’s profile.")
    role = forms.ChoiceField(
        choices=SpaceMembership.Role.choices,
        initial=SpaceMembership.Role.MEMBER,
        help_text="Organisers can invite and remove members.",
    )

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_member(self) -> Member:
        handle = self.cleaned_data["member"].strip().removeprefix("@").lower()
        if found := visible_members(self.viewer).filter(handle=handle, is_active=True).first():
            return found
        raise forms.ValidationError("There is no member with this handle. Check it and try again.")


class ReadersForm(forms.ModelForm):
    """Who may read a space and post in it."""

    class Meta:
        model = SpacePage
        fields = SpacePage.DECIDED
        widgets = dict.fromkeys(SpacePage.DECIDED, forms.RadioSelect)

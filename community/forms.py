"""What people type into the community. The rules of a text are the action's; a form only shows them by its fields."""

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from cdoforum.lib import mistakes

from .actions.writing import MAX_TAGS
from .models.posts import REASON_MAX_LENGTH
from .models.threads import TITLE_MAX_LENGTH

TOO_OLD = "This form is too old. Check your text and send it again."


class NeededField(forms.CharField):
    """Not "(optional)" on the page, though the action and not the field says that it is missing."""

    is_needed = True


class SourceField(NeededField):
    """Markdown. Without limits of its own, so that the action can say by how much it is too long."""

    def __init__(self, **kwargs):
        attrs = {"rows": 8, "class": "composer-text", "data-mentions": ""}
        super().__init__(strip=False, required=False, widget=forms.Textarea(attrs=attrs), **kwargs)


class TitleField(NeededField):
    def __init__(self, **kwargs):
        attrs = {"maxlength": TITLE_MAX_LENGTH, "autocomplete": "off"}
        super().__init__(label="Title", required=False, widget=forms.TextInput(attrs=attrs), **kwargs)


class TagsField(forms.CharField):
    def __init__(self, **kwargs):
        kwargs.setdefault("label", "Tags")
        kwargs.setdefault(
            "help_text",
            f"Up to {MAX_TAGS}, with commas between them, such as cyber, shared-services. You can leave this empty.",
        )
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [tag for tag in (super().to_python(value) or "").split(",") if tag.strip()]


class ActionForm(forms.Form):
    """A form whose submit is one action. What the action refuses is shown beside the field that it is about."""

    def add_refusal(self, error: ValidationError):
        mistakes.show(error, self)


class ComposerForm(ActionForm):
    """A form that creates something: its token makes sure that it does so once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": TOO_OLD, "invalid": TOO_OLD})

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("token", uuid.uuid4())
        super().__init__(*args, **kwargs)

    def clean(self):
        self._mend_hidden_fields()
        return super().clean()

    def add_refusal(self, error: ValidationError):
        super().add_refusal(error)
        self._mend_hidden_fields()

    def _mend_hidden_fields(self):
        """What is wrong in a hidden field, nobody can put right: the form comes back with a sound value there."""
        wrong = {field.name for field in self.hidden_fields()} & set(self.errors)
        if wrong:
            sound = {name: self.get_initial_for_field(self.fields[name], name) or "" for name in wrong}
            self.data = {**dict(self.data.items()), **sound}


class ReplyForm(ComposerForm):
    source = SourceField(label="Your reply", help_text="You can use Markdown. Mention people with @.")
    reply_to = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class StartForm(ComposerForm):
    title = TitleField(help_text="What you want to know or share, in one line.")
    source = SourceField(
        label="Your post", help_text=f"You can use Markdown. Up to {settings.POST_MAX_LENGTH:,} characters."
    )
    tags = TagsField()


class EditThreadForm(ActionForm):
    title = TitleField()
    tags = TagsField()


class EditPostForm(ActionForm):
    source = SourceField(label="Your post", help_text="Earlier versions stay readable in the post's history.")


class DeletePostForm(ActionForm):
    reason = NeededField(
        label="Why do you remove it?",
        help_text="Its author and everyone who may read the thread will see this.",
        widget=forms.TextInput({"maxlength": REASON_MAX_LENGTH}),
        required=False,
    )

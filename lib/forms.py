"""Forms whose submit is one action. The rules of a text are the action's: a form shows its refusals by the field."""

import uuid
from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse
from django.shortcuts import render

from . import text
from .access import Denied

T = TypeVar("T")

TOO_OLD = "This form is too old. Check your text and send it again."


# --- From the browser to an action, and back ------------------------------------------------------


def posted(request):
    """A form's data, or None: also when nothing at all was filled in, which is not the same as nothing sent."""
    return request.POST if request.method == "POST" else None


def submit(request, form: forms.BaseForm, action: Callable[..., T]) -> T | None:
    """Calls the action with what was typed, once it is sent and sound. → what it made; None: show the form.

    What the action refuses stands in the form then, with all that was typed: a ValidationError beside its fields,
    Denied above them. form_page() answers with the status that fits.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return action(**form.cleaned_data)
    except (ValidationError, Denied) as refusal:
        show_refusal(form, refusal)
    return None


def show_refusal(form: forms.BaseForm, refusal: ValidationError | Denied):
    """Puts each error beside the field that it is about; above the form, where the form has no such field."""
    if isinstance(refusal, Denied):
        form.add_error(None, refusal.reason)
        form.status = refusal.status  # type: ignore[attr-defined] # of ours, for status_of()
        return
    known = refusal.error_dict if hasattr(refusal, "error_dict") else {None: refusal.error_list}
    for field, errors in known.items():
        form.add_error(field if field in form.fields else None, errors)
    if isinstance(form, TokenForm):
        form.repair_hidden_fields()


def status_of(form: forms.BaseForm) -> int:
    """The status of a page with this form: 200; 422 with errors in it; 403, or what Denied says, for a no."""
    return getattr(form, "status", 422) if form.errors else 200


def form_page(request, template: str, form: forms.BaseForm, **context) -> HttpResponse:
    """The page that shows the form, and what is wrong with it."""
    return render(request, template, {"form": form, **context}, status=status_of(form))


class TokenForm(forms.Form):
    """A form that creates something: its token makes sure that it does so once, however often it is sent."""

    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": TOO_OLD, "invalid": TOO_OLD})

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("initial", {}).setdefault("token", uuid.uuid4())
        super().__init__(*args, **kwargs)

    def clean(self):
        self.repair_hidden_fields()
        return super().clean()

    def repair_hidden_fields(self):
        """Nobody can correct what is wrong in a hidden field: the form comes back with a sound value there."""
        wrong = {field.name for field in self.hidden_fields()} & set(self.errors)
        if wrong:
            sound = {name: self.get_initial_for_field(self.fields[name], name) or "" for name in wrong}
            self.data = {**dict(self.data.items()), **sound}


# --- Fields ---------------------------------------------------------------------------------------


class NeededField(forms.CharField):
    """Not "(optional)" on the page, though the action and not the field says that it is missing."""

    is_needed = True


class TagsField(forms.CharField):
    """tag, tag, tag ↔ a list."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [tag for tag in (super().to_python(value) or "").split(",") if tag.strip()]


class ListField(forms.CharField):
    """One a line ↔ a list."""

    widget = forms.Textarea

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in (super().to_python(value) or "").splitlines() if line.strip()]


class LineField(forms.CharField):
    """One line, without what nobody sees. What holds nothing else is empty, and refused where something is required."""

    cleaned_by = staticmethod(text.one_line)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.validators = [one for one in self.validators if not isinstance(one, MaxLengthValidator)]

    def clean(self, value):
        cleaned = self.cleaned_by(super().clean(value))
        if self.required and not cleaned:
            raise ValidationError(self.error_messages["required"], code="required")
        if self.max_length is not None:
            text.check_length(cleaned, self.max_length)
        return cleaned


class LinesField(LineField):
    """As LineField, for text of several lines."""

    cleaned_by = staticmethod(text.many_lines)

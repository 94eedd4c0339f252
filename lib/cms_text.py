"""What editors type into the CMS, cleaned as all text from people is (lib/text.py)."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.fields import RichTextField, StreamField

from . import text


class CleanText:
    """For a page or a setting, before its model: its text is cleaned on every road that saves it."""

    _meta: Any  # the model's

    def clean(self):
        emptied = {}
        for field in self._meta.concrete_fields:
            value = getattr(self, field.attname)
            if isinstance(field, StreamField):
                setattr(self, field.attname, field.to_python(_cleaned(value.get_prep_value())))
            elif isinstance(field, RichTextField):
                setattr(self, field.attname, text.seen(value))
            elif isinstance(field, models.CharField | models.TextField) and value:
                clean = text.many_lines if isinstance(field, models.TextField) else text.one_line
                cleaned = clean(value)
                setattr(self, field.attname, cleaned)
                if field.editable and not (cleaned or field.blank):
                    emptied[field.name] = field.error_messages["blank"]
        if emptied:
            raise ValidationError(emptied)
        super().clean()  # type: ignore[misc]


def _cleaned(value: Any) -> Any:
    """A stream field's value as it is stored: blocks in lists and mappings, and their words."""
    if isinstance(value, str):
        return text.seen(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value

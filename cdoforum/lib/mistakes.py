"""All that is wrong with a form at once, where each check knows only its own field."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from django.core.exceptions import ValidationError
from django.forms import BaseForm

P = ParamSpec("P")
T = TypeVar("T")


class Mistakes:
    """Goes on after a check that refuses. The end of the block raises one ValidationError with what all of them said.

    with Mistakes() as mistakes:
        title = mistakes.of(clean_title, title)
        tags = mistakes.of(clean_tags, tags)
    """

    def __init__(self):
        self._found: dict = {}

    def __enter__(self) -> "Mistakes":
        return self

    def __exit__(self, kind, *_):
        if kind is None and self._found:
            raise ValidationError(self._found)

    def of(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the check answers; None when it refuses, and then nothing after the block is reached."""
        try:
            return check(*args, **kwargs)
        except ValidationError as error:
            self._found = error.update_error_dict(self._found)
            return cast(T, None)


def show(error: ValidationError, form: BaseForm):
    """Puts each mistake beside the field that it is about; above the form, where the form has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)

"""All that is wrong at once, where each check knows only its own field."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError


@contextmanager
def all_errors() -> Iterator[Callable[..., Any]]:
    """Goes on after a check that refuses. The end of the block raises one ValidationError with what all of them said.

    with all_errors() as check:
        title = check(clean_title, title)
        tags = check(clean_tags, tags)

    `check` answers None where its function refused; nothing after the block is reached then.
    """
    found: dict = {}

    def check(function: Callable, *args, **kwargs):
        nonlocal found
        try:
            return function(*args, **kwargs)
        except ValidationError as error:
            found = error.update_error_dict(found)

    yield check
    if found:
        raise ValidationError(found)

"""How every app says no."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied


class Denied(PermissionDenied):
    """The viewer may see the object, but not do this to it; `reason` is a sentence a person can read.

    What the viewer may not even see is never Denied: it is absent (Http404, or the model's DoesNotExist),
    so that forbidden and non-existent look the same from outside.
    """

    status = 403  # of the page that says so

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def refusal(check: Callable, *args) -> str:
    """Why a check is not passed, in a sentence to read; empty when it is. The action checks again."""
    try:
        check(*args)
    except Denied as denied:
        return denied.reason
    return ""


def allows(check: Callable, *args) -> bool:
    """Whether a check is passed: for showing or hiding a button."""
    return not refusal(check, *args)

"""The one exception by which every app says no."""

from django.core.exceptions import PermissionDenied


class Denied(PermissionDenied):
    """The viewer may see the object, but not do this to it; `reason` is a sentence a person can read.

    What the viewer may not even see is never Denied: it is absent (Http404, or the model's DoesNotExist),
    so that forbidden and non-existent look the same from outside.
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason

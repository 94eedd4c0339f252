"""The states of a thing, and which of them lead to which."""

from django.db import models


class States(models.TextChoices):
    """Choices of a status field with one rule of moving: thing.Status(thing.status).may_become(other)."""

    @classmethod
    def moves(cls) -> dict:
        """State → the states that may follow it. What is left out is an end."""
        raise NotImplementedError

    def may_become(self, other) -> bool:
        return other in self.moves().get(self, ())

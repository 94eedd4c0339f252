"""Mails about an account, which are owed to an address and not to what happened: to confirm it, to reset a password."""

from django.db import models
from django.db.models import Q


class Letter(models.Model):
    """One such mail, as it was written when it was asked for. Its words go once it is sent: they hold a key."""

    name = models.CharField(max_length=60)  # of its templates, under templates/emails/
    address = models.CharField(max_length=254)
    content = models.JSONField(default=dict)  # subject, body, html; empty once it is sent
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(name="letter_owed", fields=["next_attempt_at"], condition=Q(sent_at__isnull=True)),
            models.Index(name="letter_lately", fields=["address", "name", "created_at"]),
        ]

    def __str__(self):
        return f"{self.name} {self.pk}"

"""Introductions: a request to meet, from draft to outcome."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from lib.states import States
from members.models.activity import REASON_MAX_LENGTH


class Introduction(models.Model):
    """One request between a supplier and an officer.

    A supplier's request goes by a moderator to the officer; only the officer's yes shows each the other's contact
    details. An officer's own request to a supplier needs neither: the officer gives the details by asking, so it is
    ACCEPTED from the start.
    """

    class Direction(models.TextChoices):
        TO_OFFICER = "to_officer", "A supplier asks an officer"
        TO_SUPPLIER = "to_supplier", "An officer asks a supplier"

    class Status(States):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "With a moderator"
        RETURNED = "returned", "Returned"
        REJECTED = "rejected", "Rejected"
        FORWARDED = "forwarded", "With the officer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        NOT_NOW = "not_now", "Not now"
        WITHDRAWN = "withdrawn", "Withdrawn"
        EXPIRED = "expired", "Expired"

        @classmethod
        def moves(cls):
            """Who may make which of them, access says."""
            return {
                cls.DRAFT: {cls.SUBMITTED, cls.WITHDRAWN},
                cls.SUBMITTED: {cls.FORWARDED, cls.RETURNED, cls.REJECTED, cls.WITHDRAWN},
                cls.RETURNED: {cls.SUBMITTED, cls.WITHDRAWN},
                cls.FORWARDED: {cls.ACCEPTED, cls.DECLINED, cls.NOT_NOW, cls.WITHDRAWN, cls.EXPIRED},
            }

    OPEN = frozenset({Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.FORWARDED})
    CHANGEABLE = frozenset({Status.DRAFT, Status.RETURNED})  # by who asks
    NEED_WORDS = frozenset({Status.RETURNED, Status.REJECTED})

    PURPOSE_MAX_LENGTH = 140
    MESSAGE_MAX_LENGTH = 2000
    WORDS_MAX_LENGTH = REASON_MAX_LENGTH  # a moderator's are the reason in the audit trail as well

    direction = models.CharField(max_length=12, choices=Direction.choices, default=Direction.TO_OFFICER)
    supplier = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="introductions")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="introductions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="introductions_asked")
    described_as = models.CharField(max_length=240)  # role and organisation, as the supplier saw them when asking
    purpose = models.CharField(max_length=PURPOSE_MAX_LENGTH)
    message = models.TextField(max_length=MESSAGE_MAX_LENGTH)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    token = models.UUIDField()  # of the form it was asked with: the same form sent twice asks once
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when it reached its status
    submitted_at = models.DateTimeField(null=True, blank=True)  # the first time: this is what the quota counts
    forwarded_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)  # then it closes by itself

    class Meta:
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(name="introduction_token_once", fields=["asked_by", "token"]),
            models.UniqueConstraint(
                name="introduction_one_open",
                fields=["supplier", "officer"],
                condition=Q(status__in=["draft", "submitted", "returned", "forwarded"]),
            ),
            models.CheckConstraint(
                name="introduction_direction",
                condition=(Q(direction="to_officer") & ~Q(asked_by=F("officer")))
                | Q(direction="to_supplier", asked_by=F("officer"), status="accepted"),
            ),
            models.CheckConstraint(
                name="introduction_steps",
                condition=Q(status="draft", submitted_at__isnull=True, forwarded_at__isnull=True)
                | Q(
                    status__in=["submitted", "returned", "rejected"],
                    submitted_at__isnull=False,
                    forwarded_at__isnull=True,
                )
                | Q(
                    status__in=["forwarded", "accepted", "declined", "not_now", "expired"],
                    direction="to_officer",
                    submitted_at__isnull=False,
                    forwarded_at__isnull=False,
                    answer_by__isnull=False,
                )
                | Q(status="withdrawn")
                | Q(direction="to_supplier", submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="introduction_queue", fields=["submitted_at"], condition=Q(status="submitted")),
            models.Index(name="introduction_due", fields=["answer_by"], condition=Q(status="forwarded")),
            models.Index(name="introduction_quota", fields=["supplier", "submitted_at"]),
        ]

    def __str__(self):
        return f"Introduction {self.pk}"  # no names: this ends up in logs

    def get_absolute_url(self):
        return reverse("directory:introduction", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def version(self) -> str:
        """Another one each time it is sent: so that what is decided about is what was read."""
        return self.moved_at.isoformat()

    @property
    def asks_officer(self) -> bool:
        return self.direction == self.Direction.TO_OFFICER


class IntroductionStep(models.Model):
    """A status which an introduction reached, with what was said. Rows are only ever added."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(max_length=10, choices=Introduction.Status.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(max_length=Introduction.WORDS_MAX_LENGTH, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="introduction_no_without_reason", condition=~Q(status__in=["returned", "rejected"]) | ~Q(words="")
            )
        ]

    def __str__(self):
        return f"introduction {self.introduction_id} {self.status}"

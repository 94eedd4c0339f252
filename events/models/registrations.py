"""Registrations, which are places at events, and what happened to an event apart from its page."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lib.states import States

REASON_MAX_LENGTH = 300  # characters


class EventState(models.Model):
    """What happened to a published event. Not in its page, whose row each publication overwrites."""

    event = models.OneToOneField("events.EventPage", on_delete=models.CASCADE, primary_key=True, related_name="state")
    told = models.JSONField(default=dict)  # EventPage.facts as registered people know them
    sequence = models.PositiveIntegerField(default=0)  # iCalendar's: raised when time or place change
    changed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)  # why it was cancelled, as people read it

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_cancelled_by_somebody",
                condition=Q(cancelled_at__isnull=True) | Q(cancelled_by__isnull=False),
            )
        ]

    def __str__(self):
        return f"state of event {self.event_id}"


class RegistrationQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status__in=Registration.ACTIVE)

    def registered(self):
        return self.filter(status=Registration.Status.REGISTERED)

    def waiting(self):
        """The waiting list, in order."""
        return self.filter(status=Registration.Status.WAITING).order_by("created_at", "pk")


class Registration(models.Model):
    """A member's place at an event, or on its waiting list. One who cancels and comes back gets a new row."""

    class Status(States):
        REGISTERED = "registered", "Registered"
        WAITING = "waiting", "On the waiting list"
        CANCELLED = "cancelled", "Cancelled"

        @classmethod
        def moves(cls):
            return {cls.WAITING: {cls.REGISTERED, cls.CANCELLED}, cls.REGISTERED: {cls.CANCELLED}}

    ACTIVE = frozenset({Status.REGISTERED, Status.WAITING})

    event = models.ForeignKey("events.EventPage", on_delete=models.PROTECT, related_name="registrations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="registrations")
    status = models.CharField(max_length=20, choices=Status.choices)
    token = models.UUIDField(default=uuid.uuid4)  # of the form it was sent with: sent twice, it registers once
    created_at = models.DateTimeField()  # also the place on the waiting list
    registered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="registration_active_once",
                fields=["event", "member"],
                condition=Q(status__in=["registered", "waiting"]),
            ),
            models.UniqueConstraint(name="registration_token_once", fields=["member", "token"]),
            models.CheckConstraint(
                name="registration_status_fields",
                condition=(
                    Q(status="registered", registered_at__isnull=False, cancelled_at__isnull=True)
                    | Q(status="waiting", registered_at__isnull=True, cancelled_at__isnull=True)
                    | Q(status="cancelled", cancelled_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="registration_not_before_created",
                condition=Q(registered_at__isnull=True) | Q(registered_at__gte=F("created_at")),
            ),
        ]
        indexes = [models.Index(fields=["event", "status", "created_at"], name="registration_queue")]

    def __str__(self):
        return f"registration of member {self.member_id} for event {self.event_id}"

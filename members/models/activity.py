"""What happened, who is to be told, and what is still owed."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

REASON_MAX_LENGTH = 1000  # characters


def verb_in_words(verb: str) -> str:
    """ "Member: verification declined" for "member.verification_declined"."""
    noun, _, past = verb.partition(".")
    return f"{noun.capitalize()}: {past.replace('_', ' ')}"


class ActivityQuerySet(models.QuerySet):
    def with_target(self, target: models.Model):
        """What happened to one thing."""
        kind = ContentType.objects.get_for_model(target, for_concrete_model=True)
        return self.filter(target_type=kind, target_id=target.pk)

    def with_any_target(self, targets: models.QuerySet):
        """What happened to things of one model."""
        kind = ContentType.objects.get_for_model(targets.model, for_concrete_model=True)
        return self.filter(target_type=kind, target_id__in=targets.values("pk"))


class Activity(models.Model):
    """Who did what to what, and when. Rows are only ever added: they are the audit trail.

    `announced_at` and the two fields after it are the book-keeping of telling people (members/inbox/).
    """

    verb = models.CharField(max_length=60)  # "post.replied": one that an app declares in its notifications.py
    actor = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    data = models.JSONField(default=dict, blank=True)  # ids and short facts; never texts or addresses
    # What a moderator wrote to the person it concerns; cleared when that person's account is erased.
    reason = models.TextField(max_length=REASON_MAX_LENGTH, blank=True)
    created_at = models.DateTimeField(db_index=True)

    announced_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["target_type", "target_id"]),
            models.Index(name="activity_owed", fields=["next_attempt_at"], condition=Q(announced_at__isnull=True)),
        ]

    def __str__(self):
        return f"{self.verb} {self.target_id}"

    @property
    def in_words(self) -> str:
        return verb_in_words(self.verb)


class Notification(models.Model):
    """What a member is told in the inbox. While they are unread, those with the same key are one with a count."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="notifications")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="notifications")  # the latest
    collapse_key = models.CharField(max_length=60)  # "thread:12:replies"
    count = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="notification_unread_once", fields=["member", "collapse_key"], condition=Q(read_at__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["member", "-updated_at"])]

    def __str__(self):
        return f"{self.collapse_key} for member {self.member_id}"


class Mail(models.Model):
    """An e-mail that a member is owed. Its words are made, and access is asked again, when it is sent."""

    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="mails")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="mails")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)  # access, preference or account went before it was sent
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="mail_once", fields=["member", "activity"])]
        indexes = [
            models.Index(
                name="mail_owed",
                fields=["next_attempt_at"],
                condition=Q(sent_at__isnull=True, cancelled_at__isnull=True),
            )
        ]

    def __str__(self):
        return f"mail about activity {self.activity_id} for member {self.member_id}"

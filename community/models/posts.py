"""Posts and their revisions."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from members.models.people import Byline

from .threads import Thread, page_of

REASON_MAX_LENGTH = 300  # characters


class Post(models.Model):
    """A message in a thread. `html` and `text` are made from `source` when it is written (lib/markup.py).

    A deleted post keeps its place and its number, and shows a mark instead of its words.
    """

    # db_index=False, here and below: an index or constraint in Meta begins with this column.
    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="posts", db_index=False)
    number = models.PositiveIntegerField()  # its place in the thread: 1…N without gaps
    version = models.PositiveIntegerField()  # the thread's version at the latest change of this post
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts", db_index=False)
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    source = models.TextField()  # Markdown, as it was typed
    html = models.TextField()
    text = models.TextField()  # the words of it, for search and excerpts
    token = models.UUIDField()  # of the form it was sent with: the same form sent twice posts once
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    revision_count = models.PositiveIntegerField(default=0)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    deletion_reason = models.CharField(max_length=REASON_MAX_LENGTH, blank=True)  # a moderator's, shown with the mark

    class Meta:
        ordering = ["thread", "number"]
        constraints = [
            models.UniqueConstraint(name="post_number_once", fields=["thread", "number"]),
            models.UniqueConstraint(name="post_token_once", fields=["author", "token"]),
            models.CheckConstraint(name="post_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="post_deleted_by_somebody", condition=Q(deleted_at__isnull=True) | Q(deleted_by__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["thread", "version"], name="post_changes"),
            models.Index(fields=["author", "-created_at"], name="post_by_author"),
        ]

    def __str__(self):
        return f"post {self.number} of thread {self.thread_id}"

    def get_absolute_url(self):
        return reverse("community:post", args=[self.pk])

    @property
    def url_in_thread(self) -> str:
        """Where it stands in its thread, which stays the same for ever."""
        return self.thread.url_of(self.number)

    @property
    def reply_form_url(self) -> str:
        """Where a reply to it is written: below the page on which it stands."""
        return f"{self.thread.get_absolute_url()}?page={page_of(self.number)}&reply={self.number}#reply"

    @cached_property
    def byline(self) -> Byline:
        """Who speaks here. The only way by which an author's name leaves the database."""
        return self.author.byline

    @property
    def reply_to_number(self) -> int | None:
        return self.reply_to.number if self.reply_to_id else None

    @property
    def reply_to_url(self) -> str:
        return self.thread.url_of(self.reply_to.number) if self.reply_to_id else ""

    @property
    def was_removed(self) -> bool:
        """Deleted by somebody other than its author, that is, by a moderator."""
        return self.deleted_at is not None and self.deleted_by_id != self.author_id


class PostRevision(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    source = models.TextField()
    html = models.TextField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # who replaced it
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["post", "number"]
        constraints = [models.UniqueConstraint(name="post_revision_once", fields=["post", "number"])]

    def __str__(self):
        return f"revision {self.number} of post {self.post_id}"

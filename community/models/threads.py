"""Threads: discussions in a space."""

from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from members.models.people import Byline

TITLE_MAX_LENGTH = 150
RESERVED_SLUGS = {
    "changes",
    "reply",
    "edit",
    "pin",
    "lock",
    "mentionable",
    "read",
}  # the addresses below /threads/<id>/


class Tag(TagBase):
    """What a thread is about, in lower case with hyphens. The forum's own, apart from tags of events and listings."""

    class Meta:
        verbose_name = "thread tag"


class ThreadTag(ItemBase):
    content_object = models.ForeignKey("community.Thread", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="threads")

    class Meta:
        constraints = [models.UniqueConstraint(name="thread_tag_once", fields=["content_object", "tag"])]


class Thread(models.Model):  # type: ignore[django-manager-missing] # taggit's manager is one
    """A discussion. Its posts are numbered 1…post_count without gaps.

    `version` grows by one, under this row's lock, with each change that readers see (docs/architecture.md).
    """

    # db_index=False, here and below: an index or constraint in Meta begins with this column.
    space = models.ForeignKey("community.SpacePage", on_delete=models.PROTECT, related_name="threads", db_index=False)
    title = models.CharField(max_length=TITLE_MAX_LENGTH)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="threads")
    tags = TaggableManager(through=ThreadTag, blank=True)
    tag_names = models.JSONField(default=list, editable=False)  # the tags again, so that a list needs no query for them
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    post_count = models.PositiveIntegerField(default=1)
    last_post_at = models.DateTimeField()
    last_post_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pinned_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)

    unread_count: int  # for one viewer: queries.with_unread() sets it

    class Meta:
        ordering = ["-last_post_at", "-pk"]
        indexes = [
            models.Index(fields=["space", "-last_post_at", "-id"], name="thread_in_space_latest"),
            models.Index(fields=["-last_post_at", "-id"], name="thread_latest"),
            models.Index(fields=["space"], name="thread_pinned", condition=Q(pinned_at__isnull=False)),
        ]
        constraints = [models.CheckConstraint(name="thread_has_a_post", condition=Q(post_count__gte=1, version__gte=1))]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/threads/{self.pk}/{self.slug}/"  # reverse() would take a tenth of the time of a page of many threads

    @property
    def slug(self) -> str:
        slug = slugify(self.title)[:80].strip("-") or "thread"
        return f"{slug}-thread" if slug in RESERVED_SLUGS else slug

    @cached_property
    def byline(self) -> Byline:
        """Who started it."""
        return self.author.byline

    @property
    def topic(self) -> str:
        """What tabs watch to hear of this thread."""
        return f"thread:{self.pk}"

    @property
    def pages(self) -> int:
        return page_of(self.post_count)

    def url_of(self, number: int) -> str:
        """The address of a post of this thread, which stays the same for ever."""
        page = page_of(number)
        return f"{self.get_absolute_url()}{f'?page={page}' if page > 1 else ''}#post-{number}"


def page_of(number: int) -> int:
    """The page on which the post with this number stands. Posts are never removed, so it never changes."""
    return max(1, -(-number // settings.POSTS_PER_PAGE))


class ReadMarker(models.Model):
    """How far a member has read a thread: up to and with the post of this number."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_markers", db_index=False
    )
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="read_markers")
    number = models.PositiveIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="read_marker_once", fields=["member", "thread"])]

    def __str__(self):
        return f"member {self.member_id} read thread {self.thread_id} up to {self.number}"

"""What suppliers say of themselves, and what officers wish to hear about."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from taggit.managers import TaggableManager
from wagtail.search import index

from lib.states import States

MAX_TOPICS = 8
MAX_LINES = 12
WORKS_ON_MAX_LENGTH = 600
OPEN_TO_MAX_LENGTH = 300
LINE_MAX_LENGTH = 120


def validate_lines(value):
    """A list of short texts, as typed one a line. Raises ValidationError."""
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise ValidationError("Write one a line.")
    if len(value) > MAX_LINES:
        raise ValidationError(f"There are {len(value)} lines; there can be {MAX_LINES}.")
    for line in value:
        if len(line) > LINE_MAX_LENGTH:
            raise ValidationError(f"“{line[:40]}…” has {len(line)} characters; a line can have {LINE_MAX_LENGTH}.")


class SupplierListing(index.Indexed, models.Model):
    """A supplier's entry in the directory. Every supplier has the same fields and the same room.

    The fields from `strapline` to `contact_email`, with `topics`, are what the public reads, once a moderator has
    approved them. What the supplier's members write goes into `proposal` and waits there, so an approved text stays
    public while its change is read. `status` is the proposal's; whether there is a public text, `approved_at` says.
    """

    class Status(States):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for a moderator"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"

        @classmethod
        def moves(cls):
            return {
                cls.DRAFT: {cls.SUBMITTED},
                cls.SUBMITTED: {cls.APPROVED, cls.RETURNED, cls.DRAFT},
                cls.RETURNED: {cls.DRAFT, cls.SUBMITTED},
                cls.APPROVED: {cls.DRAFT},
            }

    class Size(models.TextChoices):
        MICRO = "micro", "Micro, under 10"
        SMALL = "small", "Small, under 50"
        MEDIUM = "medium", "Medium, under 250"
        LARGE = "large", "Large, 250 or more"

    supplier = models.OneToOneField("members.Organisation", on_delete=models.PROTECT, related_name="listing")

    strapline = models.CharField("in one line", max_length=140, blank=True)
    description = models.TextField(max_length=3000, blank=True)
    size = models.CharField(max_length=10, choices=Size.choices, blank=True)  # follows from `people`
    people = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    founded = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1700)])
    frameworks = models.JSONField(default=list, blank=True, validators=[validate_lines])
    clients = models.JSONField(default=list, blank=True, validators=[validate_lines])
    security = models.JSONField(default=list, blank=True, validators=[validate_lines])
    prices = models.CharField(max_length=300, blank=True)
    website = models.URLField(blank=True)
    contact_name = models.CharField("contact: name", max_length=120, blank=True)
    contact_email = models.EmailField("contact: e-mail address", blank=True)
    topics = TaggableManager(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    proposal = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reason = models.TextField(blank=True)  # the moderator's, when returned
    submitted_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField()  # when the proposal reached its status
    created_at = models.DateTimeField()

    TEXTS = (
        *("strapline", "description", "people", "founded", "frameworks", "clients", "security"),
        *("prices", "website", "contact_name", "contact_email"),
    )

    search_fields = [
        index.SearchField("name", boost=4),
        index.SearchField("strapline", boost=2),
        index.SearchField("description"),
        index.SearchField("topic_words", boost=2),
        index.SearchField("framework_words"),
        index.FilterField("approved_at"),
    ]

    class Meta:
        verbose_name = "supplier listing"
        constraints = [
            models.CheckConstraint(
                name="listing_status", condition=Q(status__in=["draft", "submitted", "returned", "approved"])
            ),
            models.CheckConstraint(
                name="listing_returned_with_reason", condition=~Q(status="returned") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="listing_submitted_at", condition=Q(status="draft") | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="listing_public_is_complete",
                condition=Q(approved_at__isnull=True) | (Q(people__isnull=False) & ~Q(strapline="") & ~Q(size="")),
            ),
            models.CheckConstraint(
                name="listing_approved_is_public", condition=~Q(status="approved") | Q(approved_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("directory:supplier", args=[self.supplier.slug])

    @property
    def name(self) -> str:
        return self.supplier.name

    @property
    def is_public(self) -> bool:
        return self.approved_at is not None

    @property
    def version(self) -> str:
        """Another one each time it is sent: so that what is decided about is what was read."""
        return self.moved_at.isoformat()

    @property
    def has_changes_waiting(self) -> bool:
        """Whether there is a public text and another one that is not public yet."""
        return self.is_public and self.status != self.Status.APPROVED

    def topic_words(self) -> str:
        return " ".join(name.replace("-", " ") for name in self.topics.values_list("name", flat=True))

    def framework_words(self) -> str:
        return " ".join(self.frameworks)


def size_of(people: int | None) -> str:
    """The size of a company of so many people, as the facets name it."""
    Size = SupplierListing.Size
    if people is None:
        return ""
    return Size.MICRO if people < 10 else Size.SMALL if people < 50 else Size.MEDIUM if people < 250 else Size.LARGE


class OfficerListing(models.Model):
    """An officer who is in the directory by their own choice.

    Others read the role, the organisation and these texts; the name only if the officer chose so. In addresses and
    forms the listing goes by `public_id`, since the member's number would lead to the name.
    """

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer_listing")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topics = TaggableManager(blank=True)
    works_on = models.TextField(max_length=WORKS_ON_MAX_LENGTH)
    open_to = models.CharField(max_length=OPEN_TO_MAX_LENGTH, blank=True)
    show_name = models.BooleanField(default=False)
    show_email = models.BooleanField(default=False)  # to other officers
    accepts = models.BooleanField(default=True)  # requests for introductions
    opted_in_at = models.DateTimeField()
    opted_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "officer listing"
        constraints = [models.CheckConstraint(name="officer_listing_works_on", condition=~Q(works_on=""))]

    def __str__(self):
        return f"officer listing {self.public_id}"  # not the member's name: this ends up in logs and admin pages

    def get_absolute_url(self):
        return reverse("directory:officer", args=[self.public_id])

    @property
    def is_listed(self) -> bool:
        return self.opted_out_at is None

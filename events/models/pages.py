"""Events: pages that editors write, and the page that lists them."""

from datetime import datetime
from typing import TypeAlias

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from lib import links
from lib.cms_text import CleanText

from .. import in_words, zones
from ..blocks import EventBodyBlock
from .registrations import Registration

Moment: TypeAlias = "models.DateTimeField[datetime, datetime]"


class EventIndexPage(CleanText, Page):
    """/events/: the coming and past events. There is one, and every event is below it."""

    introduction = models.TextField(max_length=500, blank=True, help_text="Shown on top of the list of events.")

    max_count = 1
    parent_page_types = ["cdoforum.HomePage"]
    subpage_types = ["events.EventPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields: list = []  # found by its events
    private_page_options: list[str] = []
    show_in_menus_default = True

    class Meta:
        verbose_name = "events page"

    def get_absolute_url(self):
        return reverse("events:events")

    def serve(self, request, *args, **kwargs):
        return redirect(self.get_absolute_url())

    def serve_preview(self, request, mode_name):
        context = {"section": "events", "introduction": self.introduction, "when": "coming", "preview": True}
        return TemplateResponse(request, "events/events.html", context)


class EventTag(TagBase):
    """What an event is about. Events have tags of their own, apart from those of threads and listings."""

    free_tagging = True

    class Meta:
        verbose_name = "event tag"


class EventTagging(ItemBase):
    content_object = ParentalKey("events.EventPage", on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(EventTag, on_delete=models.CASCADE, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(name="event_tag_once", fields=["content_object", "tag"])]


class EventPage(CleanText, Page):
    """A meeting with a date. Who sees it and who may register is decided by `open_to` alone (events/access.py).

    The joining link is in none of the search fields, and no template reads it from here: views and notices pass it
    to those for whom access.may_see_joining_link says so.
    """

    class Attendance(models.TextChoices):
        IN_PERSON = "in_person", "In person"
        ONLINE = "online", "Online"
        BOTH = "both", "In person and online"

    class OpenTo(models.TextChoices):
        EVERYONE = "everyone", "Everyone"
        MEMBERS = "members", "Members"
        OFFICERS = "officers", "Officers only"

    summary = models.CharField(max_length=250, help_text="One or two sentences, shown in lists and on top of the page.")
    timezone = models.CharField(
        "time zone",
        max_length=40,
        choices=zones.CHOICES,
        default=zones.LONDON,
        help_text="The times below are those on a clock at the event, in this zone.",
    )
    # Null only while the event is an unfinished draft: what is live has been validated, so elsewhere they are known.
    starts_at: Moment = models.DateTimeField("starts", null=True, db_index=True)  # type: ignore[misc]
    ends_at: Moment = models.DateTimeField("ends", null=True, db_index=True)  # type: ignore[misc]
    attendance = models.CharField(
        "how people take part", max_length=20, choices=Attendance.choices, default=Attendance.ONLINE
    )
    venue = models.CharField(
        max_length=150, blank=True, help_text="For example “Civic Hall, Leeds”. Needed for a meeting in person."
    )
    address = models.TextField(max_length=500, blank=True, help_text="Street, town and postcode.")
    joining_url = models.URLField(
        "joining link",
        max_length=500,
        blank=True,
        help_text="Needed for a meeting online. Only people with a place see it, on this page and in their e-mail.",
    )
    body = StreamField(EventBodyBlock(), blank=True)
    tags = ClusterTaggableManager(
        through=EventTagging, blank=True, help_text="Two to four, so that people find what they care about."
    )
    open_to = models.CharField(
        "open to",
        max_length=20,
        choices=OpenTo.choices,
        default=OpenTo.MEMBERS,
        help_text="Who sees this event and can register. Everyone: the page is public, and members register. "
        "Officers only: nobody else learns of it.",
    )
    capacity = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text="How many places there are. Leave it empty for no limit. "
        "If you raise it later, the first on the waiting list get the new places.",
    )
    registration_closes_at = models.DateTimeField("registration closes", null=True, blank=True)

    parent_page_types = ["events.EventIndexPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []  # `open_to` says it, and says it everywhere
    template = "events/event.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", widget=AdminAutoHeightTextInput),
        MultiFieldPanel(
            [
                FieldPanel("timezone"),
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
            ],
            heading="When",
        ),
        MultiFieldPanel(
            [
                FieldPanel("attendance"),
                FieldPanel("venue"),
                FieldPanel("address"),
                FieldPanel("joining_url"),
            ],
            heading="Where",
        ),
        MultiFieldPanel(
            [
                FieldPanel("open_to"),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("registration_closes_at")]),
                HelpPanel(
                    "<p>Everyone who registered is told when you change the time, the place or the joining link of a "
                    "published event. To call it off, choose “Cancel event” in the menu beside the title.</p>"
                ),
            ],
            heading="Who, and how many",
        ),
        FieldPanel("body"),
        FieldPanel("tags"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("venue"),
        index.SearchField("body"),
        index.RelatedFields("tags", [index.SearchField("name", boost=2)]),
        index.FilterField("open_to"),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    saves_draft = False  # set by the CMS form while it saves an unfinished draft

    class Meta:
        verbose_name = "event"
        constraints = [
            models.CheckConstraint(
                name="event_attendance", condition=Q(attendance__in=["in_person", "online", "both"])
            ),
            models.CheckConstraint(name="event_open_to", condition=Q(open_to__in=["everyone", "members", "officers"])),
            models.CheckConstraint(name="event_has_places", condition=Q(capacity__isnull=True) | Q(capacity__gte=1)),
        ]

    # --- The page -----------------------------------------------------------------------------

    def clean(self):
        super().clean()
        if not self.saves_draft:
            self._check_facts()

    def _check_facts(self):
        """An event that is published tells when it is and how to get there. Raises ValidationError."""
        errors = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            errors["ends_at"] = "The event ends before it starts. Choose a later end."
        if self.registration_closes_at and self.ends_at and self.registration_closes_at > self.ends_at:
            errors["registration_closes_at"] = (
                "Registration can't stay open longer than the event. Choose an earlier time."
            )
        if self.is_online and not self.joining_url:
            errors["joining_url"] = "Write the joining link: people take part online."
        if self.is_in_person and not self.venue.strip():
            errors["venue"] = "Write the venue: people take part in person."
        if self.joining_url and (told := self._tell_joining_link()):
            errors["joining_url"] = (
                f"The joining link is also in the {' and the '.join(told)}, where people without a place read it. "
                "Remove it there."
            )
        if errors:
            raise ValidationError(errors)

    @property
    def title_with_state(self) -> str:
        """For lists that show no more than a title: calendars and feeds."""
        return f"Cancelled: {self.title}" if self.cancelled_at else self.title

    def _tell_joining_link(self) -> list[str]:
        """The fields that strangers read, and in which the joining link is."""
        public = {
            "title": self.title,
            "summary": self.summary,
            "venue": self.venue,
            "address": self.address,
            "body": str(self.body.render_as_block()),
            "tags": " ".join(tag.name for tag in self.tags.all()),
            "title for search engines": self.seo_title,
            "description for search engines": self.search_description,
        }
        return [name for name, words in public.items() if links.is_in(self.joining_url, words)]

    def get_absolute_url(self):
        return reverse("events:event", args=[self.slug])

    def serve(self, request, *args, **kwargs):
        return redirect(self.get_absolute_url())

    def serve_preview(self, request, mode_name):
        context = {"section": "events", "event": self, "preview": True}
        return TemplateResponse(request, self.template, context)

    # --- Facts, and facts in words ------------------------------------------------------------

    @property
    def is_online(self) -> bool:
        return self.attendance in {self.Attendance.ONLINE, self.Attendance.BOTH}

    @property
    def is_in_person(self) -> bool:
        return self.attendance in {self.Attendance.IN_PERSON, self.Attendance.BOTH}

    @property
    def cancelled_at(self):
        state = getattr(self, "state", None)
        return state and state.cancelled_at

    @property
    def closes_at(self):
        """Until when people can register: those who come late to a meeting online want in, too."""
        return self.registration_closes_at or self.ends_at

    @property
    def is_past(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at is not None and self.starts_at <= timezone.now()

    @property
    def when(self) -> str:
        return in_words.when(self.starts_at, self.ends_at, self.timezone) if self.starts_at and self.ends_at else ""

    @property
    def where(self) -> str:
        return in_words.where(self.attendance, self.venue)

    @cached_property
    def taken(self) -> int:
        """How many places are taken. Querysets of events/queries.py bring it along."""
        return self.registrations.registered().count() if self.pk else 0

    @cached_property
    def waiting(self) -> int:
        return self.registrations.waiting().count() if self.pk else 0

    @property
    def seats_left(self) -> int | None:
        """None: there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def almost_full(self) -> int:
        """From how many taken places on the event is shown as nearly full."""
        return max(1, (self.capacity or 0) * 4 // 5)

    @property
    def closes_words(self) -> str:
        return in_words.moment(self.closes_at, self.timezone) if self.closes_at else ""

    @property
    def places(self) -> str:
        """What a list says about places: to the viewer first, whose `status` events/queries.py brings along."""
        status = getattr(self, "status", None)
        if self.cancelled_at or self.ends_at is None:
            return ""
        if self.is_past:
            return "You had a place" if status == Registration.Status.REGISTERED else ""
        if status == Registration.Status.REGISTERED:
            return "You have a place"
        if status == Registration.Status.WAITING:
            return "You are on the waiting list"
        if self.closes_at <= timezone.now():
            return "Registration has closed"
        if self.seats_left is None:
            return ""
        return (
            f"{in_words.some(self.seats_left, 'place', 'places')} left"
            if self.seats_left and not self.waiting
            else "Waiting list"
        )

    @property
    def facts(self) -> dict[str, str]:
        """What people arranged their day by: if one of these changes, they are told."""
        return {
            "starts_at": self.starts_at.isoformat() if self.starts_at else "",
            "ends_at": self.ends_at.isoformat() if self.ends_at else "",
            "attendance": self.attendance,
            "venue": self.venue,
            "address": self.address,
            "joining_url": self.joining_url,
        }

"""Spaces: Wagtail pages that say who may read and who may post."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page

from lib.cms_text import CleanText


class CommunityPage(CleanText, Page):
    """/community/: the list of spaces. There is one, and its order of children is the order of spaces."""

    introduction = models.TextField(max_length=500, blank=True)

    max_count = 1
    parent_page_types = ["cdoforum.HomePage"]
    subpage_types = ["community.SpacePage"]
    private_page_options: list[str] = []  # the audience of each space says it
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields: list = []  # found by its spaces
    show_in_menus_default = True

    class Meta:
        verbose_name = "community page"

    def get_absolute_url(self):
        return reverse("community:community")

    def serve(self, request, *args, **kwargs):
        return redirect(self.get_absolute_url())

    def serve_preview(self, request, mode_name):
        return TemplateResponse(request, "community/community.html", {"section": "community", "page": self})


class SpacePage(CleanText, Page):
    """A space: it holds threads. Its audience is the only thing that decides who learns of what is in it."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", "Open to everyone"
        MEMBERS = "members", "Members"
        OFFICERS = "officers", "Officers only"
        GROUP = "group", "Invited members only"

    class Posters(models.TextChoices):
        """Of those who may read: who may post. Newcomers never may; moderators always."""

        OFFICERS = "officers", "Officers"
        MEMBERS = "members", "Officers and supplier members"
        MODERATORS = "moderators", "Moderators"

    summary = models.CharField(max_length=200, help_text="One sentence, shown in the list of spaces.")
    guidelines = models.TextField(
        max_length=2000, blank=True, help_text="What belongs here, and what does not. Plain text."
    )
    icon = models.CharField(
        max_length=40,
        default="messages-square",
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Write the name of a Lucide icon, such as messages-square.")],
        help_text="The name of a Lucide icon.",
    )
    audience = models.CharField(max_length=20, choices=Audience.choices, default=Audience.MEMBERS)
    may_start = models.CharField(
        "who may start threads", max_length=20, choices=Posters.choices, default=Posters.OFFICERS
    )
    may_reply = models.CharField("who may reply", max_length=20, choices=Posters.choices, default=Posters.MEMBERS)

    DECIDED = ("audience", "may_start", "may_reply")  # by actions.spaces.decide_readers

    parent_page_types = ["community.CommunityPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []  # `audience` says it, and says it everywhere
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("guidelines"),
        FieldPanel("icon"),
        MultiFieldPanel(
            [FieldPanel("audience"), FieldRowPanel([FieldPanel("may_start"), FieldPanel("may_reply")])],
            heading="Who may read and post",
            help_text="Supplier members never see a space for officers, whatever else is chosen here.",
        ),
        HelpPanel(template="community/cms/readers_panel.html"),
    ]
    search_fields: list = []  # found through community/search.py, which asks access first

    class Meta:
        verbose_name = "space"
        constraints = [
            models.CheckConstraint(
                name="space_audience", condition=Q(audience__in=["everyone", "members", "officers", "group"])
            ),
            models.CheckConstraint(
                name="space_may_start", condition=Q(may_start__in=["officers", "members", "moderators"])
            ),
            models.CheckConstraint(
                name="space_may_reply", condition=Q(may_reply__in=["officers", "members", "moderators"])
            ),
        ]

    def with_content_json(self, content):
        """A revision brings back words, and never who may read and post: that is changed by an action alone."""
        page = super().with_content_json(content)
        # As it is now, and not as this page was read.
        decided = type(self).objects.filter(pk=self.pk).values(*self.DECIDED).first()
        for name, value in (decided or {}).items():
            setattr(page, name, value)
        return page

    def clean(self):
        super().clean()
        if self.slug == "tags":
            raise ValidationError({"slug": "/community/tags/ lists the tags of threads. Choose another address."})

    def get_absolute_url(self):
        return f"/community/{self.slug}/"  # as a thread's

    def serve(self, request, *args, **kwargs):
        return redirect(self.get_absolute_url())

    def serve_preview(self, request, mode_name):
        """What an editor sees of a space that is not saved yet: its words, without its threads."""
        context = {"section": "community", "space": self}
        return TemplateResponse(request, "community/space.html", context)


class SpaceMembership(models.Model):
    """A member's place in a space of invited members. A row of our own: no revision of the page brings it back."""

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        ORGANISER = "organiser", "Organiser"  # invites and removes members of this space

    space = models.ForeignKey(SpacePage, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="space_memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.MEMBER)
    since = models.DateTimeField()

    class Meta:
        ordering = ["-role", "since", "pk"]  # organisers first
        constraints = [
            models.UniqueConstraint(name="space_membership_once", fields=["space", "member"]),
            models.CheckConstraint(name="space_membership_role", condition=Q(role__in=["member", "organiser"])),
        ]

    def __str__(self):
        return f"member {self.member_id} in space {self.space_id}"


class SpaceStatistics(models.Model):
    """Counts of a space, kept in the transaction that changes what they count.

    Not on the page itself: publishing a revision of a page writes back every field that the page has.
    """

    space = models.OneToOneField(SpacePage, on_delete=models.CASCADE, related_name="statistics")
    thread_count = models.PositiveIntegerField(default=0)
    post_count = models.PositiveIntegerField(default=0)
    latest_thread = models.ForeignKey("community.Thread", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self):
        return f"statistics of space {self.space_id}"

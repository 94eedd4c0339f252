"""What editors build the site from: the home page, plain pages, and the settings of the site."""

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import get_resolver
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.rich_text import expand_db_html
from wagtail.search import index

from lib.cms_text import CleanText

from .welcome import welcome

SETTINGS_KEY = "site-settings"
SETTINGS_SECONDS = 10  # in the processes that did not save them: docs/decisions/0007-what-is-kept.md


class NoticeBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=["bold", "italic", "link"])

    class Meta:
        icon = "info-circle"
        template = "blocks/notice.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock()
    answer = blocks.RichTextBlock(features=["bold", "italic", "link", "ul", "ol"])

    class Meta:
        icon = "help"
        template = "blocks/question.html"
        label = "Question and answer"


class BodyBlock(blocks.StreamBlock):
    """What the body of a page can be made of."""

    heading = blocks.CharBlock(icon="title", form_classname="title", template="blocks/heading.html")
    paragraph = blocks.RichTextBlock(features=["h3", "bold", "italic", "link", "ul", "ol", "document-link"])
    image = ImageBlock(template="blocks/image.html")
    quote = blocks.BlockQuoteBlock()
    notice = NoticeBlock()
    question = QuestionBlock()


class HomePage(CleanText, Page):
    """/: a welcome, the latest threads that the viewer may see, and the next events."""

    heading = models.CharField(max_length=120, default="Where council digital leaders compare notes.")
    welcome = models.TextField(
        max_length=600,
        default="A neutral place to ask what others tried, what it cost and whether it lasted. "
        "Suppliers are welcome, on terms that are the same for all.",
    )
    body = StreamField(BodyBlock(), blank=True, help_text="Shown below the threads and events.")

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    private_page_options: list[str] = []  # a visitor's first page
    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("welcome"), FieldPanel("body")]
    template = "home.html"

    class Meta:
        verbose_name = "home page"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | welcome(request.user)


class ContentPage(CleanText, Page):
    """A page of text: how we stay neutral, house rules, accessibility and so on."""

    introduction = models.TextField(max_length=400, blank=True)
    body = StreamField(BodyBlock(), blank=True)

    parent_page_types = ["cdoforum.HomePage", "cdoforum.ContentPage"]
    subpage_types = ["cdoforum.ContentPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]
    template = "content_page.html"

    class Meta:
        verbose_name = "page"

    def clean(self):
        super().clean()
        if self.slug in addresses_of_the_forum():
            raise ValidationError({"slug": f"The forum itself uses “{self.slug}” as an address. Choose another one."})


def addresses_of_the_forum() -> set[str]:
    """What the first part of a page's address can't be, since the page would never be reached: from the URL table."""
    found = {settings.STATIC_URL.strip("/"), settings.MEDIA_URL.strip("/")}
    waiting = list(get_resolver().url_patterns)
    while waiting:
        entry = waiting.pop()
        first, slash, _ = str(entry.pattern).lstrip("^").partition("/")
        if first or slash:
            found.add(first)
        elif hasattr(entry, "url_patterns"):
            waiting += entry.url_patterns
    return found


@register_setting(icon="cog")
class SiteSettings(CleanText, BaseGenericSetting):
    """What editors set for the whole site."""

    contact_email = models.EmailField("contact address", blank=True, help_text="Shown in the footer.")
    notice = RichTextField(
        blank=True,
        features=["bold", "link"],
        help_text="A notice on top of every page, for example before maintenance.",
    )

    panels = [FieldPanel("contact_email"), FieldPanel("notice")]

    class Meta:
        verbose_name = "site settings"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        caches["local"].delete(SETTINGS_KEY)

    @classmethod
    def for_pages(cls) -> dict[str, str]:
        """What every page shows of these settings, without a query a page."""
        shown = caches["local"].get(SETTINGS_KEY)
        if shown is None:
            site = cls.load()
            shown = {"contact_email": site.contact_email, "notice": expand_db_html(site.notice)}
            caches["local"].set(SETTINGS_KEY, shown, SETTINGS_SECONDS)
        return shown

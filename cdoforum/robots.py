"""What machines look for at fixed addresses: which pages there are, and where to say that something is wrong."""

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.http import Http404, HttpResponse
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from community.access import spaces, threads
from directory.access import visible_supplier_listings
from events.access import visible_events

from .models import ContentPage

NOT_FOR_ROBOTS = ["/accounts/", "/cms/", "/inbox/", "/introductions/", "/search/", "/settings/"]
SECURITY_TXT_DAYS = 180  # RFC 9116, 2.5.5: less than a year
VISITOR = AnonymousUser()


@require_safe
def robots_txt(request):
    """/robots.txt"""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return _plain([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml"])


@require_safe
def security_txt(request):
    """/.well-known/security.txt (RFC 9116): where to report a hole. Absent as long as the operator names no contact."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + timedelta(days=SECURITY_TXT_DAYS)).astimezone(UTC).replace(microsecond=0)
    return _plain(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
            "Preferred-Languages: en",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        ]
    )


def _plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class Favicon(RedirectView):
    """/favicon.ico, for programs that read no page first."""

    def get_redirect_url(self, *args, **kwargs):
        return static("img/favicon.svg")


# --- /sitemap.xml: what a visitor may read, whoever asks -----------------------------------------------------------


class _Pages(Sitemap):
    def get_protocol(self, protocol=None):
        return settings.SITE_URL.partition("://")[0]

    def get_domain(self, site=None):
        return settings.SITE_URL.partition("://")[2]


class Texts(_Pages):
    def items(self):
        return ContentPage.objects.live().public().order_by("path")

    def location(self, page):
        return page.get_url()

    def lastmod(self, page):
        return page.last_published_at


class Spaces(_Pages):
    def items(self):
        return spaces(VISITOR)


class Threads(_Pages):
    def items(self):
        return threads(VISITOR).select_related("space").order_by("pk")

    def lastmod(self, thread):
        return thread.last_post_at


class Events(_Pages):
    def items(self):
        return visible_events(VISITOR).order_by("pk")

    def lastmod(self, event):
        return event.last_published_at


class Suppliers(_Pages):
    def items(self):
        return visible_supplier_listings(VISITOR).order_by("pk")


SITEMAPS = {"texts": Texts, "spaces": Spaces, "threads": Threads, "events": Events, "suppliers": Suppliers}

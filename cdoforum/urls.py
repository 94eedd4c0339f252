"""All addresses. Ours come first; what is left is Wagtail's: the home page and the pages that editors write."""

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import demo_mail, feeds, health, home, robots, search

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", robots.robots_txt, name="robots_txt"),
    path("favicon.ico", robots.Favicon.as_view()),
    path("sitemap.xml", sitemaps.index, {"sitemaps": robots.SITEMAPS}, name="sitemap"),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": robots.SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path(".well-known/security.txt", robots.security_txt, name="security_txt"),
    path(".well-known/change-password", RedirectView.as_view(pattern_name="account_change_password")),
    path("accounts/", include("allauth.urls")),
    # One door: Wagtail's own sign-in knows neither rate limits nor unconfirmed addresses.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("_util/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", search.search, name="search"),
    path("feeds/threads/", feeds.ThreadsFeed(), name="threads_feed"),
    path("feeds/events/", feeds.EventsFeed(), name="events_feed"),
    path("", include("members.urls")),
    path("", include("community.urls")),
    path("events/", include("events.urls")),
    path("", include("directory.urls")),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/mail/", demo_mail.mails, name="demo_mails"),
        path("demo/mail/<str:name>/<int:number>/", demo_mail.mail, name="demo_mail"),
        # In production the web server hands out uploads: deploy/nginx.conf.
        path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    ]

urlpatterns += [path("", include(wagtail_urls))]

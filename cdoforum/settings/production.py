"""Production: every value comes from the environment, and what makes no sense stops the start."""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_DIR, DATABASES, REDIS_URL, STORAGES, env, whole

SECRET_KEY = env("SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be at least 50 characters of chance.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's hosts, separated by commas.")

SITE_URL = env("SITE_URL").rstrip("/")
if urlsplit(SITE_URL).scheme != "https":
    raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
if urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
    raise ImproperlyConfigured("The host of SITE_URL must be one of ALLOWED_HOSTS.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

env("DATABASE_URL")  # without these two, the defaults of base.py would be taken in silence
env("EMAIL_URL")
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database in production.")
if not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is missing: without it, processes can't tell each other's tabs anything.")

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL")
if not parseaddr(DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "@forum.example" in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL must be an address of yours, not {DEFAULT_FROM_EMAIL!r}.")
MEDIA_ROOT = Path(env("MEDIA_ROOT"))
if not MEDIA_ROOT.is_absolute() or MEDIA_ROOT.resolve().is_relative_to(BASE_DIR):
    raise ImproperlyConfigured(
        "MEDIA_ROOT must be a folder outside of the code, from the root on: uploads have to outlive the code."
    )

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "lib.staticfiles.HashedStaticFilesStorage"}}

# Sign-in limits count by address: of the addresses in X-Forwarded-For, the one that our own proxies vouch for.
ALLAUTH_TRUSTED_PROXY_COUNT = whole("TRUSTED_PROXY_COUNT", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked for from inside, without TLS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# W019 wants no frames at all, but Wagtail's editor shows its preview in one, of this origin.
SILENCED_SYSTEM_CHECKS = ["security.W019"]

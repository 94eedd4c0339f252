"""The tests: as production where behaviour is concerned, quick where it is not."""

import os
from urllib.parse import urlsplit

from .base import *  # noqa: F403
from .base import CACHES, REDIS_URL, VAR_DIR, log_level

DEMO = True  # so that the demo's own pages are tested, too
SECRET_KEY = "only-for-the-tests"
VAR_DIR.mkdir(exist_ok=True)
if REDIS_URL and (worker := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")):
    # A cache for each process that runs tests: emptying it empties the whole of one of Redis's databases.
    CACHES["default"]["LOCATION"] = urlsplit(REDIS_URL)._replace(path=f"/{int(worker) + 1}").geturl()
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "test-mail"
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "forum": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "mail"]},
}
MEDIA_ROOT = VAR_DIR / "test-media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": log_level(default="ERROR")}}

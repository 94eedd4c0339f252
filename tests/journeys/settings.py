"""The settings of the site that journeys walk through: those of the tests, with mail in files, on data of its own."""

from cdoforum.settings.test import *  # noqa: F403
from cdoforum.settings.test import CACHES, env

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env("MAIL_DIR")
MEDIA_ROOT = env("MEDIA_ROOT")
# Tests that run beside the journeys may use the same Redis: their threads have the same numbers.
CACHES["default"]["KEY_PREFIX"] = env("REDIS_PREFIX")
POSTS_PER_MINUTE = 200  # the cast walks through all journeys within a few minutes
INTRODUCTIONS_PER_MONTH = 20

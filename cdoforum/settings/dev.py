"""The demo, and a developer's own machine: nothing to configure, nothing leaves the machine."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import BASE_DIR, LOGGING, VAR_DIR, env, log_level

if (ENV_FILE := BASE_DIR / ".env").is_file() and "cdoforum.settings.production" in ENV_FILE.read_text():
    raise ImproperlyConfigured(
        f"{ENV_FILE} belongs to a production site, and these are the demo's settings. Unset DJANGO_SETTINGS_MODULE, "
        "or run the demo in a folder of its own."
    )

DEMO = True
DEBUG = env.bool("DEBUG", default=False)  # off, so that the demo shows the error pages that people get
SECRET_KEY = "only-for-the-demo-on-this-machine-and-never-in-production"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
VAR_DIR.mkdir(exist_ok=True)

# Mail is kept as files and read in the browser at /demo/mail/; jobs run at once.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "forum": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "mail"]},
}

# Static files straight from their sources: an edit shows at the next reload.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

LOGGING["root"]["level"] = log_level(default="WARNING")
__all__ = ["BASE_DIR"]

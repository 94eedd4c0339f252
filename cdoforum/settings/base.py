"""What every environment shares. Values that differ come from the environment (see .env.example)."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"  # what the demo and the tests leave behind: database, media, mail

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")


def whole(name: str, default: int) -> int:
    try:
        return env.int(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {env(name)!r}.") from error


def log_level(default: str) -> str:
    level = env("LOG_LEVEL", default=default).upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {level!r}.")
    return level


DEMO = False  # the demo's routes, seed and mail reader; only settings/dev.py switches it on
DEBUG = False

# --- What this site is called, and where it lives ---------------------------------------------
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
if urlsplit(SITE_URL).scheme not in {"http", "https"} or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(f"SITE_URL must be an address such as https://forum.example, not {SITE_URL!r}.")
WAGTAIL_SITE_NAME = "CDO Forum"
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # for /.well-known/security.txt
if SECURITY_CONTACT and urlsplit(SECURITY_CONTACT).scheme not in {"https", "mailto", "tel"}:
    raise ImproperlyConfigured(
        f"SECURITY_CONTACT must begin with mailto:, https:// or tel:, not {SECURITY_CONTACT!r} (RFC 9116)."
    )
WAGTAILADMIN_BASE_URL = SITE_URL

# --- Applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",  # before staticfiles: it replaces runserver
    "cdoforum",
    "directory",
    "events",
    "community",
    "members",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "members.cms.apps.MemberUsersAppConfig",  # wagtail.users, with forms for our members
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "channels",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "lucide",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "lib.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "lib.cms.CmsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cdoforum.health.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "members.sessions.MemberMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "cdoforum.urls"
WSGI_APPLICATION = "cdoforum.wsgi.application"
ASGI_APPLICATION = "cdoforum.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["lib.templatetags.forum"],
        },
    },
]

# --- Database, cache, channel layer -----------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'demo.sqlite3'}")
    | {"CONN_MAX_AGE": whole("DATABASE_CONN_MAX_AGE", default=60), "CONN_HEALTH_CHECKS": True}
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Writers wait for each other instead of failing, and readers never wait (WAL).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=10s"  # lib/locks.py has the sentence
else:
    raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL: the search index knows these two.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
REDIS_PREFIX = env("REDIS_PREFIX", default="forum")
if REDIS_URL:
    if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
    CACHES = {
        "default": {
            "BACKEND": "lib.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
            # seconds: a Redis that is silent must not keep a page waiting
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": REDIS_PREFIX},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}}

# In each process for itself: fetching a page of posts from Redis would cost as much as a tenth of the whole answer.
# `local`: small things; `local_pages`: up to 200 pages of some 80 kB. docs/decisions/0007-what-is-kept.md.
for name, entries in {"local": 3000, "local_pages": 200}.items():
    CACHES[name] = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": entries},
    }

# --- Jobs -------------------------------------------------------------------------------------
# Wagtail's search indexing uses `default` and stays immediate; ours is `forum`.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
    "forum": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]},
}

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = ["members.sessions.MemberBackend"]
SESSION_ENGINE = "members.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "members.forms.SignUpDetailsForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one replaces it once it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner hears of a changed password or address
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address changes
# Wrong passwords: few from one place, where guessing ends; many for one account (the key), since anybody can send
# them, and a handful must not lock its owner out.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,30/10m/key"}
ACCOUNT_FORMS = {
    "login": "members.allauth_forms.LoginForm",
    "signup": "members.allauth_forms.SignUpForm",
    "add_email": "members.allauth_forms.AddEmailForm",
    "change_password": "members.allauth_forms.ChangePasswordForm",
    "set_password": "members.allauth_forms.SetPasswordForm",
    "reset_password": "members.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "members.allauth_forms.ResetPasswordKeyForm",
    "reauthenticate": "members.allauth_forms.ReauthenticateForm",
}

# --- Mail -------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds: a mail server that hangs must not hang the worker
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="CDO Forum <forum@forum.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes: far above the longest post, far below a flood
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # Wagtail's page editor sends many

# --- Security ---------------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews a page in a frame of its own origin
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],  # the admin has a policy of its own: lib/cms.py
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}
CMS_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    # Wagtail's rich text editor styles what it draws; nothing else on the site may.
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "worker-src": [SELF, "blob:"],
}

# --- Wagtail ----------------------------------------------------------------------------------
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# An old address that leads to the new one would tell of pages that the visitor may not know of.
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "avif"]
WAGTAILADMIN_COMMENTS_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

# --- The forum's own limits, each shown to people in the message that enforces it -------------
POST_MAX_LENGTH = 20_000  # characters
POSTS_PER_PAGE = 20
THREADS_PER_PAGE = 25
POSTS_PER_MINUTE = 20  # by one member; a person types less, a script more
INTRODUCTIONS_PER_MONTH = 5  # by one supplier, so that officers are asked rarely and with care
INTRODUCTION_ANSWER_DAYS = 21  # an introduction nobody answered closes by itself

# --- Logs -------------------------------------------------------------------------------------
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "lib.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "lib.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]},
    },
    "root": {"handlers": ["console"], "level": log_level(default="INFO")},
    "loggers": {
        # Twisted and Autobahn say what the socket log already says.
        "daphne": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
        "django": {"handlers": [], "level": "INFO"},
    },
}

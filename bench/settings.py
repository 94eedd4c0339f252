"""The bench runs production's own settings; without PostgreSQL and Redis, the nearest thing to them."""

import os

if os.environ.get("REDIS_URL") and os.environ["DATABASE_URL"].startswith("postgres"):
    from cdoforum.settings.production import *  # noqa: F403
else:
    from cdoforum.settings.base import *  # noqa: F403

    SECRET_KEY = os.environ["SECRET_KEY"]
    ALLOWED_HOSTS = ["127.0.0.1"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

from cdoforum.settings.base import STORAGES, VAR_DIR

STATIC_ROOT = VAR_DIR / "bench-static"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "lib.staticfiles.HashedStaticFilesStorage"}}

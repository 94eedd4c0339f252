"""The settings of a real worker: those of the tests, with jobs in the database and mail to a server."""

from cdoforum.settings import base
from cdoforum.settings.test import *  # noqa: F403

TASKS = base.TASKS
EMAIL_BACKEND = base.EMAIL_CONFIG["EMAIL_BACKEND"]

"""The settings of servers whose sign-in is tested as in production: those of the tests, with the limits of the site."""

from cdoforum.settings import base
from cdoforum.settings.test import *  # noqa: F403

ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS

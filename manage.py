#!/usr/bin/env python
"""Django's command line. Settings: DJANGO_SETTINGS_MODULE, by default those of the demo."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdoforum.settings.dev")
    execute_from_command_line(sys.argv)

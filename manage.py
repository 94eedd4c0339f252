#!/usr/bin/env python
"""Django's command line. Settings: DJANGO_SETTINGS_MODULE of the environment, else of .env, else the demo's."""

import os
import sys
from pathlib import Path

import environ
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    env_file = Path(__file__).with_name(".env")
    if env_file.exists():
        try:
            with env_file.open() as file:
                environ.Env.read_env(file)
        except PermissionError:  # better no command than one with the demo's settings
            sys.exit(f"{env_file} can't be read by this user. Run the command as the user of the forum.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdoforum.settings.dev")
    execute_from_command_line(sys.argv)

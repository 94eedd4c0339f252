"""When the demo's content is not written: all or nothing, and never into a real forum."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from members.models import Member


def test_a_forum_with_other_members_is_left_alone(ada, ben):
    Member.objects.filter(pk=ada.pk).delete()
    with pytest.raises(CommandError, match="empty database"):
        call_command("seed_demo")
    assert Member.objects.get() == ben


def test_an_interrupted_run_leaves_nothing(db, monkeypatch, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path

    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("cdoforum.demo.introductions.actions.ask", interrupt)
    monkeypatch.setattr("cdoforum.demo.conversation.plan", lambda history: None)
    with pytest.raises(KeyboardInterrupt):
        call_command("seed_demo")
    assert not Member.objects.exists()
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


def test_other_settings_refuse(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not its settings"):
        call_command("seed_demo")
    assert not Member.objects.exists()


def test_production_refuses():
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cdoforum.settings.production",
        "SECRET_KEY": "".join(chr(ord("a") + number % 26) for number in range(60)),
        "ALLOWED_HOSTS": "forum.example",
        "SITE_URL": "https://forum.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "DEFAULT_FROM_EMAIL": "forum@council.example",
        "MEDIA_ROOT": "/var/lib/forum/media",
    }
    run = subprocess.run(
        [sys.executable, "manage.py", "seed_demo"],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "Only the demo is seeded" in run.stderr
    assert run.stdout == ""

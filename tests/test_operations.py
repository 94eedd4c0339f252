"""What operators rely on: health, logs, settings that are refused, the worker."""

import json
import logging
import os
import re
import secrets
import socket
import subprocess
import sys
from io import StringIO
from pathlib import Path
from time import monotonic

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from cdoforum import health
from community.models import SpaceStatistics
from lib.logs import JsonFormatter, RequestIdFilter
from members.models import Activity
from tests import make

ROOT = Path(__file__).resolve().parent.parent

# --- Health ----------------------------------------------------------------------------------------


def test_healthz_answers_without_a_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_what_it_looked_at(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "channel_layer": "ok",
    }.items() <= response.json().items()


@pytest.mark.django_db
def test_readyz_refuses_when_migrations_are_missing(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: [object()] * 2)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "2 not applied")


@pytest.mark.django_db
def test_readyz_refuses_when_the_database_is_away(client, monkeypatch):
    class Away:
        def cursor(self):
            raise DatabaseError("password=hunter2 host=db.internal")

    monkeypatch.setattr(health, "connection", Away())
    monkeypatch.setattr(health, "MigrationExecutor", lambda connection: connection.cursor())
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (503, False)
    assert "hunter2" not in response.content.decode()


@pytest.fixture
def redis_at(settings):
    """redis_at(port): from now on, what listens there is Redis."""

    def use(port: int):
        backend, hosts = "channels_redis.pubsub.RedisPubSubChannelLayer", [f"redis://127.0.0.1:{port}/0"]
        settings.CHANNEL_LAYERS = {"default": {"BACKEND": backend, "CONFIG": {"hosts": hosts}}}

    return use


@pytest.mark.django_db
def test_readyz_stays_ready_when_the_channel_layer_is_away(client, redis_at):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        redis_at(nobody.getsockname()[1])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["channel_layer"]) == (200, "ConnectionError")


@pytest.mark.django_db
def test_readyz_does_not_wait_for_a_redis_that_is_silent(client, redis_at):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        redis_at(silent.getsockname()[1])
        for _ in range(2):
            started = monotonic()
            response = client.get("/readyz")
            assert (response.status_code, response.json()["channel_layer"]) == (200, "TimeoutError")
            assert monotonic() - started < 2 * health.SECONDS


# --- Logs ------------------------------------------------------------------------------------------


@pytest.fixture
def logged():
    """Everything logged in this test, as production writes it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
def test_a_request_has_an_id_in_its_answer_and_in_its_log_lines(client, logged):
    response = client.get("/no-such-page/", headers={"X-Request-ID": "proxy-request-0001"})
    assert response["X-Request-ID"] == "proxy-request-0001"
    assert "proxy-request-0001" in {line["request"] for line in logged()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space and more", "line\nbreak-in-it", "<script>", 'quote"quote"']
)
def test_a_crooked_request_id_is_replaced(given, client):
    response = client.get("/healthz", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])


def test_a_log_line_is_one_object_with_what_went_wrong(logged):
    try:
        raise ValueError("a\nb")
    except ValueError:
        logging.getLogger("forum").exception("It broke in two\nlines")
    (line,) = [line for line in logged() if line["logger"] == "forum"]
    assert (
        line["level"] == "ERROR" and line["message"] == "It broke in two\nlines" and "ValueError" in line["exception"]
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT.*\+00:00", line["at"])


@pytest.mark.parametrize(
    "text", ["ada@camden.example", "Ada.O'Kafor+news@camden.gov.uk", "<ada@camden.example>", "ADA@CAMDEN.EXAMPLE"]
)
def test_no_log_line_carries_an_address(text, logged):
    logging.getLogger("forum").warning("Delivery to %s failed", text)
    try:
        raise ValueError(f"Duplicate key (email)=({text})")
    except ValueError:
        logging.getLogger("forum").exception("It broke")
    assert "@camden" not in json.dumps(logged()).lower()


@pytest.mark.django_db
def test_signing_in_and_posting_leave_no_personal_data_in_the_log(
    client, ada, ben, members_space, logged, django_capture_on_commit_callbacks
):
    thread = make.thread(members_space, ada)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/login/", {"login": ben.email, "password": "wrong-password-here"})
        client.post("/accounts/login/", {"login": ben.email, "password": "forum-demo-2026"})
        client.post(
            f"/threads/{thread.pk}/reply/",
            {"source": "A secret sentence.", "token": "6f0c7c1e-1111-4111-8111-111111111111"},
        )
    assert thread.posts.count() == 2
    lines = [line for line in logged() if not line["logger"].startswith(("django.db", "django.template", "asyncio"))]
    written = json.dumps(lines)
    for private in (
        ben.email,
        ada.email,
        "Ben Hartley",
        "Ada Okafor",
        "forum-demo-2026",
        "wrong-password-here",
        "A secret sentence",
    ):
        assert private not in written


# --- Settings --------------------------------------------------------------------------------------

SOUND = {
    "DJANGO_SETTINGS_MODULE": "cdoforum.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "forum.example",
    "SITE_URL": "https://forum.example",
    "DATABASE_URL": "postgres://forum@localhost/forum",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://localhost",
    "DEFAULT_FROM_EMAIL": "CDO Forum <forum@council.example>",
    "MEDIA_ROOT": "/var/lib/forum/media",
}


def run(*command, **environment) -> subprocess.CompletedProcess:
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=120, check=False
    )


def manage(*arguments, **environment) -> subprocess.CompletedProcess:
    return run(sys.executable, "manage.py", *arguments, **environment)


def test_production_settings_pass_the_deploy_checks():
    result = manage("check", "--deploy", "--fail-level", "WARNING", **SOUND)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize(("wrong", "message"), [
    ({"SECRET_KEY": None}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY must be at least 50 characters"),
    ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must be at least 50 characters of chance"),
    ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
    ({"SITE_URL": "forum.example"}, "SITE_URL must be an address"),
    ({"SITE_URL": "http://forum.example"}, "SITE_URL must begin with https://"),
    ({"SITE_URL": "https://other.example"}, "The host of SITE_URL must be one of ALLOWED_HOSTS"),
    ({"DATABASE_URL": None}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////tmp/x.sqlite3"}, "DATABASE_URL must name a PostgreSQL database"),
    ({"DATABASE_URL": "mysql://forum@localhost/forum"}, "DATABASE_URL must name SQLite or PostgreSQL"),
    ({"REDIS_URL": None}, "REDIS_URL is missing"),
    ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with"),
    ({"EMAIL_URL": None}, "EMAIL_URL"),
    ({"DEFAULT_FROM_EMAIL": None}, "DEFAULT_FROM_EMAIL"),
    ({"DEFAULT_FROM_EMAIL": ""}, "DEFAULT_FROM_EMAIL must be an address of yours"),
    ({"DEFAULT_FROM_EMAIL": "CDO Forum <forum@forum.example>"}, "DEFAULT_FROM_EMAIL must be an address of yours"),
    ({"MEDIA_ROOT": None}, "MEDIA_ROOT"),
    ({"MEDIA_ROOT": "media"}, "MEDIA_ROOT must be a folder outside of the code"),
    ({"MEDIA_ROOT": str(ROOT / "var" / "media")}, "MEDIA_ROOT must be a folder outside of the code"),
    ({"DATABASE_CONN_MAX_AGE": "soon"}, "DATABASE_CONN_MAX_AGE"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
])  # fmt: skip
def test_an_environment_that_makes_no_sense_stops_the_start(wrong, message):
    environment = {name: value for name, value in (SOUND | wrong).items() if value is not None}
    result = manage("check", **environment)
    assert result.returncode != 0
    assert message in result.stderr.splitlines()[-1], result.stderr[-800:]


def test_every_setting_of_the_environment_is_in_the_example():
    documented = set(re.findall(r"^#?\s*([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    code = "".join(
        path.read_text()
        for path in (ROOT / "cdoforum" / "settings").glob("*.py")
        if path.stem in {"base", "production"}
    )
    asked = set(re.findall(r"""env(?:\.\w+)?\(\s*["']([A-Z_]+)["']""", code))
    assert asked <= documented, f"Put into .env.example: {asked - documented}"


@pytest.mark.parametrize("command", [["seed_demo"], ["demo"]])
def test_the_demo_never_starts_with_production_settings(command):
    result = manage(*command, **SOUND)
    assert result.returncode != 0
    assert "demo" in result.stderr.lower()


def test_production_has_none_of_the_demos_addresses():
    code = """
import django
django.setup()
from django.urls import get_resolver
print([str(entry.pattern) for entry in get_resolver().url_patterns])
"""
    result = run(sys.executable, "-c", code, **SOUND)
    assert result.returncode == 0, result.stderr
    assert "healthz" in result.stdout and "demo" not in result.stdout and "media" not in result.stdout


# --- The worker ------------------------------------------------------------------------------------


def test_mails_can_be_made_in_a_process_that_serves_no_page():
    """There nothing has loaded the addresses, nor the libraries that they load."""
    code = """
import django
django.setup()
from django.template.loader import get_template
get_template("emails/post_replied/body.html")
"""
    result = run(sys.executable, "-c", code, **SOUND)
    assert result.returncode == 0, result.stderr


def owed() -> str:
    out = StringIO()
    call_command("owed", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_worker_does_once_what_there_is_to_do(ada, ben, members_space, mailoutbox):
    make.reply(make.thread(members_space, ada), ben)
    Activity.objects.update(next_attempt_at=Activity.objects.first().created_at)
    assert "To be announced: 1" in owed()
    call_command("work", "--once")
    assert "To be announced: 0\nMails to be sent: 0" in owed()
    assert [mail.to for mail in mailoutbox] == [[ada.email]]
    call_command("work", "--once")
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_one_kind_of_work_that_fails_does_not_keep_the_others(ada, ben, members_space, mailoutbox, monkeypatch):
    from cdoforum.management.commands import work

    def broken(now):
        raise RuntimeError("no reminders today")

    monkeypatch.setattr(work, "remind_due", broken)
    monkeypatch.setattr(work, "expire_due", broken)
    make.reply(make.thread(members_space, ada), ben)
    Activity.objects.update(next_attempt_at=Activity.objects.first().created_at)
    call_command("work", "--once")
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_counts_can_be_checked_and_put_right(ada, members_space):
    make.thread(members_space, ada)
    SpaceStatistics.objects.update(thread_count=7, post_count=9)
    out = StringIO()
    call_command("recount", stdout=out)
    assert "--fix" in out.getvalue()
    call_command("recount", "--fix", stdout=StringIO())
    members_space.statistics.refresh_from_db()
    assert (members_space.statistics.thread_count, members_space.statistics.post_count) == (1, 1)
    again = StringIO()
    call_command("recount", stdout=again)
    assert "Every counter is right." in again.getvalue()


@pytest.mark.django_db
def test_there_is_no_migration_to_make():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)

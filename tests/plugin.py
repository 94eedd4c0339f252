"""What ran where: chosen by the environment, told in the last lines, and without skips in CI.

Tests marked `postgresql` or `redis` are left out where DATABASE_URL and REDIS_URL name neither, and counted. A skip is
something else: a thing that is missing on this machine. CI=true fails when there is one.
"""

import gc
import os
import shutil
import sqlite3
import subprocess

import pytest
from django.conf import settings
from django.db import connections

# What one worker does by itself, as it starts something that takes seconds. These groups are set by place, because
# pytest-xdist 3.8 can't read its own mark with pytest 9.2: it writes the group into an attribute that has gone.
TOGETHER = {"tests/journeys/": "journeys", "tests/live/": "live", "tests/test_seed_demo.py": "seed"}

LEFT_OUT = pytest.StashKey[dict[str, int]]()


def _database_kind() -> str:
    return settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]


def _reason_to_leave_out(item) -> str | None:
    if item.nodeid.startswith("tests/deploy/") and not any("deploy" in given for given in item.config.args):
        return "start the shipped deployment: make deploy-check"
    if item.get_closest_marker("postgresql") and _database_kind() != "postgresql":
        return "need PostgreSQL"
    if item.get_closest_marker("redis") and not settings.REDIS_URL:
        return "need Redis"
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadGroupScheduling

    class Scheduling(LoadGroupScheduling):
        def _split_scope(self, nodeid):
            group = next((group for place, group in TOGETHER.items() if nodeid.startswith(place)), None)
            return group or super()._split_scope(nodeid)

    return Scheduling(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_configure(config):
    config.stash[LEFT_OUT] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    # Before pytest-django sorts: tests that commit leave the tables empty, so they come last, and it has to know of
    # every other test that it uses the database, even if only by a fixture that it asks for while it runs.
    # The journeys use a site's own, since Django asks no database where Playwright's event loop runs; deploy does, too.
    for item in items:
        if item.nodeid.startswith("tests/journeys/"):
            item.add_marker(pytest.mark.browser)
        elif not item.nodeid.startswith("tests/deploy/") and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
    left_out = config.stash[LEFT_OUT]
    kept, deselected = [], []
    for item in items:
        reason = _reason_to_leave_out(item)
        (deselected if reason else kept).append(item)
        if reason:
            left_out[reason] = left_out.get(reason, 0) + 1
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = kept


def pytest_collection_finish():
    gc.freeze()  # what is loaded by now stays: looking through it again and again takes a twentieth of the time


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    config = session.config
    if hasattr(config, "workeroutput"):  # a worker of pytest-xdist: the controller speaks for all
        config.workeroutput["left_out"] = config.stash[LEFT_OUT]
        return
    if exitstatus == 0 and _is_ci() and _skipped(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    # Each worker collects every test, so any one of them knows the counts.
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter, config):
    skipped, left_out = len(_skipped(config)), config.stash[LEFT_OUT]
    parts = [f"Database: {_database()}", f"Channel layer: {_channel_layer()}", f"Browser: {_browser()}"]
    parts += [f"left out: {count} that {reason}" for reason, count in sorted(left_out.items())]
    parts.append(f"skipped: {skipped or 'none'}")
    terminalreporter.section("What ran where")
    terminalreporter.write_line(" · ".join(parts))
    if skipped and _is_ci():
        terminalreporter.write_line(
            "CI allows no skip: install what is missing, or mark what can't run here.", red=True
        )


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def _skipped(config) -> list:
    return config.pluginmanager.get_plugin("terminalreporter").stats.get("skipped", [])


def _database() -> str:
    if _database_kind() == "sqlite3":
        return f"SQLite {sqlite3.sqlite_version}"
    import psycopg

    given = connections["default"].get_connection_params() | {"dbname": "postgres"}
    keys = {"dbname", "host", "port", "user", "password"}
    try:
        with psycopg.connect(**{key: value for key, value in given.items() if key in keys}) as connection:
            return f"PostgreSQL {connection.info.server_version // 10_000}"
    except psycopg.Error as error:
        return f"PostgreSQL ({type(error).__name__})"


def _channel_layer() -> str:
    return "Redis" if settings.REDIS_URL else "in memory"


def _browser() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        return "none"
    version = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    return " ".join(version.split()[:2]) or "Chromium"

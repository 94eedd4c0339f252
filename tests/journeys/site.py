"""The site that journeys walk through: a real server, on a database and files of its own, filled as the demo is."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 60  # seconds
STOPS_WITHIN = 5


class SiteDidNotStart(Exception):
    """With the last words of what did not start."""


@contextmanager
def running_site(directory: Path, name: str) -> Iterator[str]:
    """→ the site's address. `name` tells sites apart that stand beside each other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with _database(directory, name) as database_url:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
            "DATABASE_URL": database_url,
            "MAIL_DIR": str(directory / "mail"),
            "MEDIA_ROOT": str(directory / "media"),
            "REDIS_PREFIX": name,
            "SITE_URL": address,
        }
        fill(environment, directory)
        with _server(environment, directory, port, address):
            yield address


def fill(environment: dict[str, str], directory: Path):
    for command in (["migrate", "-v", "0"], ["seed_demo"]):
        with (directory / f"{command[0]}.log").open("wb") as log:
            done = subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        if done.returncode:
            raise SiteDidNotStart(_last_words(Path(log.name)))


@contextmanager
def _database(directory: Path, name: str) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{directory / 'journeys.sqlite3'}"
        return
    import psycopg
    from psycopg.sql import SQL, Identifier

    parts = urlsplit(given)
    own = Identifier(name)
    admin = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(own))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(own))


@contextmanager
def _server(environment: dict[str, str], directory: Path, port: int, address: str) -> Iterator[None]:
    """Daphne, for pages and the socket alike, as in the demo."""
    command = [
        sys.executable,
        "-m",
        "daphne",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-v",
        "0",
        "cdoforum.asgi:application",
    ]
    with (directory / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(server, address, Path(log.name))
            yield
        finally:
            server.terminate()
            try:
                server.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:  # a tab's socket was open: docs/decisions/0005
                server.kill()
                server.wait()


def _wait_for(server: subprocess.Popen, address: str, log: Path):
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=STARTS_WITHIN):
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise SiteDidNotStart(_last_words(log))


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-4000:]


def name_of(worker: str) -> str:
    """A name for a site's database and Redis keys, that no other run has."""
    return re.sub(r"\W", "", f"forum_journeys_{worker}_{secrets.token_hex(4)}")

"""Real servers for the live tests, started as deploy/ starts them, on free ports, and stopped by their process id."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import httpx
import redis
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(command: list[str], log: Path, **environment):
    """A process of ours, with its output in `log`. SIGTERM first; what does not go is killed."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()  # Daphne with pages and sockets in one process hangs at SIGTERM; only the demo runs so
            process.wait()


def wait_for(port: int, process, log: Path, seconds: float = 40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"A server stopped at once:\n{log.read_text()[-3000:]}"
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"A server did not answer within {seconds} s:\n{log.read_text()[-3000:]}")


@contextmanager
def daphne_process(log: Path, application: str = "cdoforum.asgi:application", options: tuple = (), **environment):
    """Serves sockets, and pages as well → its port, and the process."""
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    with running([*command, *options, application], log, **environment) as process:
        wait_for(port, process, log)
        yield port, process


@contextmanager
def daphne(log: Path, **environment):
    """The same → its port."""
    with daphne_process(log, **environment) as (port, _):
        yield port


@contextmanager
def granian(log: Path, **environment):
    """Serves pages from a process of its own, as in production → its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1"]
    command += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "cdoforum.wsgi:application"]
    with running(command, log, **environment) as process:
        wait_for(port, process, log)
        yield port


class Redis:
    """A Redis server of our own, which can be away, full, read-only or silent."""

    def __init__(self, directory: Path):
        self.port, self.directory, self.process = free_port(), directory, None
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, cwd=self.directory, stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("Redis did not start.")

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def tell(self, *words):
        with redis.Redis(port=self.port) as client:
            client.execute_command(*words)

    def fill_up(self):
        """Writing is refused, as with `noeviction` and no memory left; reading goes on."""
        self.tell("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1")

    def empty(self):
        self.tell("CONFIG", "SET", "maxmemory", "0")

    def follow_nobody(self):
        """Read-only, as the replica of a server that does not answer."""
        self.tell("REPLICAOF", "127.0.0.1", str(free_port()))

    def lead(self):
        self.tell("REPLICAOF", "NO", "ONE")

    def fall_silent(self):
        """It takes connections and words, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def speak(self):
        self.process.send_signal(signal.SIGCONT)


def environment(tmp_path: Path, **more) -> dict[str, str]:
    """For servers that see what this test has written: its own PostgreSQL database, or a copy of the SQLite one."""
    if connection.vendor == "postgresql":
        given = connection.settings_dict
        account = given["USER"] + (f":{given['PASSWORD']}" if given["PASSWORD"] else "")
        address = f"postgres://{account}@{given['HOST'] or 'localhost'}:{given['PORT'] or 5432}/{given['NAME']}"
    else:
        file = tmp_path / "live.sqlite3"
        copy = sqlite3.connect(file)
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.close()
        address = f"sqlite:///{file}"
    return {
        "DJANGO_SETTINGS_MODULE": "cdoforum.settings.test",
        "DATABASE_URL": address,
        "REDIS_URL": "",
        "REDIS_PREFIX": f"live-{uuid.uuid4().hex}",
        "LOG_LEVEL": "WARNING",
    } | more


def ask(environment: dict[str, str], question: str) -> list[tuple]:
    """What the servers' database answers to a question in SQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchall()
    file = sqlite3.connect(environment["DATABASE_URL"].removeprefix("sqlite:///"))
    try:
        return file.execute(question).fetchall()
    finally:
        file.close()


def rows(environment: dict[str, str], thread_id: int) -> list[tuple]:
    """The truth: (number, version, html, deleted) of each post, as the database has it."""
    return ask(
        environment,
        f"SELECT number, version, html, deleted_at IS NOT NULL FROM community_post WHERE thread_id = {int(thread_id)} "
        "ORDER BY number",
    )


def wait_until(is_so, seconds: float = 60):
    """A server that does not answer yet is one more reason to wait."""
    end = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < end, f"It was not so within {seconds} s."
        time.sleep(0.1)

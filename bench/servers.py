"""The servers under measurement: started as production starts them, each on one core, stopped by their process id."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = CORES[-1], CORES[0]
BLOCKING_THREADS = 4  # as in deploy/forum-pages.service


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def granian(core: int, log: Path) -> Iterator[int]:
    """The page server → its port."""
    port = free_port()
    command = [
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--workers",
        "1",
        "--blocking-threads",
        str(BLOCKING_THREADS),
    ]
    with _running([*command, "--port", str(port), "cdoforum.wsgi:application"], core, log) as process:
        _wait(process, port, log)
        yield port


@contextmanager
def daphne(core: int, log: Path) -> Iterator[tuple[int, int]]:
    """The live server → its port and process id."""
    port = free_port()
    command = ["daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "cdoforum.asgi:application"]
    with _running(command, core, log) as process:
        _wait(process, port, log)
        yield port, process.pid


@contextmanager
def _running(command: list[str], core: int, log: Path) -> Iterator[subprocess.Popen]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdout=output,
            stderr=output,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen, port: int, log: Path, seconds: float = 30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"A server stopped at once; {log} says why.")
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-Proto": "https"})
            with urllib.request.urlopen(request, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"A server did not answer within {seconds} s; see {log}.")


def memory(pid: int) -> int:
    """Bytes that a process has for itself."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("The kernel does not say how much memory a process has.")


def stolen(seconds: float = 1.0) -> float:
    """The share of the machine's time that others take at the moment."""

    def ticks():
        values = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return sum(values), values[3] + values[4]

    total, idle = ticks()
    time.sleep(seconds)
    total_after, idle_after = ticks()
    return 1 - (idle_after - idle) / max(1, total_after - total)

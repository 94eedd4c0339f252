"""A light HTTP/1.1 client: what it costs must not be mistaken for what the server costs."""

import asyncio
import time
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Answer:
    status: int
    headers: bytes
    body: bytes


class Wrong(Exception):
    """The server answered something else than the measurement is about."""


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time. The server must say Content-Length."""

    def __init__(self):
        self.received = bytearray()
        self.waiting: asyncio.Future | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(Wrong("The server closed the connection."))

    def data_received(self, data):
        self.received += data
        head = self.received.find(b"\r\n\r\n")
        if head < 0:
            return
        headers = bytes(self.received[:head]).lower()
        at = headers.find(b"content-length:")
        length = int(headers[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.received) >= head + 4 + length:
            body = bytes(self.received[head + 4 : head + 4 + length])
            self.received.clear()
            self.waiting.set_result(Answer(int(headers[9:12]), headers, body))

    async def ask(self, request: bytes) -> Answer:
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.waiting

    def close(self):
        self.transport.close()


def get(path: str, session: str = "", **headers: str) -> bytes:
    return _head("GET", path, session, headers) + b"\r\n"


def post(path: str, form: str, session: str, **headers: str) -> bytes:
    body = form.encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body)), **headers}
    return _head("POST", path, session, headers) + b"\r\n" + body


CSRF = "b" * 32  # any value does, as long as cookie and header agree


def _head(verb: str, path: str, session: str, headers: dict[str, str]) -> bytes:
    """As nginx hands it on: over https, to the site's own host."""
    lines = [f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1", "X-Forwarded-Proto: https"]
    if session:
        lines.append(f"Cookie: csrftoken={CSRF}; sessionid={session}")
    if verb == "POST":
        lines += [f"X-CSRFToken: {CSRF}", "Origin: https://127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n"


@dataclass(frozen=True)
class Load:
    """What one round of load has shown."""

    per_second: float
    p50: float  # milliseconds
    p95: float


async def load(port: int, requests: list[list[bytes]], seconds: float, status: int = 200) -> Load:
    """Keeps one connection busy for each list of requests, round and round, for some seconds."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def keep_busy(own: list[bytes]):
        connection = await Connection.open(port)
        n = 0
        while (begun := time.perf_counter()) < end:
            answer = await connection.ask(own[n % len(own)])
            taken.append(time.perf_counter() - begun)
            if answer.status != status:
                raise Wrong(f"{own[n % len(own)].splitlines()[0].decode()} was answered {answer.status}.")
            n += 1
        connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(keep_busy(own) for own in requests))
    return Load(len(taken) / (time.perf_counter() - begun), *milliseconds(taken, 50, 95))


async def one_by_one(port: int, requests: list[bytes], status: int = 200) -> list[float]:
    """Sends the requests one after another → seconds each took."""
    connection = await Connection.open(port)
    taken = []
    for request in requests:
        begun = time.perf_counter()
        answer = await connection.ask(request)
        taken.append(time.perf_counter() - begun)
        if answer.status != status:
            raise Wrong(f"{request.splitlines()[0].decode()} was answered {answer.status}.")
    connection.close()
    return taken


def milliseconds(taken: list[float], *percentiles: int) -> list[float]:
    cuts = quantiles(taken, n=100, method="inclusive")
    return [(median(taken) if p == 50 else cuts[p - 1]) * 1000 for p in percentiles]

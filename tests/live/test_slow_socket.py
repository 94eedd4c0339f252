"""A tab that has stopped reading: it is let go, it costs no memory, and nobody else notices."""

import asyncio
import json
import random
import re
import select
import socket
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.live import servers
from tests.live.tab import Tab, until
from tests.live.test_delivery import Author, check, complaints, write_a_thread

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]

SLOW_TABS = 12
QUOTES = '"' * 9_800  # six bytes each in a frame: &quot;
REPLIES_OF_EACH = 16
MEGABYTE = 1024 * 1024
PATIENT = ("--ping-interval", "3600")  # Daphne itself would let go, sooner or later, of who does not answer its ping
ROOM = 40 * MEGABYTE  # what the tabs would leave unsent together is more than twice as much


@contextmanager
def tab_that_stops_reading(port: int, session: str, topic: str):
    """A socket that says what it watches, and then never takes a word from the server. A small buffer fills soon."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", port))
        connection.sendall(
            f"GET /live/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:8000\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: sessionid={session}\r\n\r\n".encode()
        )
        greeting = b""
        while b"\r\n\r\n" not in greeting:
            greeting += connection.recv(1)
        assert b" 101 " in greeting
        words = json.dumps({"watch": topic, "version": 2}).encode()
        connection.sendall(bytes([0x81, 0x80 | len(words)]) + bytes(4) + words)  # masked with zeros (RFC 6455, 5.3)
        heard = b""  # nothing is newer, so the answer is short
        while b'"thread"' not in heard:
            heard += connection.recv(100)
        yield connection


def is_hung_up(connection: socket.socket) -> bool:
    poll = select.poll()
    poll.register(connection, 0)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


def memory(process) -> int:
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024


@pytest.mark.redis
@pytest.mark.parametrize("application", ["cdoforum.asgi", "tests.live.other_twisted"])
def test_a_tab_that_stops_reading_is_let_go_and_catches_up(application, members_space, tmp_path):
    thread_id, sessions = write_a_thread(members_space)
    environment = servers.environment(tmp_path, REDIS_URL=settings.REDIS_URL)
    log = tmp_path / "servers.log"

    async def story(pages, port, process, slow: ExitStack):
        async with httpx.AsyncClient(timeout=40) as http:
            authors = [Author(session, pages, thread_id, http) for session in sessions]
            tab = Tab(thread_id, sessions[1], pages, port)
            tab.may_disconnect = False
            task = asyncio.create_task(tab.run(http, random.Random(1)))
            await until(lambda: tab.version == 1, 20, "the tab has the thread")
            await authors[0].reply(QUOTES)  # so that what one post costs is not counted below
            opened = [
                await asyncio.to_thread(slow.enter_context, tab_that_stops_reading(port, sessions[2], tab.topic))
                for _ in range(SLOW_TABS)
            ]
            before, most = memory(process), 0
            for number in range(REPLIES_OF_EACH - 1):
                for author in authors:
                    await author.reply(f"{number} {QUOTES}")
                    most = max(most, memory(process))
            await until(lambda: all(map(is_hung_up, opened)), 10, "who does not read is let go")
            assert most - before < ROOM, f"{(most - before) // MEGABYTE} MB more"

            truth = await asyncio.to_thread(servers.rows, environment, thread_id)
            await until(lambda: tab.version == len(truth), 20, "the other tab has everything")
            assert (tab.gaps, tab.connections) == (0, 1)
            back = Tab(thread_id, sessions[2], pages, port)
            back.version = 2
            await back.catch_up(http)
            assert sorted(back.posts) == list(range(3, len(truth) + 1))
            task.cancel()
            return tab, truth, sum(len(author.own) for author in authors)

    with (
        servers.granian(log, **environment) as pages,
        servers.daphne_process(log, f"{application}:application", PATIENT, **environment) as (port, process),
        ExitStack() as slow,
    ):
        tab, truth, posted = asyncio.run(story(pages, port, process, slow))
    check([tab], truth, posted)
    assert complaints(log) == []

"""A server of which the hub knows nothing but `send`, which waits until the reader takes what was sent before."""

import asyncio
import json

import pytest

from cdoforum.asgi import application
from lib import live
from tests import make
from tests.live.sockets import in_thread, open_socket

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]
QUOTES = '"' * 9_800  # six bytes each in a frame: &quot;


class Server:
    """Takes one frame with posts at once, and the next when the reader goes on."""

    def __init__(self):
        self.reads = asyncio.Event()
        self.reads.set()

    async def __call__(self, scope, receive, send):
        async def wait_and_send(message):
            if "posts" in json.loads(message.get("text", "{}")):
                await self.reads.wait()
            await send(message)

        await application(scope, receive, wait_and_send)


async def test_frames_come_one_after_another(ben, sal, thread):
    server = Server()
    async with open_socket(sal, server) as tab:
        await tab.watch(thread)
        server.reads.clear()
        await in_thread(make.reply, thread=thread, author=ben)
        await tab.say({"beat": {}})
        assert await tab.is_quiet(), "an answer must not overtake the post"
        server.reads.set()
        assert (await tab.hear())["version"] == 2
        assert await tab.hear() == {"beat": True}


async def test_a_reader_who_leaves_too_much_unread_is_sent_away_and_can_come_back(ben, sal, thread):
    server = Server()
    async with open_socket(sal, server) as tab:
        await tab.watch(thread)
        server.reads.clear()
        for _ in range(12):  # of some 60 kB each
            await in_thread(make.reply, thread=thread, author=ben, source=QUOTES)
        assert await tab.close_code() == live.GONE
        assert not live.hub().sockets
        server.reads.set()
        assert await tab.is_quiet(), "nothing is sent after the goodbye"
    async with open_socket(sal, server) as tab:
        assert (await tab.watch(thread, version=1))["behind"] == 13

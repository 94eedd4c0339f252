"""A tab as docs/architecture.md (Live threads) tells clients to be: the protocol once more, in Python."""

import asyncio
import contextlib
import json
import random

import httpx
import websockets

BEAT_SECONDS = 2.0  # a browser's is 25 s; a test has no time
PATIENCE_SECONDS = 15


class Tab:
    """Watches one thread, loses its connection now and then, and catches up."""

    def __init__(self, thread_id: int, session: str, pages: int, sockets: int):
        self.topic, self.cookie = f"thread:{thread_id}", {"Cookie": f"sessionid={session}"}
        self.changes_url = f"http://127.0.0.1:{pages}/threads/{thread_id}/changes/"
        self.socket_url = f"ws://127.0.0.1:{sockets}/live/"
        self.version, self.posts, self.thread = 0, {}, {}
        self.applied = []  # the versions of the frames that came by themselves and fitted
        self.connections = self.gaps = 0
        self.is_live = None
        self.may_disconnect = True

    async def run(self, http: httpx.AsyncClient, chance: random.Random):
        while True:
            with contextlib.suppress(websockets.WebSocketException, OSError, TimeoutError):
                await self._connection(http, chance)
            await asyncio.sleep(chance.uniform(0.05, 0.6))

    async def _connection(self, http, chance):
        async with websockets.connect(
            self.socket_url, additional_headers=self.cookie, origin="http://127.0.0.1:8000",
            open_timeout=PATIENCE_SECONDS, close_timeout=1, ping_interval=None,
        ) as socket:  # fmt: skip
            self.connections += 1
            await socket.send(json.dumps({"watch": self.topic, "version": self.version}))
            clock, breaks_at = asyncio.get_running_loop().time, None
            while not (self.may_disconnect and breaks_at and clock() >= breaks_at):
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        message = json.loads(await socket.recv())
                except TimeoutError:
                    await socket.send(json.dumps({"beat": {self.topic: self.version}}))
                    continue
                await self._hear(message, http)
                if breaks_at is None and message.get("to") == self.topic:
                    breaks_at = clock() + chance.uniform(1, 10)
            socket.transport.abort()  # no goodbye: a train went into a tunnel

    async def _hear(self, message: dict, http):
        if "live" in message:
            self.is_live = message["live"]
        if message.get("to") != self.topic:
            return
        assert "gone" not in message, "Nobody lost a right in this test"
        if "behind" in message:
            await self.catch_up(http)
        elif message["version"] <= self.version:
            pass  # known already
        elif message["from"] == self.version:
            self.applied.append(message["version"])
            self._apply(message)
            if message.get("more"):
                await self.catch_up(http)
        else:
            self.gaps += 1
            await self.catch_up(http)

    async def catch_up(self, http):
        more = True
        while more:
            response = await http.get(self.changes_url, params={"since": self.version}, headers=self.cookie)
            response.raise_for_status()
            answer = response.json()
            self._apply(answer)
            more = answer["more"]

    def _apply(self, message: dict):
        for post in message["posts"]:
            known = self.posts.get(post["number"])
            if known is None or known["version"] < post["version"]:
                self.posts[post["number"]] = post
        self.version, self.thread = message["version"], message["thread"]


async def until(is_so, seconds: float, what: str):
    """Waits until something is so; fails with what it waited for."""
    end = asyncio.get_running_loop().time() + seconds
    while not is_so():
        assert asyncio.get_running_loop().time() < end, f"Waited {seconds} s in vain: {what}"
        await asyncio.sleep(0.05)

"""Sockets in this process: the consumer as the site has it, with its check of the Origin, on the in-memory layer."""

import asyncio
import json
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from cdoforum.asgi import application

SECONDS = 5  # for an answer; on a busy machine a thread may wait for its turn
QUIET_SECONDS = 0.3  # without a word in this time, nothing is coming


def in_thread(function, **kwargs):
    """An action, as a request in another thread would do it."""
    return sync_to_async(function)(**kwargs)


class Socket:
    def __init__(self, communicator: WebsocketCommunicator, session_key: str):
        self.communicator = communicator
        self.session_key = session_key

    async def say(self, message):
        await self.communicator.send_to(text_data=message if isinstance(message, str) else json.dumps(message))

    async def hear(self, **wanted) -> dict:
        """The next message which has these keys with these values; others are passed over."""
        while True:
            message = json.loads(await self.communicator.receive_from(SECONDS))
            if all(message.get(key) == value for key, value in wanted.items()):
                return message

    async def ask(self, message) -> dict:
        """Says something, and returns the answer to it: not the hints that come by themselves."""
        await self.say(message)
        while True:
            answer = await self.hear()
            if "live" not in answer and "unread" not in answer:
                return answer

    async def watch(self, thread, version: int = 0) -> dict:
        return await self.ask({"watch": thread.topic, "version": version})

    async def is_quiet(self) -> bool:
        return await self.communicator.receive_nothing(QUIET_SECONDS)

    async def close_code(self) -> int:
        """With which code the server closes the socket; what it says before is passed over."""
        while True:
            output = await self.communicator.receive_output(SECONDS)
            if output["type"] == "websocket.close":
                return output["code"]


@sync_to_async
def session_cookie(member) -> str:
    client = Client()
    client.force_login(member)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


async def connect(
    session_key: str = "", origin: str = "http://testserver", server=application
) -> tuple[WebsocketCommunicator, bool]:
    headers = [(b"host", b"testserver")]
    if origin:
        headers.append((b"origin", origin.encode()))
    if session_key:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode()))
    communicator = WebsocketCommunicator(server, "/live/", headers=headers)
    accepted, _ = await communicator.connect(SECONDS)
    return communicator, accepted


@asynccontextmanager
async def open_socket(member=None, server=application):
    """A tab of this member (None: a visitor's). It has heard that the connection is live, and what the bell says."""
    session_key = await session_cookie(member) if member else ""
    communicator, accepted = await connect(session_key, server=server)
    assert accepted
    socket = Socket(communicator, session_key)
    await socket.hear(live=True)
    if member:
        await socket.ask({"beat": {}})  # by then all that comes by itself has come
    try:
        yield socket
    finally:
        await communicator.disconnect()
        await asyncio.sleep(0)

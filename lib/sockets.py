"""One open connection, and the two ways by which a frame reaches it."""

import asyncio
import logging
import struct
from collections import deque
from collections.abc import Callable
from functools import cache

logger = logging.getLogger(__name__)

BACKLOG_BYTES = 512 * 1024  # what a socket that does not read may leave unsent before it is closed

# What writing past Autobahn needs. Some of these names are private, so a new version may be without them.
OF_PROTOCOL = ("state", "STATE_OPEN")  # Daphne's, which is Autobahn's
OF_TRANSPORT = ("writeSomeData", "write", "dataBuffer", "_tempDataLen", "abortConnection")  # Twisted's


class Socket:
    """What the hub knows of one open connection. `topics` maps a topic to the space it lies in, or None."""

    __slots__ = ("__weakref__", "line", "member_id", "protocol", "send", "session_key", "topics")

    def __init__(self, send: Callable, member_id: int | None = None, session_key: str = ""):
        self.send = send
        self.member_id = member_id
        self.session_key = session_key
        self.topics: dict[str, int | None] = {}
        # Daphne hands its own protocol object in as the first argument of `send` (a partial), unless a middleware
        # has wrapped it.
        protocol = next(iter(getattr(send, "args", ())), None)
        transport = getattr(protocol, "transport", None)
        missing = (
            *(name for name in OF_PROTOCOL if not hasattr(protocol, name)),
            *(name for name in OF_TRANSPORT if not hasattr(transport, name)),
        )
        if transport and missing:
            _warn(missing)
        self.protocol = None if missing else protocol
        self.line = Line(send, transport) if missing else None

    @property
    def is_open(self) -> bool:
        return not self.line.is_closed if self.line else self.protocol.state == self.protocol.STATE_OPEN

    def write(self, text: str, frame: bytes) -> bool:
        """Writes a text, which is also given as a frame that is ready to go. False when too much waits already for
        whoever has stopped reading.

        What the kernel takes at once it gets at once. Handing the frame to Autobahn and Twisted instead, which wait
        for the loop's next round and ask epoll twice for each socket, costs four times as much at 1,000 sockets.
        """
        if self.line:
            return self.line.put(text, len(frame))
        transport = self.protocol.transport
        waiting = len(transport.dataBuffer) + transport._tempDataLen
        if waiting > BACKLOG_BYTES:
            return False
        if not waiting:
            taken = transport.writeSomeData(frame)
            frame = frame[taken:] if isinstance(taken, int) else b""  # not a number: the connection is lost
        if frame:
            transport.write(frame)
        return True

    async def close(self, code: int):
        if self.line:
            self.line.close()
        await self.send({"type": "websocket.close", "code": code})

    async def abort(self, code: int):
        """Ends it without a goodbye where that is possible: who does not read would not read it."""
        if self.protocol:
            self.protocol.transport.abortConnection()
        else:
            await self.close(code)


class Line:
    """The ordinary way: through the server's own `send`, one text after another.

    A server may wait in `send` until the reader has taken enough. Twisted does not, but tells its producer when its
    buffer is full. Either way the texts wait here, where they are counted.
    """

    def __init__(self, send: Callable, transport=None):
        self.send = send
        self.texts: deque[tuple[str, int]] = deque()
        self.waiting = 0  # bytes
        self.is_closed = False
        self.task: asyncio.Task | None = None
        self.may_send = asyncio.Event()
        self.may_send.set()
        if hasattr(transport, "registerProducer"):
            transport.unregisterProducer()  # what has answered the HTTP request
            transport.registerProducer(self, True)

    def put(self, text: str, size: int) -> bool:
        """Lets a text wait for its turn. False, and the line is closed, when too much waits already."""
        if self.waiting > BACKLOG_BYTES:
            self.close()
            return False
        self.texts.append((text, size))
        self.waiting += size
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._send_all())
        return True

    async def _send_all(self):
        while self.texts:
            await self.may_send.wait()
            text, size = self.texts.popleft()
            await self.send({"type": "websocket.send", "text": text})
            self.waiting -= size

    def close(self):
        """Nothing is sent any more, as nobody takes it."""
        self.is_closed = True
        if self.task:
            self.task.cancel()

    # Twisted's IPushProducer

    def pauseProducing(self):
        self.may_send.clear()

    def resumeProducing(self):
        self.may_send.set()

    def stopProducing(self):
        self.close()


@cache
def _warn(missing: tuple[str, ...]):
    """Once in a process."""
    logger.warning("Daphne, Autobahn or Twisted has changed (no %s): frames take a slower way.", ", ".join(missing))


def text_frame(text: str) -> bytes:
    """A WebSocket text frame as a server sends it: whole, and not masked (RFC 6455, 5.2)."""
    payload = text.encode()
    if len(payload) < 126:
        return struct.pack("!BB", 0x81, len(payload)) + payload
    if len(payload) < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, len(payload)) + payload
    return struct.pack("!BBQ", 0x81, 127, len(payload)) + payload

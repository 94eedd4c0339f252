"""Live delivery: one hub per process hands each message to that process's sockets.

The database is the truth, and the channel layer a hint that may get lost: whoever listens catches up from the
database. So publishing never fails and never waits.

Why not one channel per socket, as Channels does by default: at 1,000 sockets that costs ten times as much
(docs/decisions/0003-one-hub-per-process.md). Here the hub alone talks to the channel layer, and joins each
group once; a frame is serialised once, and under Daphne framed once, too.
"""

import asyncio
import json
import logging
import threading
from collections import defaultdict
from collections.abc import Iterable

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from .sockets import Socket, text_frame

logger = logging.getLogger(__name__)

EVERY_HUB = "hubs"  # the group in which the hubs hear what concerns sockets whatever they watch
PULSE_SECONDS = 5.0  # how often a hub asks the channel layer to hand its own message back
LAYER_SECONDS = 3.0  # how long the channel layer may take for anything

LAYER_ERRORS = (OSError, TimeoutError, RedisError)  # the channel layer can't be reached

GONE = 4001  # close code: the session, or a right, has ended; come back and ask again


def group_name(topic: str) -> str:
    """The channel layer's name for a topic such as `thread:12` (it allows no colon)."""
    return "topic." + topic.replace(":", ".")


def as_json(payload: dict) -> str:
    """Small: a letter that is not of ASCII takes two bytes, and not the six of an escape."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)


class Hub:
    """The sockets of this process, by topic. Lives on one event loop, and is used only from it."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.layer = get_channel_layer()
        self.channel = None
        self.sockets: set[Socket] = set()
        self.watchers: defaultdict[str, set[Socket]] = defaultdict(set)
        self.joining: dict[str, asyncio.Task | None] = {}  # by topic: None once the channel layer has it
        self.is_live = False  # whether the channel layer carries messages at this moment
        self.may_have_missed = False
        self.pulse_heard = asyncio.Event()
        self.tasks: set[asyncio.Task] = set()
        self._spawn(self._keep_listening())

    def _spawn(self, coroutine) -> asyncio.Task:
        task = self.loop.create_task(coroutine)
        self.tasks.add(task)  # the loop itself keeps weak references only
        task.add_done_callback(self.tasks.discard)
        return task

    # --- Sockets come and go ------------------------------------------------------------------

    async def enter(self, socket: Socket):
        """Takes a new connection in, and tells it whether it can count on hints."""
        self.sockets.add(socket)
        await self.tell(socket, json.dumps({"live": self.is_live}))

    async def watch(self, socket: Socket, topic: str, space_id: int | None = None):
        """Hands this topic's messages to this socket from now on. Whether it may is the caller's business."""
        socket.topics[topic] = space_id
        self.watchers[topic].add(socket)
        if topic not in self.joining:
            self.joining[topic] = self._spawn(self._join(topic))
        # Whoever comes while the first one joins waits, too: else a message could fall between joining and catching up.
        if joining := self.joining[topic]:
            await asyncio.shield(joining)

    async def unwatch(self, socket: Socket, topic: str):
        socket.topics.pop(topic, None)
        self.watchers[topic].discard(socket)
        if not self.watchers[topic]:
            del self.watchers[topic]
            self.joining.pop(topic, None)
            await self._leave(topic)

    async def leave(self, socket: Socket):
        self.sockets.discard(socket)
        if socket.line:
            socket.line.close()
        for topic in list(socket.topics):
            await self.unwatch(socket, topic)

    async def tell(self, socket: Socket, text: str):
        """Says something to one socket: an answer, which costs as much room as a message when nobody reads it."""
        self.deliver([socket], text)

    async def close(self, socket: Socket, code: int):
        self.sockets.discard(socket)
        await socket.close(code)

    # --- Messages -----------------------------------------------------------------------------

    def deliver(self, sockets: Iterable[Socket], text: str):
        """Writes one text frame to each of the sockets; who is too slow is closed, and catches up later."""
        frame = text_frame(text)
        for socket in list(sockets):
            if not socket.is_open:
                self.sockets.discard(socket)
            elif not socket.write(text, frame):
                self.sockets.discard(socket)
                self._spawn(socket.abort(GONE))

    def drop(self, *, member_id: int | None = None, session_key: str | None = None, space_id: int | None = None):
        """Closes the sockets of a member, of a session, or those which watch something in a space."""
        for socket in list(self.sockets):
            if (
                (member_id is not None and socket.member_id == member_id)
                or (session_key is not None and socket.session_key == session_key)
                or (space_id is not None and space_id in socket.topics.values())
            ):
                self._spawn(self.close(socket, GONE))

    def _receive(self, message: dict):
        match message["type"]:
            case "live.frame":
                self.deliver(self.watchers.get(message["topic"], ()), message["text"])
            case "live.drop":
                self.drop(**message["whom"])
            case "live.pulse":
                self.pulse_heard.set()

    # --- The channel layer ----------------------------------------------------------------------

    async def _keep_listening(self):
        """Listens, and asks itself every few seconds whether it still hears: that is what `is_live` means."""
        while True:
            try:
                async with asyncio.timeout(LAYER_SECONDS):
                    self.channel = self.channel or await self.layer.new_channel()
                    await self.layer.group_add(EVERY_HUB, self.channel)
                break
            except LAYER_ERRORS:
                self.may_have_missed = True
                await asyncio.sleep(PULSE_SECONDS)
        self._spawn(self._keep_receiving())
        while True:
            self.pulse_heard.clear()
            try:
                async with asyncio.timeout(LAYER_SECONDS):
                    await self.layer.send(self.channel, {"type": "live.pulse"})
                    await self.pulse_heard.wait()
                await self._set_live(True)
            except LAYER_ERRORS:
                await self._set_live(False)
            await asyncio.sleep(PULSE_SECONDS if self.is_live else 1)

    async def _keep_receiving(self):
        while True:
            try:
                self._receive(await self.layer.receive(self.channel))
            except LAYER_ERRORS:
                await asyncio.sleep(1)
            except Exception:  # one message that can't be handled must not make the whole process deaf
                logger.exception("A message of the channel layer could not be handled.")

    async def _set_live(self, is_live: bool):
        self.may_have_missed |= not is_live
        if is_live == self.is_live:
            return
        if is_live:  # once all groups are joined which could not be while the layer was away
            for topic in list(self.watchers):
                if not await self._joined(topic):
                    return
        self.is_live = is_live
        logger.log(
            logging.INFO if is_live else logging.WARNING,
            "The channel layer %s.",
            "is back" if is_live else "can't be reached",
        )
        if is_live and self.may_have_missed:
            self.may_have_missed = False
            for socket in list(self.sockets):  # a drop may be among what was missed: each comes back, and asks again
                self._spawn(self.close(socket, GONE))
        else:
            self.deliver(self.sockets, json.dumps({"live": is_live}))

    async def _join(self, topic: str):
        if self.channel is None:
            return  # before the first pulse: all topics are joined with it
        if not await self._joined(topic):
            await self._set_live(False)  # and when it is live again, this topic is joined with all the others
        elif self.joining.get(topic) is asyncio.current_task():
            self.joining[topic] = None  # each member has a topic, and a task that is done weighs a kilobyte

    async def _joined(self, topic: str) -> bool:
        return await self._try(self.layer.group_add, topic)

    async def _leave(self, topic: str):
        if self.channel:
            await self._try(self.layer.group_discard, topic)

    async def _try(self, verb, topic: str) -> bool:
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await verb(group_name(topic), self.channel)
        except LAYER_ERRORS as error:
            logger.warning("The channel layer did not answer (%s).", type(error).__name__)
            return False
        return True


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop, made when the first socket asks for it."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]


# --- Publishing, from any process and thread ----------------------------------------------------

_publisher_lock = threading.Lock()
_publisher_loop: asyncio.AbstractEventLoop | None = None


def _loop() -> asyncio.AbstractEventLoop:
    """Where publishing runs: with the hub if this process has one, else on one thread that stays.

    A loop per call (`async_to_sync`) would open a Redis connection per call: 2.9 ms each.
    """
    global _publisher_loop
    for loop in _hubs:
        if loop.is_running():
            return loop
    with _publisher_lock:
        if _publisher_loop is None:
            _publisher_loop = asyncio.new_event_loop()
            threading.Thread(target=_publisher_loop.run_forever, name="live-publisher", daemon=True).start()
    return _publisher_loop


async def _publish(group: str, message: dict):
    for attempt in ("first", "last"):
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                return await get_channel_layer().group_send(group, message)
        except LAYER_ERRORS as error:
            # The first finds out that a connection has died since, and the second gets a new one. After that a hint is
            # lost: tabs learn of what they missed by their next heartbeat, or by asking for changes.
            if attempt == "last":
                logger.warning("A broadcast was not sent (%s).", type(error).__name__)


def publish(topic: str, payload: dict):
    """Sends `payload` as one JSON frame to every tab that watches `topic`, in every process. Returns at once."""
    frame = {"type": "live.frame", "topic": topic, "text": as_json({"to": topic, **payload})}
    asyncio.run_coroutine_threadsafe(_publish(group_name(topic), frame), _loop())


def drop(**whom):
    """Closes sockets everywhere: `member_id=`, `session_key=` or `space_id=`. They may come back and ask anew."""
    asyncio.run_coroutine_threadsafe(_publish(EVERY_HUB, {"type": "live.drop", "whom": whom}), _loop())


def check(seconds: float):
    """Hands the channel layer a message to nobody. Raises one of LAYER_ERRORS when it isn't taken within this time.

    On the loop, and by the connection, that publishing uses: it is cheap, and says what publishing would meet.
    """

    async def send():
        async with asyncio.timeout(seconds):
            await get_channel_layer().group_send("health", {"type": "health"})

    sent = asyncio.run_coroutine_threadsafe(send(), _loop())
    try:
        sent.result(seconds + 0.2)  # a loop that is stuck doesn't watch the time
    finally:
        sent.cancel()

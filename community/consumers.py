"""The live socket at /live/: one for each open tab.

The client says    {"watch": "thread:12", "version": 40}    {"unwatch": "thread:12"}    {"beat": {"thread:12": 43}}
                   {"read": {"thread": 12, "number": 30}}
The server says    {"live": true}    {"to": "thread:12", "from": 43, "version": 44, "posts": […], "thread": {…}}
                   {"to": "thread:12", "gone": true}    {"to": "thread:12", "behind": 45}
                   {"to": "member:7", "unread": 3}    {"beat": true}    {"error": "…"}
"""

import json
import time

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, parse_cookie

from lib import live
from lib.numbers import LARGEST, whole
from members.models import Member
from members.sessions import SessionStore

from . import access, queries
from .actions import reading

MAX_MESSAGE_CHARACTERS = 2_000
MAX_THREADS = 20  # watched by one tab, beside the bell
# A tab says a few words when it opens and then one each 25 s; this many at once, and then this many a second.
BURST, RATE = 40, 5.0
CATCH_UP_CHARACTERS = 200_000  # more would not fit into one message: the tab asks for it by `changes`
SAID_TOO_MUCH = 4008  # close code: of those that an application may use (RFC 6455, 7.4.2)


class LiveConsumer(AsyncWebsocketConsumer):
    channel_layer_alias = None  # the hub alone talks to the channel layer
    hub: live.Hub | None = None

    async def __call__(self, scope, receive, send):
        try:
            await super().__call__(scope, receive, send)
        finally:  # however it ended: a socket that the hub does not forget stays in memory for ever
            if self.hub:
                await self.hub.leave(self.socket)

    async def connect(self):
        self.tokens, self.counted_at = float(BURST), time.monotonic()
        session_key = _cookie(self.scope, settings.SESSION_COOKIE_NAME)
        # The number and not the member, and no headers any more: there are many sockets, and they stay.
        self.member_id = await _member_of(session_key)
        self.scope["headers"].clear()
        self.socket = live.Socket(self.base_send, self.member_id, session_key)
        self.hub = live.hub()
        await self.accept()
        await self.hub.enter(self.socket)
        if self.member_id:
            bell = f"member:{self.member_id}"
            await self.hub.watch(self.socket, bell)
            await self._say({"to": bell, "unread": await _unread(self.member_id)})  # a ring may have been missed

    async def receive(self, text_data=None, bytes_data=None):
        if not self._within_rate():
            return await self.close(SAID_TOO_MUCH)
        if text_data is None or len(text_data) > MAX_MESSAGE_CHARACTERS:
            return await self.close(SAID_TOO_MUCH)
        match _parse(text_data):
            case {"watch": str(topic), "version": version} if _is_number(version) and (thread_id := _thread_id(topic)):
                await self._watch(topic, thread_id, version)
            case {"unwatch": str(topic)} if topic in self.socket.topics and _thread_id(topic):
                await self.hub.unwatch(self.socket, topic)
            case {"beat": dict(versions)}:
                await self._beat(versions)
            case {"read": {"thread": thread_id, "number": number}} if _is_number(thread_id, 1) and _is_number(
                number, 1
            ):
                await self._read(thread_id, number)
            case _:
                await self._say({"error": "This message was not understood."})

    def _within_rate(self) -> bool:
        now = time.monotonic()
        self.tokens = min(BURST, self.tokens + (now - self.counted_at) * RATE) - 1
        self.counted_at = now
        return self.tokens >= 0

    async def _say(self, payload: dict):
        await self.hub.tell(self.socket, live.as_json(payload))

    async def _watch(self, topic: str, thread_id: int, version: int):
        """Access first, then join, then what is newer: nothing falls between. The second question of access, in
        `changes`, is for a right that was lost meanwhile."""
        if sum(_thread_id(watched) is not None for watched in self.socket.topics) >= MAX_THREADS:
            return await self._say({"error": f"A tab can watch {MAX_THREADS} threads."})
        try:
            space_id = await _space_of(self.member_id, thread_id)
            await self.hub.watch(self.socket, topic, space_id)
            changes = await _changes(self.member_id, thread_id, version)
        except Http404:
            return await self._gone(topic)
        if sum(len(post["html"]) for post in changes["posts"]) > CATCH_UP_CHARACTERS:
            return await self._say({"to": topic, "behind": changes["version"]})
        await self._say({"to": topic, "from": version, **changes})

    async def _gone(self, topic: str):
        await self.hub.unwatch(self.socket, topic)
        await self._say({"to": topic, "gone": True})

    async def _beat(self, versions: dict):
        """The heartbeat: is the session still good, may the tab still read what it watches, is it behind?"""
        if self.socket.session_key and await _member_of(self.socket.session_key) != self.member_id:
            return await self.close(live.GONE)
        ids = {topic: thread_id for topic in self.socket.topics if (thread_id := _thread_id(topic))}
        present = await _versions(self.member_id, list(ids.values()))
        for topic, thread_id in ids.items():
            known = versions.get(topic)
            if thread_id not in present:
                await self._gone(topic)
            elif _is_number(known) and present[thread_id] > known:
                await self._say({"to": topic, "behind": present[thread_id]})
        await self._say({"beat": True})

    async def _read(self, thread_id: int, number: int):
        if self.member_id:
            try:
                await _mark_read(self.member_id, thread_id, number)
            except Http404:
                await self._say({"to": f"thread:{thread_id}", "gone": True})


def _parse(text: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_number(value, least: int = 0) -> bool:
    """JSON's true is one of Python's integers, but no version."""
    return type(value) is int and least <= value <= LARGEST


def _thread_id(topic: str) -> int | None:
    number = whole(topic.removeprefix("thread:"))
    return number if topic == f"thread:{number}" else None


def _cookie(scope, name: str) -> str:
    header = dict(scope["headers"]).get(b"cookie", b"").decode("latin1")
    return parse_cookie(header).get(name, "")


# --- The database, in a thread ------------------------------------------------------------------


@database_sync_to_async
def _member_of(session_key: str) -> int | None:
    member = SessionStore(session_key).authenticated_member() if session_key else None
    return member.pk if member else None


@database_sync_to_async
def _unread(member_id: int) -> int:
    return Member.objects.filter(pk=member_id).values_list("unread_count", flat=True).first() or 0


@database_sync_to_async
def _space_of(member_id: int | None, thread_id: int) -> int:
    return access.thread(_viewer(member_id), thread_id).space_id


@database_sync_to_async
def _changes(member_id: int | None, thread_id: int, since: int) -> dict:
    return queries.changes(_viewer(member_id), thread_id, since)


@database_sync_to_async
def _versions(member_id: int | None, thread_ids: list[int]) -> dict[int, int]:
    return dict(access.threads(_viewer(member_id)).filter(pk__in=thread_ids).values_list("pk", "version"))


@database_sync_to_async
def _mark_read(member_id: int, thread_id: int, number: int):
    member = _viewer(member_id)
    if member.is_authenticated:
        reading.mark_read(reader=member, thread=access.thread(member, thread_id), number=number)


def _viewer(member_id: int | None) -> Member | AnonymousUser:
    """With the standing of this moment: a socket may be older than a right that was taken away."""
    member = Member.objects.active().for_session().filter(pk=member_id).first() if member_id else None
    return member or AnonymousUser()

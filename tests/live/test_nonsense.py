"""What a socket does with words that it does not understand, and with too many of them."""

import json

import pytest

from community import consumers
from lib import live
from tests.live.sockets import open_socket

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]

NONSENSE = [
    "null", "[]", "{}", "nonsense", "{", '"watch"', "1", '{"watch": "thread:1"}', '{"watch": 1, "version": 0}',
    '{"watch": "thread:1", "version": -1}', '{"watch": "thread:1", "version": "0"}',
    '{"watch": "thread:abc", "version": 0}',
    '{"watch": "thread:01", "version": 0}', '{"watch": "thread:", "version": 0}', '{"watch": "hubs", "version": 0}',
    '{"watch": "thread:1\\u0000", "version": 0}', '{"watch": "thread:\\u0661", "version": 0}',
    '{"unwatch": "thread:1"}',
    '{"unwatch": "member:1"}', '{"beat": []}', '{"read": {}}', '{"read": {"thread": 1, "number": 0}}', "[" * 1900,
    '{"live.drop": {"member_id": 1}}', '{"type": "websocket.close"}', "NaN", "1e999",
    '{"watch": "thread:1", "version": 1e3}', '{"watch": "thread:1", "version": true}',
    '{"read": {"thread": true, "number": true}}',
    '{"watch": "thread:99999999999999999999", "version": 0}',
]  # fmt: skip


async def test_nonsense_is_answered_and_the_socket_stays(thread, ben):
    async with open_socket(ben) as tab:
        for message in NONSENSE:
            assert await tab.ask(message) == {"error": "This message was not understood."}, message
        assert (await tab.watch(thread))["version"] == 1


@pytest.mark.parametrize("number", [2**31, 10**30, 10**800])
async def test_huge_numbers_do_no_harm(number, thread, ben):
    async with open_socket(ben) as tab:
        assert "error" in await tab.ask({"watch": thread.topic, "version": number})
        await tab.say(json.dumps({"beat": {thread.topic: number}}))
        await tab.hear(beat=True)
        await tab.say({"read": {"thread": number, "number": 1}})
        await tab.say({"read": {"thread": thread.pk, "number": number}})
        await tab.say({"beat": {}})
        await tab.hear(beat=True)


async def test_an_oversized_message_closes_the_socket():
    async with open_socket() as tab:
        assert "error" in await tab.ask("é" * consumers.MAX_MESSAGE_CHARACTERS)
        await tab.say("x" * (consumers.MAX_MESSAGE_CHARACTERS + 1))
        assert await tab.close_code() == consumers.SAID_TOO_MUCH


async def test_bytes_close_the_socket():
    async with open_socket() as tab:
        await tab.communicator.send_to(bytes_data=b"\x00\xff")
        assert await tab.close_code() == consumers.SAID_TOO_MUCH


async def test_a_flood_closes_the_socket():
    async with open_socket() as tab:
        for _ in range(consumers.BURST + 20):
            await tab.say({"beat": {}})
        assert await tab.close_code() == consumers.SAID_TOO_MUCH


async def test_an_ordinary_tab_is_no_flood():
    async with open_socket() as tab:
        for _ in range(consumers.BURST - 5):
            await tab.ask({"beat": {}})


async def test_a_socket_that_breaks_is_forgotten(sal, thread, monkeypatch):
    async def broken(*args):
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        async with open_socket(sal) as tab:
            await tab.watch(thread)
            (socket,) = live.hub().watchers[thread.topic]
            monkeypatch.setattr(consumers, "_versions", broken)
            await tab.say({"beat": {thread.topic: 1}})
            await tab.hear(beat=True)
    assert socket not in live.hub().sockets
    assert thread.topic not in live.hub().watchers

"""A right that ends while the sockets' process can't hear of it: once it hears again, everybody is asked anew."""

import asyncio
import json

import httpx
import pytest
import websockets

from community.models import Thread
from lib.live import GONE
from tests.live import servers
from tests.live.test_delivery import CSRF, sessions_of, write_a_thread

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("live"),
    pytest.mark.redis,
]


def lose(redis):
    redis.stop()
    return redis.start


def cut(redis):
    """As a firewall ends connections that were idle for long."""
    redis.tell("CLIENT", "KILL", "TYPE", "normal")
    return lambda: None


@pytest.mark.parametrize("end", [lose, cut])
def test_a_session_that_ended_meanwhile_hears_nothing_more(end, open_space, tmp_path):
    write_a_thread(open_space)
    thread = Thread.objects.get()
    ended, other = sessions_of([thread.author, thread.author])
    redis = servers.Redis(tmp_path)
    redis.start()
    environment = servers.environment(tmp_path, REDIS_URL=redis.url)
    log = tmp_path / "servers.log"

    async def sign_out_elsewhere(pages: int):
        headers = {"Cookie": f"csrftoken={CSRF}; sessionid={other}", "X-CSRFToken": CSRF}
        async with httpx.AsyncClient(timeout=30) as http:
            answer = await http.post(f"http://127.0.0.1:{pages}/settings/sessions/", headers=headers)
        assert answer.status_code == 302

    async def story(pages: int, sockets: int):
        async with websockets.connect(
            f"ws://127.0.0.1:{sockets}/live/",
            additional_headers={"Cookie": f"sessionid={ended}"},
            origin="http://127.0.0.1:8000",
            ping_interval=None,
        ) as socket:
            await socket.send(json.dumps({"watch": thread.topic, "version": 1}))
            async with asyncio.timeout(20):
                while json.loads(await socket.recv()).get("live") is not True:
                    pass
            put_right = end(redis)
            await sign_out_elsewhere(pages)
            put_right()
            async with asyncio.timeout(40):
                await socket.wait_closed()
            assert socket.close_code == GONE

    try:
        with servers.daphne(log, **environment) as sockets, servers.granian(log, **environment) as pages:
            asyncio.run(story(pages, sockets))
    finally:
        redis.stop()

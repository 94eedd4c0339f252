"""A Redis that is there and no good: full, read-only or silent. Nobody waits for it, and nobody is told no."""

import asyncio
import random
import time

import httpx
import pytest

from community.models import Thread
from tests.live import servers
from tests.live.tab import Tab, until
from tests.live.test_delivery import CSRF, Author, write_a_thread

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.xdist_group("live"),
    pytest.mark.redis,
]

SECONDS = 2.0  # for one page, on a machine that does other things as well
ILLS = {
    "full": (servers.Redis.fill_up, servers.Redis.empty, {"cache": "OutOfMemoryError", "channel_layer": "ok"}),
    "read-only": (servers.Redis.follow_nobody, servers.Redis.lead, {"cache": "ReadOnlyError", "channel_layer": "ok"}),
    "silent": (
        servers.Redis.fall_silent,
        servers.Redis.speak,
        {"cache": "TimeoutError", "channel_layer": "TimeoutError"},
    ),
}


class Visits:
    """Asks for one page after another, each of which has its second or two."""

    def __init__(self, http: httpx.AsyncClient, pages: int):
        self.http, self.site = http, f"http://127.0.0.1:{pages}"

    async def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return await self._within_time(path, self.http.get(self.site + path, headers=headers))

    async def sign_in(self, email: str, password: str) -> httpx.Response:
        headers = {"Cookie": f"csrftoken={CSRF}", "X-CSRFToken": CSRF}
        fields = {"login": email, "password": password}
        path = "/accounts/login/"
        return await self._within_time(path, self.http.post(self.site + path, data=fields, headers=headers))

    async def reply(self, author: Author, text: str):
        await self._within_time("a reply", author.reply(text))

    async def _within_time(self, what: str, asked):
        started = time.monotonic()
        answer = await asked
        took = time.monotonic() - started
        assert took < SECONDS, f"{what} took {took:.1f} s"
        return answer


async def everything_goes_on(visits: Visits, author: Author, thread: str, email: str, since: int):
    await visits.reply(author, "While Redis is unwell.")
    page = await visits.get(thread, author.headers)
    assert page.status_code == 200 and "While Redis is unwell." in page.text
    visitors = await visits.get(thread)
    assert visitors.status_code == 200 and "While Redis is unwell." in visitors.text
    for path in ("/", "/accounts/login/", "/community/"):
        assert (await visits.get(path)).status_code == 200, path
    changes = (await visits.get(f"/threads/{author.thread_id}/changes/?since={since}", author.headers)).json()
    assert [post["number"] for post in changes["posts"]] == [since + 1]
    wrong = await visits.sign_in(email, "not-the-password")
    assert wrong.status_code == 200 and "The e-mail address or the password is not right." in wrong.text
    right = await visits.sign_in(email, "forum-demo-2026")
    assert right.status_code == 302 and "sessionid" in right.cookies


@pytest.mark.parametrize("ill", ILLS)
def test_nobody_waits_and_live_comes_back(ill, open_space, tmp_path):
    fall_ill, recover, complaints = ILLS[ill]
    thread_id, sessions = write_a_thread(open_space)
    thread = Thread.objects.get()
    address, email = thread.get_absolute_url(), thread.author.email
    redis = servers.Redis(tmp_path)
    redis.start()
    environment = servers.environment(tmp_path, REDIS_URL=redis.url, DJANGO_SETTINGS_MODULE="tests.live.settings")
    log = tmp_path / "servers.log"

    async def story(pages: int, sockets: int):
        async with httpx.AsyncClient(timeout=30) as http:
            tab = Tab(thread_id, sessions[1], pages, sockets)
            tab.may_disconnect = False
            task = asyncio.create_task(tab.run(http, random.Random(1)))
            visits, author = Visits(http, pages), Author(sessions[0], pages, thread_id, http)
            await until(lambda: tab.is_live and tab.version == 1, 30, "the tab is live")
            ready = await http.get(f"{visits.site}/readyz")
            assert ready.json() | {"cache": "ok", "channel_layer": "ok"} == ready.json()

            fall_ill(redis)
            if complaints["channel_layer"] != "ok":
                await until(lambda: tab.is_live is False, 30, "the tab hears that it is not live")
            await everything_goes_on(visits, author, address, email, since=1)
            ready = await http.get(f"{visits.site}/readyz")
            assert (ready.status_code, ready.json()) == (
                200,
                {"ready": True, "database": "ok", "migrations": "ok", **complaints},
            )

            recover(redis)
            await until(lambda: tab.is_live, 40, "the tab is live again")
            await until(lambda: tab.version == 2, 10, "the tab has what it missed")
            applied = len(tab.applied)
            await author.reply("After Redis has recovered.")
            await until(lambda: tab.version == 3, 10, "a post arrives again")
            assert len(tab.applied) == applied + 1, "by the socket, not by asking"
            expected = 1 if complaints["channel_layer"] == "ok" else 2
            assert tab.connections == expected, "who may have missed that a right was lost comes back once"
            task.cancel()

    try:
        with servers.daphne(log, **environment) as sockets, servers.granian(log, **environment) as pages:
            asyncio.run(story(pages, sockets))
    finally:
        redis.speak()
        redis.stop()

"""Nothing is lost: real servers, real sockets, connections that break, and in the end everyone has everything."""

import asyncio
import contextlib
import random
import re
import uuid

import httpx
import pytest
import websockets
from django.conf import settings
from django.test import Client

from community.consumers import SAID_TOO_MUCH
from community.models import Thread
from tests import make
from tests.live import servers
from tests.live.tab import Tab, until

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]
CSRF = "a" * 32


class Author:
    """Posts and edits by HTTP, as a browser does."""

    def __init__(self, session: str, pages: int, thread_id: int, http: httpx.AsyncClient):
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={CSRF}"}
        self.site, self.thread_id, self.http = f"http://127.0.0.1:{pages}", thread_id, http
        self.own: list[int] = []

    async def send(self, path: str, **fields) -> httpx.Response:
        headers = self.headers | {"X-CSRFToken": CSRF, "Accept": "application/json"}
        return await self.http.post(f"{self.site}{path}", data=fields, headers=headers)

    async def reply(self, text: str, times: int = 1):
        """`times`: how often the same form is sent at once, as by an impatient finger."""
        fields = {"source": text, "token": str(uuid.uuid4())}
        answers = await asyncio.gather(
            *(self.send(f"/threads/{self.thread_id}/reply/", **fields) for _ in range(times))
        )
        assert {answer.status_code for answer in answers} == {201}, [answer.text[:500] for answer in answers]
        numbers = {answer.json()["number"] for answer in answers}
        assert len(numbers) == 1, "The same form posted more than once"
        (number,) = numbers
        self.own += [post["id"] for post in answers[0].json()["posts"] if post["number"] == number]

    async def edit(self, post_id: int, text: str):
        answer = await self.send(f"/posts/{post_id}/edit/", source=text)
        assert answer.status_code == 302, answer.text[:500]


async def write(authors: list[Author], posts: int, edits: int, chance: random.Random):
    """Each author does their share, one thing after another; the authors all at once."""

    async def one(author: Author, turns: list[str]):
        for turn in turns:
            if turn == "edit" and author.own:
                await author.edit(chance.choice(author.own), f"Edited {uuid.uuid4()}")
            else:
                await author.reply(f"Said {uuid.uuid4()}", times=2 if chance.random() < 0.1 else 1)
            await asyncio.sleep(chance.uniform(0, 0.1))

    turns = ["post"] * posts + ["edit"] * edits
    chance.shuffle(turns)
    await asyncio.gather(*(one(author, turns[n :: len(authors)]) for n, author in enumerate(authors)))


def sessions_of(members) -> list[str]:
    found = []
    for member in members:
        client = Client()
        client.force_login(member)
        found.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return found


async def deliver(environment, thread_id, sessions, *, pages, sockets, tabs, posts, edits, seed=7):
    chance = random.Random(seed)
    limits = httpx.Limits(max_connections=16)
    async with httpx.AsyncClient(timeout=40, limits=limits) as http:
        opened = [Tab(thread_id, sessions[n % len(sessions)], pages, sockets) for n in range(tabs)]
        running = [asyncio.create_task(tab.run(http, random.Random(seed + n))) for n, tab in enumerate(opened)]
        try:
            await until(lambda: all(tab.version for tab in opened), 40, "every tab has the thread")
            authors = [Author(session, pages, thread_id, http) for session in sessions]
            await write(authors, posts, edits, chance)
            for tab in opened:
                tab.may_disconnect = False
            truth = await asyncio.to_thread(servers.rows, environment, thread_id)
            version = max(row[1] for row in truth)
            await until(
                lambda: all(task.done() or tab.version >= version for task, tab in zip(running, opened, strict=True)),
                30,
                "every tab has reached the last version",
            )
            for task in running:
                if task.done():
                    task.result()  # raises what ended it
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
    return opened, truth, sum(len(author.own) for author in authors)


def check(opened: list[Tab], truth: list[tuple], posted: int):
    numbers = [row[0] for row in truth]
    versions = sorted(row[1] for row in truth)
    assert numbers == list(range(1, posted + 2)), "numbers without gaps, and each form posted once"
    assert len(set(versions)) == len(versions), "no two changes share a version"
    for tab in opened:
        assert sorted(tab.posts) == numbers
        assert {number: post["version"] for number, post in tab.posts.items()} == {row[0]: row[1] for row in truth}
        assert tab.version == max(versions)
        assert tab.thread["post_count"] == len(truth)
        assert tab.applied == sorted(set(tab.applied)), "what comes by itself comes in order and once"
        for number, _, html, _ in truth:
            assert html.strip() in tab.posts[number]["html"]


def complaints(log) -> list[str]:
    return re.findall(r"^.*(?:Traceback|ERROR|Internal Server Error|deadlock).*$", log.read_text(), re.MULTILINE)


def write_a_thread(space):
    quiet = {"council": "Hull", "mail_replies": False}  # the mails of hundreds of replies are not what is tested here
    authors = [make.officer(f"Author {n}", **quiet) for n in range(8)]
    return make.thread(space, authors[0]).pk, sessions_of(authors)


@pytest.mark.redis
@pytest.mark.postgresql
def test_a_hundred_tabs_end_with_exactly_what_the_database_has(members_space, tmp_path):
    """As in production: sockets at Daphne, pages at granian, Redis between them."""
    thread_id, sessions = write_a_thread(members_space)
    environment = servers.environment(tmp_path, REDIS_URL=settings.REDIS_URL)
    log = tmp_path / "servers.log"
    with servers.daphne(log, **environment) as sockets, servers.granian(log, **environment) as pages:
        opened, truth, posted = asyncio.run(
            deliver(environment, thread_id, sessions, pages=pages, sockets=sockets, tabs=100, posts=130, edits=70)
        )
    check(opened, truth, posted)
    assert sum(tab.connections for tab in opened) > 200, "connections did break"
    assert sum(len(tab.applied) for tab in opened) > 1000, "most came by the socket"
    assert complaints(log) == []


def test_twenty_tabs_of_the_demo_end_with_exactly_what_the_database_has(members_space, tmp_path):
    """As in the demo: one Daphne serves sockets and pages, without Redis."""
    thread_id, sessions = write_a_thread(members_space)
    environment = servers.environment(tmp_path)
    log = tmp_path / "servers.log"
    with servers.daphne(log, **environment) as port:
        opened, truth, posted = asyncio.run(
            deliver(environment, thread_id, sessions[:4], pages=port, sockets=port, tabs=20, posts=24, edits=12)
        )
    check(opened, truth, posted)
    assert sum(len(tab.applied) for tab in opened) > 50
    assert complaints(log) == []


def test_what_happened_during_a_minute_away_is_there_on_return(members_space, tmp_path):
    """A tab that comes back says which version it has, and gets just what is newer, before anything else."""
    thread_id, sessions = write_a_thread(members_space)
    environment = servers.environment(tmp_path)
    log = tmp_path / "servers.log"

    async def story(port):
        async with httpx.AsyncClient(timeout=40) as http:
            tab = Tab(thread_id, sessions[1], port, port)
            tab.may_disconnect = False
            task = asyncio.create_task(tab.run(http, random.Random(1)))
            await until(lambda: tab.version == 1, 20, "the tab has the thread")
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            author = Author(sessions[0], port, thread_id, http)
            for number in range(3):
                await author.reply(f"Posted while nobody looked, {number}")
            assert tab.version == 1
            task = asyncio.create_task(tab.run(http, random.Random(1)))
            await until(lambda: tab.version == 4, 20, "the tab has caught up")
            task.cancel()
            return tab

    with servers.daphne(log, **environment) as port:
        tab = asyncio.run(story(port))
    assert sorted(tab.posts) == [1, 2, 3, 4]
    assert tab.applied[-1] == 4 and tab.gaps == 0


@pytest.mark.parametrize("message", ["x" * 3_000, b"\x00\xff"], ids=["too long", "bytes"])
def test_a_tab_that_says_too_much_is_told_so_by_the_real_server(message, members_space, tmp_path):
    """Daphne refuses close codes that are not an application's, and then the tab would come back at once."""
    _, (session, *_) = write_a_thread(members_space)
    log = tmp_path / "servers.log"

    async def story(port) -> int:
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/live/",
            additional_headers={"Cookie": f"sessionid={session}"},
            origin="http://127.0.0.1:8000",
        ) as socket:
            await socket.send(message)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                while True:
                    await asyncio.wait_for(socket.recv(), 10)
        return closed.value.rcvd.code

    with servers.daphne(log, **servers.environment(tmp_path)) as port:
        assert asyncio.run(story(port)) == SAID_TOO_MUCH
    assert complaints(log) == []


@pytest.mark.redis
def test_with_redis_away_posting_and_reading_go_on_and_live_comes_back(members_space, tmp_path):
    """The channel layer is a hint that may get lost; the tab says so, and is live again without a reload."""
    thread_id, sessions = write_a_thread(members_space)
    address = Thread.objects.get().get_absolute_url()
    redis = servers.Redis(tmp_path)
    redis.start()
    environment = servers.environment(tmp_path, REDIS_URL=redis.url)
    log = tmp_path / "servers.log"

    async def story(pages, sockets):
        async with httpx.AsyncClient(timeout=30) as http:
            tab = Tab(thread_id, sessions[1], pages, sockets)
            tab.may_disconnect = False
            task = asyncio.create_task(tab.run(http, random.Random(1)))
            author = Author(sessions[0], pages, thread_id, http)
            await until(lambda: tab.is_live and tab.version == 1, 30, "the tab is live")
            await author.reply("While all is well.")
            await until(lambda: tab.version == 2, 10, "a post arrives")

            redis.stop()
            await until(lambda: tab.is_live is False, 30, "the tab hears that it is not live")
            started = asyncio.get_running_loop().time()
            await author.reply("While Redis is away.")
            assert asyncio.get_running_loop().time() - started < 8, "posting does not wait for Redis"
            page = await http.get(f"http://127.0.0.1:{pages}{address}", headers=author.headers)
            assert page.status_code == 200 and "While Redis is away." in page.text
            await tab.catch_up(http)
            assert tab.version == 3, "changes need no Redis"
            ready = await http.get(f"http://127.0.0.1:{pages}/readyz")
            assert ready.json()["channel_layer"] != "ok" and ready.json()["database"] == "ok"

            redis.start()
            await until(lambda: tab.is_live, 40, "the tab is live again")
            applied = len(tab.applied)
            await author.reply("After Redis has come back.")
            await until(lambda: tab.version == 4, 10, "a post arrives again")
            assert len(tab.applied) == applied + 1, "by the socket, not by asking"
            assert tab.connections == 2, "back once: a right may have ended while nobody could be told"
            task.cancel()

    try:
        with servers.daphne(log, **environment) as sockets, servers.granian(log, **environment) as pages:
            asyncio.run(story(pages, sockets))
    finally:
        redis.stop()

"""What is measured, one function each. A measurement is the median of several rounds unless it says otherwise."""

import asyncio
import json
import random
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from community.models import SpacePage, Thread
from members.models import Member

from . import client, data, servers

CONNECTIONS = 16
POST_CHARACTERS = 600  # of the posts that are fanned out: a long paragraph
PAGES = 50  # different threads that the load goes round
WORDS = [
    "council",
    "data",
    "resident",
    "service",
    "system",
    "supplier",
    "budget",
    "consent",
    "legacy",
    "cyber",
    "housing",
    "shared",
    "migration",
    "contract",
]


@dataclass(frozen=True)
class Result:
    name: str
    value: float
    unit: str
    conditions: str


@dataclass(frozen=True)
class Cast:
    """Who asks for what."""

    members: list[Member]
    sessions: list[str]
    threads: list[Thread]  # with a full first page
    long: Thread
    middle: Thread
    live: Thread


def cast() -> Cast:
    """Signs everyone in, and picks the threads."""
    members = list(Member.objects.filter(handle__startswith="member-").order_by("pk"))
    open_to_all = SpacePage.objects.get(slug=data.MANY)
    full = (
        Thread.objects.filter(space=open_to_all, post_count__gte=20)
        .exclude(title__in=data.SIZES)
        .select_related("space")
    )
    titled = {thread.title: thread for thread in Thread.objects.filter(title__in=data.SIZES).select_related("space")}
    return Cast(
        members=members,
        sessions=data.sign_in(members),
        threads=list(full.order_by("pk")[:PAGES]),
        long=titled[data.LONG],
        middle=titled[data.MIDDLE],
        live=titled[data.LIVE],
    )


# --- Pages --------------------------------------------------------------------------------------


def pages(cast: Cast, port: int, rounds: int, seconds: float) -> list[Result]:
    """Requests a second. The kinds take turns, so that a noisy minute is everybody's."""
    sessions = cast.sessions[:CONNECTIONS]
    threads = [thread.get_absolute_url() for thread in cast.threads]
    kinds = {
        "trivial_view": ([[client.get("/healthz")]] * CONNECTIONS, "/healthz through every middleware"),
        "thread_page_signed_in": (
            [[client.get(url, session) for url in threads] for session in sessions],
            f"page of 20 posts of 2 kB; {PAGES} threads, {CONNECTIONS} members, who have read them before",
        ),
        "thread_page_visitor": (
            [[client.get(url) for url in threads]] * CONNECTIONS,
            f"page of 20 posts of 2 kB; {PAGES} threads, no session",
        ),
        "thread_list_signed_in": (
            [[client.get(f"/community/{data.MANY}/", session)] for session in sessions],
            "25 threads of a space of 4,500",
        ),
        "home_signed_in": ([[client.get("/", session)] for session in sessions], "6 threads and 3 events"),
    }
    for requests, _ in kinds.values():
        asyncio.run(client.load(port, requests, seconds))  # to warm what is kept: templates, connections, the cache
    shown = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, (requests, _) in kinds.items():
            shown[name].append(asyncio.run(client.load(port, requests, seconds)))
    results = []
    for name, (_, conditions) in kinds.items():
        how = (
            f"{conditions}; one granian process on one core, {servers.BLOCKING_THREADS} threads, "
            f"{CONNECTIONS} connections; "
            f"median of {rounds} rounds of {seconds:g} s"
        )
        results.append(Result(name, median(load.per_second for load in shown[name]), "requests/s", how))
        results.append(Result(f"{name}_p95", median(load.p95 for load in shown[name]), "ms", how))
    return results


def first_reads(cast: Cast, port: int, count: int = 200) -> list[Result]:
    """A member opens threads for the first time: the read marker is written after each answer."""
    urls = list(Thread.objects.filter(space=cast.middle.space, post_count__gte=10).order_by("-pk")[:count])
    requests = [client.get(thread.get_absolute_url(), cast.sessions[100]) for thread in urls]
    taken = asyncio.run(client.one_by_one(port, requests))
    return [Result("thread_page_first_read", median(taken) * 1000, "ms", f"p50 of {len(requests)}, one connection")]


def unchanged(cast: Cast, port: int, rounds: int, seconds: float) -> list[Result]:
    """A page asked for again with its ETag: 304, where the server supports it."""
    url = cast.threads[0].get_absolute_url()

    async def etag() -> str:
        connection = await client.Connection.open(port)
        answer = await connection.ask(client.get(url))
        connection.close()
        found = [line for line in answer.headers.splitlines() if line.startswith(b"etag:")]
        return found[0].partition(b":")[2].strip().decode() if found else ""

    tag = asyncio.run(etag())
    if not tag:
        return []
    requests = [[client.get(url, If_None_Match=tag)]] * CONNECTIONS
    shown = [asyncio.run(client.load(port, requests, seconds, status=304)) for _ in range(rounds)]
    return [
        Result(
            "thread_page_visitor_unchanged",
            median(load.per_second for load in shown),
            "requests/s",
            f"with If-None-Match, answered 304; {CONNECTIONS} connections, median of {rounds} rounds of {seconds:g} s",
        )
    ]


def ratios(cast: Cast, port: int, rounds: int) -> list[Result]:
    """What grows with the number of rows: nothing should. Each pair takes turns, on one connection."""
    session = cast.sessions[0]

    def last_page(thread):
        return client.get(f"{thread.get_absolute_url()}?page={thread.pages}", session)

    def ratio(name, of, to, conditions):
        of_times, to_times = [], []
        asyncio.run(client.one_by_one(port, [of, to] * 5))
        for _ in range(rounds):
            of_times += asyncio.run(client.one_by_one(port, [of] * 20))
            to_times += asyncio.run(client.one_by_one(port, [to] * 20))
        a, b = median(of_times) * 1000, median(to_times) * 1000
        return Result(
            name, a / b, "ratio", f"{conditions}; p50 {a:.2f} ms against {b:.2f} ms, signed in, one connection"
        )

    return [
        ratio("last_page_ratio", last_page(cast.long), last_page(cast.middle), "last page of 10,000 posts against 100"),
        ratio(
            "list_ratio",
            client.get(f"/community/{data.MANY}/", session),
            client.get(f"/community/{data.FEW}/", session),
            "list in a space of 4,500 threads against one of 50",
        ),
    ]


def search(cast: Cast, port: int, count: int = 200) -> list[Result]:
    chance = random.Random(7)
    queries = [" ".join(chance.sample(WORDS, chance.choice([1, 1, 2, 3]))) for _ in range(count)]
    requests = [client.get(f"/search/?{urlencode({'q': q})}", cast.sessions[n % 50]) for n, q in enumerate(queries)]
    asyncio.run(client.one_by_one(port, requests[:10]))
    p50, p95 = client.milliseconds(asyncio.run(client.one_by_one(port, requests)), 50, 95)
    words = f"{count} queries of 1 to 3 common words in {data.POSTS:,} posts"
    how = f"the whole page /search/, {words}, signed in, one connection"
    return [Result("search_p50", p50, "ms", how), Result("search_p95", p95, "ms", how)]


def catch_up(cast: Cast, port: int, rounds: int) -> list[Result]:
    """A tab that missed 500 posts asks for changes until it is told that there are no more."""
    missed = 500

    async def once() -> float:
        connection = await client.Connection.open(port)
        begun, since, got, more = time.perf_counter(), cast.long.version - missed, 0, True
        while more:
            answer = await connection.ask(
                client.get(f"/threads/{cast.long.pk}/changes/?since={since}", cast.sessions[0])
            )
            if answer.status != 200:
                raise client.Wrong(f"changes was answered {answer.status}.")
            found = json.loads(answer.body)
            since, more, got = found["version"], found["more"], got + len(found["posts"])
        taken = time.perf_counter() - begun
        connection.close()
        if got != missed:
            raise client.Wrong(f"{got} of {missed} posts came.")
        return taken

    asyncio.run(once())
    seconds = median(asyncio.run(once()) for _ in range(rounds))
    return [
        Result("catch_up_500", seconds, "s", f"500 posts of 2 kB in batches, one after another; median of {rounds}")
    ]


# --- Posting and the live socket ------------------------------------------------------------------


def reply(cast: Cast, session: str, text: str) -> bytes:
    """The POST of a reply, as the page's form sends it."""
    form = urlencode({"source": text, "token": str(uuid.uuid4())})
    return client.post(f"/threads/{cast.live.pk}/reply/", form, session, Accept="application/json")


def text_of(characters: int = 2_000) -> str:
    chance = random.Random(characters)
    words = []
    while sum(map(len, words)) + len(words) < characters:
        words += [
            chance.choice(WORDS),
            "and",
            "a",
            chance.choice(WORDS),
            "that lasted.\n\n" if chance.random() < 0.1 else "of",
        ]
    return " ".join(words)[:characters]


def replies(cast: Cast, port: int, count: int = 60) -> list[Result]:
    """From the POST to its answer, each by another member."""
    results = []
    for name, characters in {"reply_post": 600, "reply_post_2kb": 2_000}.items():
        requests = [reply(cast, session, text_of(characters)) for session in _writers(cast, count)]
        p50, p95 = client.milliseconds(asyncio.run(client.one_by_one(port, requests, status=201)), 50, 95)
        results.append(
            Result(name, p50, "ms", f"p50 of {count} replies of {characters:,} characters, p95 {p95:.1f} ms")
        )
    return results


_next_writer = 0


def _writers(cast: Cast, count: int) -> list[str]:
    """Sessions of members who have not posted in this run: nobody runs into the limit of posts a minute."""
    global _next_writer
    officers = [session for member, session in zip(cast.members, cast.sessions, strict=True) if member.is_officer]
    chosen = [officers[(_next_writer + n) % len(officers)] for n in range(count)]
    _next_writer += count
    return chosen


class Listeners:
    """bench/listeners.py in its own process."""

    def __init__(self, cast: Cast, live_port: int):
        cast.live.refresh_from_db()
        thread = cast.live
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.listeners", str(live_port), thread.topic, str(thread.version)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(30)

    def tell(self, order: dict):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise client.Wrong("The listeners stopped; the reason is above.")
        return json.loads(line)

    def open(self, sessions: list[str]):
        self.tell({"open": sessions})
        self.answer()


def fanout(cast: Cast, pages_port: int, live_port: int, sockets: int, posts: int) -> list[Result]:
    """From the POST to each of the members' sockets: all of them must get every post."""
    arrivals, slowest, answers = [], [], []
    with Listeners(cast, live_port) as listeners:
        listeners.open(cast.sessions[:sockets])
        for session in _writers(cast, posts):
            begun, answered, times = asyncio.run(_post_and_listen(cast, pages_port, listeners, session))
            if None in times:
                raise client.Wrong(f"{times.count(None)} of {sockets} sockets did not get a post.")
            arrivals += [at - begun for at in times]
            slowest.append(max(times) - begun)
            answers.append(answered - begun)
            time.sleep(0.1)
    p50, p99 = client.milliseconds(arrivals, 50, 99)
    how = (
        f"{sockets:,} sockets of {sockets:,} members at one Daphne on one core, {posts} posts of {POST_CHARACTERS} "
        f"characters sent to granian in another process; p50 {p50:.1f} ms, p99 {p99:.1f} ms, the last socket of a post "
        f"{median(slowest) * 1000:.1f} ms (median), the POST's own answer {median(answers) * 1000:.1f} ms (median)"
    )
    return [
        Result(f"fanout_{sockets}", p99, "ms", f"p99; {how}"),
        Result(f"fanout_{sockets}_p50", p50, "ms", f"p50; {how}"),
    ]


async def _post_and_listen(cast: Cast, port: int, listeners: Listeners, session: str):
    """Sends one reply → when it was sent, when it was answered, and when it reached each socket."""
    cast.live.post_count += 1
    listeners.tell({"await": cast.live.post_count})
    connection = await client.Connection.open(port)
    begun = time.perf_counter()
    answer = await connection.ask(reply(cast, session, text_of(POST_CHARACTERS)))
    answered = time.perf_counter()
    connection.close()
    if answer.status != 201:
        raise client.Wrong(f"A reply was answered {answer.status}.")
    return begun, answered, listeners.answer()


def memory_per_socket(cast: Cast, live_port: int, live_pid: int, sockets: int = 1_000) -> list[Result]:
    """What a process grows by, for each member's tab that watches a thread."""
    with Listeners(cast, live_port) as listeners:
        listeners.open(cast.sessions[:50])  # what the first sockets need besides: threads, connections, code
        before = servers.memory(live_pid)
        listeners.open(cast.sessions[:sockets])
        after = servers.memory(live_pid)
    how = (
        f"growth of one Daphne with {sockets:,} sockets of {sockets:,} members, each watching a thread; "
        f"the process then has {after / 1e6:.0f} MB"
    )
    return [Result("memory_per_socket", (after - before) / sockets / 1000, "kB", how)]

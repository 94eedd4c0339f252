"""What deploy/ ships, started and used from the outside: through nginx, with the units' own command lines."""

import asyncio
import io
import json
import os
import re
import signal
import subprocess
import threading
import uuid
from collections import Counter
from contextlib import contextmanager

import httpx
import pytest
from PIL import Image
from websockets.asyncio.client import connect

from tests.live.servers import wait_until

from .shipped import HOST

PASSWORD = "forum-demo-2026"
SOCKETS = 1_000


@pytest.fixture(scope="session")
def signed_in(site, shipped):
    """signed_in("ada@camden.example") → a browser in which she has signed in by the form."""
    browsers: dict[str, httpx.Client] = {}

    def come(email: str) -> httpx.Client:
        if email not in browsers:
            browser = browsers[email] = shipped.browser()
            answer = post(browser, "/accounts/login/", {"login": email, "password": PASSWORD})
            assert answer.status_code == 302 and answer.headers["Location"] == "/", answer.text[:500]
        return browsers[email]

    yield come
    for browser in browsers.values():
        browser.close()


def post(browser: httpx.Client, path: str, typed: dict, **options) -> httpx.Response:
    """Opens the page, and sends its form with the token that stands in it."""
    page = browser.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.text[:500]
    return browser.post(path, data={**typed, "csrfmiddlewaretoken": token[1]}, **options)


def reply(browser: httpx.Client, thread: int, source: str) -> httpx.Response:
    return browser.post(
        f"/threads/{thread}/reply/",
        data={
            "source": source,
            "token": str(uuid.uuid4()),
            "csrfmiddlewaretoken": browser.cookies.get("csrftoken") or browser.cookies["__Host-csrftoken"],
        },
    )


def socket_of(shipped, browser: httpx.Client | None = None, origin: str = f"https://{HOST}"):
    """A tab's socket, through nginx."""
    import ssl

    context = ssl._create_unverified_context()
    cookies = "; ".join(f"{name}={value}" for name, value in (browser.cookies.items() if browser else []))
    return connect(
        f"wss://{HOST}/live/",
        host="127.0.0.1",
        port=shipped.https,
        ssl=context,
        origin=origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies} if cookies else {},
        open_timeout=60,
        ping_interval=None,
    )


# --- Pages -----------------------------------------------------------------------------------------------


def test_a_page_has_the_right_host_and_scheme(site):
    page = site.get("/")
    assert page.status_code == 200 and "CDO Forum" in page.text
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert f"https://{HOST}/" in site.get("/feeds/events/").text


def test_without_tls_a_browser_is_sent_to_it(shipped, site):
    answer = httpx.get(f"http://127.0.0.1:{shipped.http}/community/?page=2", headers={"Host": HOST})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{HOST}/community/?page=2")


def test_another_host_is_refused(site):
    assert site.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_by_address_is_answered(path, shipped, site):
    assert httpx.get(f"http://127.0.0.1:{shipped.pages}{path}").status_code == 200


def test_a_static_file_is_kept_for_long(site):
    address = re.search(r'href="(/static/css/[^"]+\.css)"', site.get("/").text)
    file = site.get(address[1])
    assert file.status_code == 200 and "immutable" in file.headers["Cache-Control"]
    assert file.headers.get("Content-Encoding") == "gzip"


def test_a_calendar(site):
    calendar = site.get("/events/round-table/event.ics")
    assert calendar.status_code == 200 and calendar.text.startswith("BEGIN:VCALENDAR")


def test_an_uploaded_picture_is_shown_and_never_run(signed_in, site):
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(picture, "PNG")
    eve = signed_in("eve@forum.example")
    sent = post(eve, "/cms/images/add/", {"title": "Navy", "collection": "1"}, files={"file": ("navy.png", picture)})
    assert sent.status_code == 302, sent.text[:2000]
    listed = re.search(r'src="(/media/images/[^"]+)"', eve.get("/cms/images/").text)
    shown = site.get(listed[1])
    assert shown.status_code == 200 and shown.headers["Content-Type"] == "image/png"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


# --- Sockets ----------------------------------------------------------------------------------------------


async def test_a_reply_arrives_in_another_tab(shipped, signed_in):
    ada, ben = signed_in("ada@camden.example"), signed_in("ben@leeds.example")
    async with socket_of(shipped, ben) as tab:
        await tab.send(json.dumps({"watch": f"thread:{shipped.thread}", "version": 0}))
        answer = await asyncio.to_thread(reply, ada, shipped.thread, "We keep the record beside the model.")
        assert answer.status_code == 302, answer.text[:500]
        async with asyncio.timeout(20):
            async for said in tab:
                if "beside the model" in said:
                    return


async def test_a_thousand_tabs_come_in(shipped, site):
    tabs = []
    try:
        for _ in range(0, SOCKETS, 50):
            tabs += await asyncio.gather(*(socket_of(shipped) for _ in range(50)))
        async with asyncio.timeout(60):
            said = await asyncio.gather(*(tab.recv() for tab in tabs))
        assert len(said) == SOCKETS and all("live" in json.loads(one) for one in said)
    finally:
        await asyncio.gather(*(tab.close() for tab in tabs))


async def test_a_strangers_page_can_not_open_a_socket(shipped, site):
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus):
        await socket_of(shipped, origin="https://elsewhere.example")


# --- What goes away, and comes back ---------------------------------------------------------------------


@contextmanager
def readers(shipped, a_second: int = 50):
    """That many requests a second for as long as this lasts; every third posts. → how often which status came."""
    came: Counter = Counter()
    over = threading.Event()

    def ask(number: int):
        try:
            with shipped.browser() as browser:
                answer = browser.get("/community/") if number % 3 else browser.post("/accounts/login/", data={})
            # A form without its token is refused by the forum itself: that is an answer, too.
            came["answered" if answer.status_code in {200, 403} else str(answer.status_code)] += 1
        except httpx.HTTPError as error:
            came[type(error).__name__] += 1

    def go_on():
        asked = []
        while not over.is_set():
            asked.append(threading.Thread(target=ask, args=(len(asked),)))
            asked[-1].start()
            over.wait(1 / a_second)
        for one in asked:
            one.join()

    crowd = threading.Thread(target=go_on)
    crowd.start()
    try:
        yield came
    finally:
        over.set()
        crowd.join()


def failed(came: Counter) -> int:
    return came.total() - came["answered"]


def test_one_worker_that_dies_takes_hardly_a_request_with_it(shipped, site, units):
    pages = units["pages"]
    started = pages.log.read_text().count("Started worker")
    with readers(shipped, 50) as came:
        wait_until(lambda: came["answered"] > 50)
        os.kill(pages.children[-1], signal.SIGKILL)
        wait_until(lambda: pages.log.read_text().count("Started worker") > started)
        seen = came["answered"]
        wait_until(lambda: came["answered"] > seen + 50)
    assert failed(came) <= max(1, came.total() // 100), came


def test_a_reload_of_the_pages_loses_no_request(shipped, site, units):
    before = set(units["pages"].children)
    with readers(shipped, 20) as came:
        units["pages"].reload()
        wait_until(lambda: len(now := set(units["pages"].children)) == 2 and not now & before)
    assert came["answered"] > 20 and failed(came) == 0, came


def test_while_the_pages_are_away_people_read_our_page(site, units):
    units["pages"].stop()
    away = site.get("/community/")
    assert away.status_code == 503 and "not available for a moment" in away.text
    assert away.headers["Retry-After"]
    units["pages"].start()
    wait_until(lambda: site.get("/readyz").status_code == 200)


def test_the_worker_does_all_that_is_due(shipped, units):
    done = subprocess.run(
        [".venv/bin/python", "manage.py", "work", "--once"],
        cwd=shipped.root, env=shipped.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"level": "ERROR"' not in done.stderr, done.stderr


def test_each_process_goes_at_sigterm_within_its_time(site, units):
    for name, unit in units.items():
        assert unit.stop() < float(unit.service["TimeoutStopSec"]), name
        unit.start()
    wait_until(lambda: site.get("/readyz").status_code == 200)


def test_the_logs_name_nobody(site, units):
    written = "".join(unit.log.read_text() for unit in units.values())
    assert "@camden.example" not in written and "Okafor" not in written
    assert "Traceback" not in written, written[-3000:]

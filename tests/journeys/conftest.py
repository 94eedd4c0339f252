"""The cast in front of real browsers: each has a context of their own, on one site that all journeys share."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from .people import ADDRESSES, Person
from .site import name_of, running_site

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds, on a machine that is busy with other tests

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    """Journeys come first: they take one worker as long as all other tests take the rest. See also tests/plugin.py."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="package")
def chromium() -> str:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("Chromium is not installed: the journeys need a browser.")
    return found


@pytest.fixture(scope="package")
def browser(chromium):
    # Not for the session: while Playwright runs, its event loop would be in the way of the asynchronous tests.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory):
    """The address of the running site."""
    name = name_of(os.environ.get("PYTEST_XDIST_WORKER", ""))
    with running_site(tmp_path_factory.mktemp("site"), name) as address:
        yield address


@pytest.fixture(scope="package")
def signed_in() -> dict[str, dict]:
    """Who has signed in by the form, with their cookies: once in a run is enough."""
    return {}


@pytest.fixture
def person(browser: Browser, site: str, signed_in, request, tmp_path):
    """person("ada@camden.example", …) → somebody with a new browser, signed in; person() → a visitor.

    More arguments go to the browser's context: its viewport, colours, whether it runs JavaScript. When a browser
    complains of something, the test fails.
    """
    there: list[Person] = []

    def come(email: str = "", **options) -> Person:
        state = signed_in.get(email) if email else None
        context = _context(browser, **{"storage_state": state} | options)
        somebody = Person(context, site, email)
        there.append(somebody)
        if email and state is None:
            somebody.opens("/accounts/login/")
            somebody.signs_in()
            signed_in[email] = context.storage_state()
        return somebody

    yield come
    pictures = []
    if request.node.stash.get(FAILED, False):
        for i, one in enumerate(there):
            path = tmp_path / f"{i}-{one.email or 'visitor'}.png"
            one.page.screenshot(path=path, full_page=True)
            pictures.append(str(path))
        print("\nWhat they saw last:", *pictures, sep="\n  ")
    complaints = [f"{one.email or 'visitor'}: {complaint}" for one in there for complaint in one.complaints]
    for one in there:
        one.context.close()
    assert not complaints, "\n".join(["The browser complained:", *complaints])


def _context(browser: Browser, **options) -> BrowserContext:
    context = browser.new_context(
        **{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "timezone_id": "Europe/London"} | options
    )
    context.set_default_timeout(PATIENCE)
    return context


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


# --- The cast: as everywhere in the tests, but each with a browser -------------------------------


@pytest.fixture
def ada(person):
    return person(ADDRESSES["ada"])


@pytest.fixture
def ben(person):
    return person(ADDRESSES["ben"])


@pytest.fixture
def cleo(person):
    return person(ADDRESSES["cleo"])


@pytest.fixture
def sal(person):
    return person(ADDRESSES["sal"])


@pytest.fixture
def mo(person):
    return person(ADDRESSES["mo"])


@pytest.fixture
def eve(person):
    return person(ADDRESSES["eve"])


@pytest.fixture
def visitor(person):
    return person()

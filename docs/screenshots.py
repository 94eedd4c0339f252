"""Takes the README's pictures anew: `make screenshots PORT=8000`, beside a demo that was seeded a moment ago.

Writes docs/pictures/. With ARGS=--all it takes every scene whole, in each width and colour, to var/screenshots/: for
looking at. What is opened here counts as read, so home comes first.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
ALL_PICTURES = Path(__file__).parent.parent / "var" / "screenshots"
PASSWORD = "forum-demo-2026"  # noqa: S105 (the demo's, named in the README)
MAX_BYTES = 120_000
DESKTOP, PHONE = (1280, 920), (390, 844)
CHROMIUM = Path("/usr/bin/chromium")  # the system's, where there is one; else the one that Playwright brings
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Scene:
    name: str
    who: str  # the address with which one signs in
    way: tuple[str, ...]  # an address, then the texts of the links to follow from there


ADA, SAL = "ada@camden.example", "sal@brightwave.example"
SCENES = [
    Scene("home", ADA, ("/",)),
    Scene("space", ADA, ("/community/ai-and-assistants/",)),
    Scene("thread", ADA, ("/community/ai-and-assistants/", "Copilot in planning: what did your officers stop using?")),
    Scene("event", ADA, ("/events/", "Dwy iaith o’r dechrau: two languages from the start")),
    Scene("directory", SAL, ("/directory/",)),
    Scene(
        "introduction", ADA, ("/introductions/", "Case work for damp and mould, from first report to follow-up visit")
    ),
]
WIDTHS = {"": DESKTOP, "-phone": PHONE}
COLOURS = {"": "light", "-dark": "dark"}
IN_README = {
    "home",
    "home-phone",
    "space",
    "thread",
    "thread-phone",
    "thread-dark",
    "event",
    "directory",
    "introduction",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--all", action="store_true", help="every scene in each width and colour, to var/screenshots/")
    options = parser.parse_args()
    site = f"http://127.0.0.1:{options.port}"
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM) if CHROMIUM.exists() else None, args=ARGUMENTS
        )
        for scene, width, colour in product(SCENES, WIDTHS, COLOURS):
            name = f"{scene.name}{width}{colour}"
            if options.all or name in IN_README:
                with signed_in(browser, site, scene.who, WIDTHS[width], COLOURS[colour]) as page:
                    walk(page, site, scene)
                    if options.all:
                        page.screenshot(path=ALL_PICTURES / f"{name}.png", full_page=True)
                    else:
                        file = save(page.screenshot(), PICTURES / f"{name}.webp")
                        print(f"{file.name:<24}{file.stat().st_size // 1000:>4} kB")  # noqa: T201
        browser.close()
    return 0


@contextmanager
def signed_in(browser: Browser, site: str, who: str, size: tuple[int, int], colour: str) -> Iterator[Page]:
    """A page of a browser in which somebody has signed in by the form."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if colour == "dark" else "light",
        device_scale_factor=2 if size == PHONE else 1,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
    )
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail").fill(who)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    if "/accounts/login/" in page.url:
        raise SystemExit(f"{who} can't sign in at {site}. Is it the demo, and is it seeded?")
    yield page
    context.close()


def walk(page: Page, site: str, scene: Scene):
    address, *links = scene.way
    page.goto(f"{site}{address}")
    for link in links:
        page.get_by_role("main").get_by_role("link", name=link).first.click()
    page.wait_for_load_state("networkidle")


def save(screenshot: bytes, file: Path) -> Path:
    """As WebP, no larger than MAX_BYTES: at the best quality which allows that."""
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    for quality in range(90, 30, -10):
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.stat().st_size <= MAX_BYTES:
            return file
    raise SystemExit(
        f"{file.name} has more than {MAX_BYTES // 1000} kB at any quality. Take a smaller piece of the page."
    )


if __name__ == "__main__":
    sys.exit(main())

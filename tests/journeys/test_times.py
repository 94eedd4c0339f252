"""Times say how long ago it is, with the full date on hover and for who listens to the page."""

import re

from playwright.sync_api import expect

from .threads import post, starts_thread

FULL = r"\d{1,2} \w+ \d{4}, \d\d:\d\d"


def test_how_long_ago_and_the_date_behind_it(ada):
    starts_thread(ada, "officers-only", "What time is it?", "Late.")
    at = post(ada, 1).locator("time")
    expect(at).to_have_text(re.compile(rf"^(just now|1 minute ago), {FULL}$"))
    expect(at.locator(".visually-hidden")).to_have_text(re.compile(rf"^, {FULL}$"))
    expect(at).to_have_attribute("title", re.compile(rf"^{FULL}$"))


def test_the_date_is_said_once(ada):
    ada.opens("/community/")
    for text in ada.page.locator("main time").all_text_contents():
        assert len(re.findall(r"\d{4}", text)) == 1, text

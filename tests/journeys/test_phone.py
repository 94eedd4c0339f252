"""On a phone: everything within reach of a thumb, and nothing cut off."""

import re

import pytest
from playwright.sync_api import expect

from .people import ADDRESSES
from .threads import composer, is_live, posts, replies

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


@pytest.fixture
def ada(person):
    return person(ADDRESSES["ada"], **PHONE)


def test_the_masthead_is_all_there(ada):
    page = ada.page
    ada.opens("/")
    for name in ("Community", "Events", "Directory"):
        expect(page.locator(".mainnav").get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    expect(page.locator("#bell")).to_be_in_viewport(ratio=1)
    page.locator("#account summary").tap()
    for name in ("Your profile", "Settings", "Introductions"):
        expect(page.locator("#account").get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    page.touchscreen.tap(195, 700)
    expect(page.locator("#account").get_by_role("link", name="Settings")).to_be_hidden()
    page.get_by_role("link", name="Search").first.tap()
    ada.sees_heading("Search")


def test_reading_and_replying(ada, ben):
    page = ada.page
    ada.opens("/")
    page.locator(".mainnav").get_by_role("link", name="Community").tap()
    ada.follows("AI and assistants")
    ada.follows("Start a thread")
    page.get_by_label("Title").fill("Read on the train")
    page.get_by_label("Your post").fill(
        "| Council | Saved |\n| --- | --- |\n| Camden | " + "a lot of " * 12 + "|\n\nLong: " + "x" * 120
    )
    ada.presses("Start thread")
    expect(posts(ada)).to_have_count(1)
    is_live(ada)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390, "A wide table or a long word makes the page scroll sideways"
    size = float(posts(ada).first.evaluate("e => getComputedStyle(e).fontSize").removesuffix("px"))
    assert size >= 16

    ben.opens(page.url)
    replies(ben, "And read on the bus.")
    expect(posts(ada).last).to_contain_text("And read on the bus.")

    composer(ada).tap()
    box = composer(ada).bounding_box()
    assert box and box["width"] >= 300 and box["height"] >= 100
    assert float(composer(ada).evaluate("e => getComputedStyle(e).fontSize").removesuffix("px")) >= 16, (
        "iOS zooms in on less"
    )
    replies(ada, "Sent from a phone.")
    expect(posts(ben).last).to_contain_text("Sent from a phone.")
    expect(posts(ada).last).to_be_in_viewport()


def test_a_long_word_in_what_is_wrong_does_not_widen_the_page(ada):
    ada.opens("/community/ai-and-assistants/start/")
    ada.page.get_by_label("Title").fill("Tagged with one long word")
    ada.page.get_by_label("Tags").fill("y" * 120)
    ada.presses("Start thread")
    expect(ada.page.get_by_role("alert")).to_contain_text("can’t be a tag")
    assert ada.page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_subjects_of_the_demos_mails_stand_in_one_column(person):
    visitor = person(**PHONE)
    visitor.opens("/accounts/password/reset/")
    visitor.page.get_by_label("E-mail address").fill(ADDRESSES["cleo"])
    visitor.page.locator("main form button").click()
    visitor.opens("/demo/mail/")
    box = visitor.page.locator(".rows h2").first.bounding_box()
    assert box and box["width"] > 200


@pytest.mark.parametrize("path", ["/community/", "/events/", "/directory/officers/", "/inbox/"])
def test_targets_are_large_enough(ada, path):
    """WCAG 2.2, 2.5.8: at least 24 by 24 pixels for what is not a link in a sentence."""
    ada.opens(path)
    small = ada.page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter((e) => e.checkVisibility() && !e.closest(".visually-hidden"))
            .map((e) => [e.outerHTML.slice(0, 100), e.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 24 || box.height < 24))
            .map(([html, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${html}`)""",
        "main button, main input:not([type=hidden]), main .button, header a, header summary",
    )
    assert not small, "\n".join(small)


def test_an_event_says_first_what_can_be_done(ada):
    ada.opens("/events/")
    ada.page.locator(".event-title a").first.tap()
    expect(ada.page).to_have_url(re.compile(r"/events/[\w-]+/"))
    place = ada.page.locator("#place").bounding_box()
    body = ada.page.locator(".event-body").first
    if body.count() and place:
        below = body.bounding_box()
        assert below and place["y"] < below["y"]

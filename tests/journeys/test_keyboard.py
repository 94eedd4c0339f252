"""Everything by keyboard: where the focus is can be seen, it comes in the order of the page, and menus let it go."""

import re

import pytest
from playwright.sync_api import Page, expect

from .people import ADDRESSES, PASSWORD, Person
from .threads import composer, is_live, posts, starts_thread

FOCUSED = """() => {
    const e = document.activeElement;
    return (e.getAttribute("aria-label") || e.innerText || e.name || "").trim();
}"""
# An outline, a ring or another border tells a focused element from the same one without focus.
LOOKS = """e => {
    const s = getComputedStyle(e);
    const outline = [s.outlineStyle, s.outlineWidth, s.outlineColor];
    return [...outline, s.boxShadow, s.borderColor, s.backgroundColor].join("|");
}"""


def tabs_to(page: Page, words: str | re.Pattern, *, at_most: int = 60):
    """Presses Tab until the focus is on something with these words."""
    seen = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if re.search(words, seen[-1]):
            return
    pytest.fail(f"Tab never came to {words!r}, but to {seen}")


def test_from_the_front_door_to_a_reply(person, ben):
    thread = starts_thread(ben, "officers-only", "Who answers by keyboard?", "Hands on the keys, please.")
    ada: Person = person()
    page = ada.page
    ada.opens("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    ada.opens("/")
    tabs_to(page, "^Sign in$")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    tabs_to(page, "^login$")
    page.keyboard.type(ADDRESSES["ada"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#account")).to_be_attached()

    tabs_to(page, "^Community$")
    page.keyboard.press("Enter")
    ada.sees_heading("Community")
    tabs_to(page, "^Officers only$")
    page.keyboard.press("Enter")
    ada.sees_heading("Officers only")
    tabs_to(page, "^Who answers by keyboard")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(thread)))
    is_live(ada)

    tabs_to(page, "^source$")
    page.keyboard.type("Here is one.")
    page.keyboard.press("Control+Enter")
    expect(posts(ada)).to_have_text(["Hands on the keys, please.", "Here is one."])
    expect(page.locator("#post-2")).to_be_focused()
    expect(composer(ada)).to_have_value("")


def test_formats_and_mentions(ada):
    starts_thread(ada, "officers-only", "Formats by keyboard", "A first post.")
    text = composer(ada)
    text.focus()
    ada.page.keyboard.type("This is ")
    ada.page.keyboard.press("Control+b")
    ada.page.keyboard.type("bold")
    expect(text).to_have_value("This is **bold**")
    ada.page.keyboard.press("End")
    ada.page.keyboard.type(" @ben")
    offers = ada.page.get_by_role("listbox", name="Members")
    expect(offers.get_by_role("option").first).to_contain_text("Ben Hartley")
    ada.page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"^This is \*\*bold\*\* @\S+ $"))
    expect(offers).to_be_hidden()
    ada.page.keyboard.press("Control+Enter")
    expect(posts(ada).last.locator("strong")).to_have_text("bold")


def test_the_menu_opens_and_escape_closes_it(ada):
    page = ada.page
    ada.opens("/")
    summary = page.locator("#account summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your profile")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Your profile")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Your profile")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize(
    "path", ["/", "/community/", "/events/", "/directory/", "/settings/", "/accounts/password/change/"]
)
def test_the_focus_can_be_seen(ada, path):
    page = ada.page
    ada.opens(path)
    for _ in range(100):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        assert focused
        if focused.evaluate("e => e === document.body"):
            break
        name = focused.evaluate("e => e.outerHTML.slice(0, 120)")
        with_focus = focused.evaluate(LOOKS)
        box = focused.bounding_box()
        assert box and box["width"] > 0 and box["height"] > 0, f"The focus went to something without a size: {name}"
        visible = focused.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth; }"
        )
        assert visible, f"The focus is outside the window: {name}"
        without = focused.evaluate(
            f"e => {{ e.blur(); const look = ({LOOKS})(e); e.focus({{ focusVisible: true }}); return look; }}"
        )
        assert with_focus != without, f"Nothing shows that the focus is on {name}"

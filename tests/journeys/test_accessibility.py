"""Every kind of page against the rules of WCAG 2.2 A and AA: wide and light, narrow and dark; and without sideways
scrolling at 320 pixels, the width that 400 % zoom leaves of a screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .people import ADDRESSES, Person

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
WIDE, PHONE, NARROWEST = (1280, 900), (390, 844), (320, 640)

# name → who looks, where, and what they press there to come to the page
PAGES: dict[str, tuple[str | None, str, tuple[str, ...]]] = {
    "home, visitor": (None, "/", ()),
    "home": ("ada", "/", ()),
    "community": ("ada", "/community/", ()),
    "space": ("ada", "/community/ai-and-assistants/", ()),
    "thread": ("ada", "/community/ai-and-assistants/", (".thread-title a >> nth=0",)),
    "thread, visitor": (None, "/community/what-we-learned/", (".thread-title a >> nth=0",)),
    "thread, moderator": ("mo", "/community/ai-and-assistants/", (".thread-title a >> nth=0",)),
    "post": (
        "ada",
        "/community/ai-and-assistants/",
        (".thread-title a >> nth=0", "#posts .post:first-child .post-acts .end"),
    ),
    "start a thread": ("ada", "/community/ai-and-assistants/start/", ()),
    "start a thread, errors": ("ada", "/community/ai-and-assistants/start/", ("main button.button:not([name])",)),
    "threads with a tag": ("ada", "/community/ai-and-assistants/", (".thread .tags a >> nth=0",)),
    "events": ("ada", "/events/", ()),
    "past events": (None, "/events/?when=past", ()),
    "event": ("ada", "/events/", (".event-title a >> nth=0",)),
    "event, visitor": (None, "/events/", (".event-title a >> nth=0",)),
    "suppliers": ("sal", "/directory/", ()),
    "supplier": ("ada", "/directory/", (".listing-title a >> nth=0",)),
    "officers": ("sal", "/directory/officers/", ()),
    "officer": ("sal", "/directory/officers/", (".listing-title a >> nth=0",)),
    "a supplier's own listing": ("sal", "/directory/listing/edit/", ()),
    "an officer's own listing": ("ada", "/directory/my-listing/", ()),
    "introductions": ("sal", "/introductions/", ()),
    "introduction": ("ada", "/introductions/", (".rows a.title >> nth=0",)),
    "inbox": ("ada", "/inbox/", ()),
    "search": ("ada", "/search/?q=chatbot", ()),
    "member": ("ben", "/", ("#account summary", "#account .menu-list a >> nth=0")),
    "settings": ("cleo", "/settings/", ()),
    "settings, profile": ("ada", "/settings/profile/", ()),
    "settings, mail": ("ada", "/settings/mail/", ()),
    "settings, devices": ("ada", "/settings/sessions/", ()),
    "sign in": (None, "/accounts/login/", ()),
    "join": (None, "/accounts/signup/", ()),
    "join, errors": (None, "/accounts/signup/", ("main button.button",)),
    "forgotten password": (None, "/accounts/password/reset/", ()),
    "content page": (None, "/how-we-stay-neutral/", ()),
    "not found": (None, "/community/there-is-no-such-space/", ()),
}


@pytest.mark.parametrize("name", PAGES)
def test_page(person, name):
    who, path, presses = PAGES[name]
    somebody: Person = person(ADDRESSES[who] if who else "", reduced_motion="reduce")
    page = somebody.page
    somebody.opens(path)
    for selector in presses:
        page.locator(selector).click()
    page.wait_for_load_state()

    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.title().strip()

    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    page.emulate_media(color_scheme="light")
    keeps_the_rules(somebody, "wide and light")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    page.evaluate("Promise.allSettled(document.getAnimations().map((change) => change.finished))")
    keeps_the_rules(somebody, "narrow and dark")
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    stays_within_the_width(somebody)


def keeps_the_rules(somebody: Person, how: str):
    found = Axe().run(somebody.page, options=RULES).response["violations"]
    told = [
        f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"][:5]
    ]
    assert not told, "\n".join([f"{somebody.page.url}, {how}:", *told])


def stays_within_the_width(somebody: Person):
    """Names what sticks out, unless it stands in something that scrolls by itself."""
    out = somebody.page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            const sticksOut = (e) => e.getBoundingClientRect().right > width + 1;
            const wide = [...document.body.querySelectorAll("*")].filter(sticksOut);
            return ["scrolls sideways", ...wide.slice(0, 8).map((e) => e.outerHTML.slice(0, 140))];
        }"""
    )
    assert not out, "\n".join([f"{somebody.page.url} at {NARROWEST[0]} pixels:", *out])

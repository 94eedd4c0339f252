"""What people type is never lost, never posted twice, and gets help on its way to Markdown."""

import re

import pytest
from playwright.sync_api import Route, expect

from .people import NAMES, Person
from .threads import composer, is_live, posts, starts_thread, status

SPACE = "officers-only"
DRAFTS = "Object.keys(localStorage).filter(key => key.startsWith('draft:'))"


@pytest.fixture
def thread(ada) -> str:
    path = starts_thread(ada, SPACE, "What do you write with?", "The first post.")
    is_live(ada)
    return path


def error(person: Person):
    return person.page.locator("form[data-composer] > .error")


def presses_post(person: Person):
    composer(person).press("Control+Enter")


def loses_the_answer(route: Route):
    """The request arrives; what the server says to it does not."""
    route.fetch()
    route.abort()


def test_a_reply_whose_answer_was_lost_is_kept_and_posted_once(ada, thread):
    ada.expects("ERR_FAILED")
    ada.page.route("**/reply/", loses_the_answer)
    composer(ada).fill("Into the dark.")
    presses_post(ada)
    expect(error(ada)).to_contain_text("Not sent: you seem to be offline. It is kept here; try again.")
    expect(composer(ada)).to_have_value("Into the dark.")
    ada.page.unroute("**/reply/")
    presses_post(ada)
    expect(composer(ada)).to_have_value("")
    expect(error(ada)).to_have_count(0)
    ada.page.reload()
    expect(posts(ada)).to_have_text(["The first post.", "Into the dark."])


def test_what_was_said_about_a_lost_line_goes_when_it_is_back(ada, thread):
    ada.expects("ERR_INTERNET_DISCONNECTED")
    ada.context.set_offline(True)
    expect(status(ada)).to_contain_text("Offline")
    composer(ada).fill("Written in a tunnel.")
    presses_post(ada)
    expect(error(ada)).to_contain_text("Not sent: you seem to be offline.")
    ada.context.set_offline(False)
    expect(error(ada)).to_have_count(0)
    expect(composer(ada)).to_have_value("Written in a tunnel.")
    presses_post(ada)
    expect(posts(ada).last).to_have_text("Written in a tunnel.")


def test_a_text_changed_after_its_answer_was_lost_is_not_mistaken_for_the_first(ada, thread):
    ada.expects("ERR_FAILED")
    ada.page.route("**/reply/", loses_the_answer)
    composer(ada).fill("First words.")
    presses_post(ada)
    expect(error(ada)).to_contain_text("Not sent")
    ada.page.unroute("**/reply/")
    composer(ada).fill("Better words.")
    presses_post(ada)
    expect(error(ada)).to_contain_text("it is post 2")
    expect(composer(ada)).to_have_value("Better words.")
    expect(posts(ada)).to_have_text(["The first post.", "First words."])


def test_what_is_wrong_stands_beside_the_field(ada, thread):
    ada.expects("answer: 422")
    ada.presses("Post reply")
    expect(error(ada)).to_contain_text("Write something first")
    expect(composer(ada)).to_be_focused()
    expect(composer(ada)).to_have_attribute("aria-invalid", "true")
    expect(composer(ada)).to_have_attribute("aria-describedby", re.compile("_error"))
    composer(ada).fill("Something.")
    presses_post(ada)
    expect(posts(ada).last).to_have_text("Something.")
    expect(error(ada)).to_have_count(0)
    expect(composer(ada)).not_to_have_attribute("aria-invalid", "true")


def test_a_draft_stays_until_it_is_posted(ada, thread):
    ada.page.locator("#post-1").get_by_role("link", name="Reply").click()
    expect(composer(ada)).to_be_focused()
    expect(ada.page.locator("[data-replying]")).to_contain_text("Answers post 1")
    ada.page.keyboard.type("An answer")
    ada.sees("Draft kept on this device")
    ada.page.reload()
    expect(composer(ada)).to_have_value("An answer")
    expect(ada.page.locator("[data-replying]")).to_contain_text("Answers post 1")
    presses_post(ada)
    expect(ada.page.locator("#post-2 .in-reply")).to_contain_text("Answers post 1")
    expect(ada.page.locator("[data-replying]")).to_be_hidden()
    assert ada.page.evaluate(DRAFTS) == []


def test_signing_out_clears_drafts(person):
    # A session of her own: signing out would end the one that other journeys share.
    ada = person()
    ada.opens("/accounts/login/")
    ada.signs_in("ada@camden.example")
    starts_thread(ada, SPACE, "On a shared computer", "The first post.")
    is_live(ada)
    composer(ada).fill("For nobody else's eyes")
    ada.sees("Draft kept on this device")
    ada.page.locator("#account summary").click()
    ada.presses("Sign out", within="#account")
    expect(ada.page.locator("#account")).to_have_count(0)
    assert ada.page.evaluate(DRAFTS) == []


def test_a_new_thread_is_kept_too(ada):
    ada.opens(f"/community/{SPACE}/start/")
    ada.page.get_by_label("Title").fill("A title that takes long to find")
    ada.page.get_by_label("Your post").fill("And some words")
    drafts_become(ada, 1)
    ada.page.reload()
    expect(ada.page.get_by_label("Title")).to_have_value("A title that takes long to find")
    expect(ada.page.get_by_label("Your post")).to_have_value("And some words")
    ada.presses("Start thread")
    ada.sees_heading("A title that takes long to find")
    drafts_become(ada, 0)


def drafts_become(ada, count: int):
    """Playwright's own waiting for a function needs eval, which the site's policy forbids."""
    for _ in range(100):
        if len(ada.page.evaluate(DRAFTS)) == count:
            return
        ada.page.wait_for_timeout(50)
    assert len(ada.page.evaluate(DRAFTS)) == count


def test_buttons_and_keys_write_markdown_and_can_be_undone(ada, thread):
    text = composer(ada)
    text.fill("one two")
    text.evaluate("field => field.setSelectionRange(4, 7)")
    text.press("Control+b")
    expect(text).to_have_value("one **two**")
    text.press("Control+z")
    expect(text).to_have_value("one two")
    text.fill("a\nb")
    text.select_text()
    ada.presses("List")
    expect(text).to_have_value("- a\n- b")
    bar = ada.page.get_by_role("toolbar", name="Format")
    bar.get_by_role("button", name="Bold").focus()
    ada.page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Italic")).to_be_focused()
    ada.presses("Preview")
    expect(ada.page.locator(".preview li")).to_have_text(["a", "b"])


WORD = """<html><head><style>p { margin: 0 }</style></head><body>
<h2 style='color:red'>Moving <b>off</b> Notes</h2>
<p class=MsoNormal>We <b>did</b> it, see <a href="https://x.example/">the report</a>.</p>
<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>First</p>
<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Second</p>
<table><tr><td>Council</td><td>Cost</td></tr><tr><td>Leeds</td><td>£4k</td></tr></table></body></html>"""
MARKDOWN = """## Moving off Notes

We **did** it, see [the report](https://x.example/).

- First
- Second

| Council | Cost |
| --- | --- |
| Leeds | £4k |"""


def test_what_is_pasted_from_word_becomes_markdown(ada, thread):
    ada.expects("Applying inline style")  # Chromium's, as it puts the page on the clipboard, below
    ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ada.page.evaluate(
        """html => navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob([html], { type: "text/html" }),
            "text/plain": new Blob(["Only words"], { type: "text/plain" }),
        })])""",
        WORD,
    )
    composer(ada).press("Control+v")
    expect(composer(ada)).to_have_value(MARKDOWN)
    composer(ada).fill("")
    composer(ada).press("Control+Shift+v")
    expect(composer(ada)).to_have_value("Only words")


def test_offers_of_names_can_be_sent_away(ada, thread):
    text = composer(ada)
    text.press_sequentially("Ask @be")
    offers = ada.page.get_by_role("listbox", name="Members")
    expect(offers).to_be_visible()
    expect(text).to_have_attribute("aria-activedescendant", re.compile("."))
    text.press("Escape")
    expect(offers).to_be_hidden()
    text.press_sequentially("n")
    ada.page.wait_for_timeout(600)  # longer than the page waits before it asks
    expect(offers).to_be_hidden()
    text.fill("")
    text.press_sequentially("Ask @ben-h")
    offers.get_by_role("option").filter(has_text=NAMES["ben"]).click()
    expect(text).to_have_value("Ask @ben-hartley ")
    expect(text).to_be_focused()
    text.press("Control+z")
    expect(text).to_have_value("Ask @ben-h")

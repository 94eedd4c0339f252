"""A live page keeps still under the hands, and says what has come."""

import re

from playwright.sync_api import expect

from .threads import composer, is_live, post, posts, replies, starts_thread

SPACE = "officers-only"
LONG = "Words that take their room. " * 60


def test_nothing_moves_under_the_hands(ada, ben):
    thread = starts_thread(ada, SPACE, "A page that keeps still", LONG)
    ben.opens(thread)
    is_live(ben)
    composer(ben).focus()
    before = composer(ben).bounding_box()
    replies(ada, LONG)
    expect(posts(ben)).to_have_count(2)
    after = composer(ben).bounding_box()
    assert before and after and abs(after["y"] - before["y"]) < 2


def test_new_posts_out_of_sight_are_announced_and_a_press_away(ada, ben):
    thread = starts_thread(ada, SPACE, "A long first post", LONG * 3)
    ben.opens(thread)
    is_live(ben)
    replies(ada, "Below.")
    button = ben.page.locator("[data-arrived]")
    expect(button).to_have_text(re.compile("1 new post below"))
    expect(ben.page.locator("body > .visually-hidden[role=status]")).to_have_text("Ada Okafor replied")
    assert ben.page.evaluate("scrollY") == 0
    button.click()
    expect(post(ben, 2)).to_be_focused()
    expect(post(ben, 2)).to_be_in_viewport()
    expect(button).to_be_hidden()


def test_the_title_counts_while_nobody_looks(ada, ben):
    thread = starts_thread(ada, SPACE, "Counted in the title", "First.")
    ben.opens(thread)
    is_live(ben)
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    ben.page.evaluate(f"Object.defineProperty(document, 'hidden', {{ value: true, configurable: true }}); {look}")
    replies(ada, "Second.")
    expect(ben.page).to_have_title("(1) Counted in the title – CDO Forum")
    ben.page.evaluate(f"delete document.hidden; {look}")
    expect(ben.page).to_have_title("Counted in the title – CDO Forum")


def test_a_lock_and_its_end_reach_open_pages(ada, ben, mo):
    ben.expects("answer: 403")
    thread = starts_thread(ada, SPACE, "Locked while they talk", "First.")
    ben.opens(thread)
    is_live(ben)
    composer(ben).fill("Too late")
    mo.opens(thread)
    mo.presses("Lock it", within=".rail")
    expect(ben.page.locator("[data-thread-locked]")).to_be_visible()
    expect(post(ben, 1).get_by_role("link", name="Reply")).to_be_hidden()
    ben.presses("Post reply")
    expect(ben.page.locator("form[data-composer] > .error")).to_contain_text("locked")
    expect(composer(ben)).to_have_value("Too late")
    mo.presses("Open it again", within=".rail")
    expect(ben.page.locator("[data-thread-locked]")).to_be_hidden()
    ben.presses("Post reply")
    expect(posts(ben)).to_have_text(["First.", "Too late"])

"""A live page keeps still under the hands, and says what has come."""

import re

from playwright.sync_api import expect

from .threads import composer, is_live, post, posts, replies, starts_thread, status

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


def test_the_button_counts_the_unseen_among_those_that_came(ada, ben):
    thread = starts_thread(ada, SPACE, "Two came, one was seen", "First.")
    ben.page.set_viewport_size({"width": 1280, "height": 700})
    ben.opens(thread)
    is_live(ben)
    ben.expects("ERR_INTERNET_DISCONNECTED")
    ben.context.set_offline(True)
    expect(status(ben)).to_contain_text("Offline")
    replies(ada, "Seen.")
    replies(ada, LONG * 3)
    replies(ada, "Further below.")
    ben.context.set_offline(False)
    expect(status(ben)).to_have_text("Up to date. 3 posts arrived while you were away.")
    expect(ben.page.locator("[data-arrived]")).to_have_text(re.compile(r"1 of 3 new posts (above|below)"))


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


def test_the_arrow_shows_where_they_are(ada, ben):
    thread = starts_thread(ada, SPACE, "Above and below", LONG * 3)
    ben.page.set_viewport_size({"width": 1280, "height": 300})
    ben.opens(thread)
    is_live(ben)
    button = ben.page.locator("[data-arrived]")
    composer(ben).focus()
    ben.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    replies(ada, "Above the composer.")
    expect(button).to_have_text(re.compile("1 new post above"))
    expect(button.locator(".icon")).to_have_css("rotate", "180deg")
    button.click()
    expect(button).to_be_hidden()
    ben.page.evaluate("scrollTo(0, 0)")
    replies(ada, "Below what is read.")
    expect(button).to_have_text(re.compile("1 new post below"))
    expect(button.locator(".icon")).to_have_css("rotate", "none")


def test_a_lock_closes_the_composer_and_its_end_opens_it(ada, ben, mo):
    thread = starts_thread(ada, SPACE, "Locked while they talk", "First.")
    for person in (ada, ben, mo):
        person.opens(thread)
        is_live(person)
    composer(ben).fill("Not lost")
    ada.page.get_by_role("button", name="Post reply").focus()
    mo.presses("Lock it", within=".rail")
    for person in (ada, ben):
        expect(person.page.locator("[data-thread-locked]")).to_be_visible()
        expect(closed(person)).to_contain_text("A moderator has locked this thread")
        expect(person.page.get_by_role("button", name="Post reply")).to_be_hidden()
        expect(post(person, 1).get_by_role("link", name="Reply")).to_be_hidden()
    expect(composer(ada)).to_be_hidden()
    expect(closed(ada)).to_be_focused()
    expect(closed(ben)).to_contain_text("What you were writing is kept here.")
    expect(composer(ben)).to_have_value("Not lost")
    expect(composer(ben)).not_to_be_editable()
    composer(ben).press("Control+Enter")

    replies(mo, "This is the end of it.")
    expect(closed(mo)).to_be_hidden()
    expect(posts(ben)).to_have_text(["First.", "This is the end of it."])

    mo.presses("Open it again", within=".rail")
    expect(ben.page.locator("[data-thread-locked]")).to_be_hidden()
    expect(closed(ben)).to_be_hidden()
    ben.presses("Post reply")
    expect(posts(ben).last).to_have_text("Not lost")
    replies(ada, "Nor am I.")


def test_who_comes_while_it_is_locked_can_reply_once_it_is_open(ada, ben, mo):
    thread = starts_thread(ada, SPACE, "Locked before they come", "First.")
    mo.opens(thread)
    mo.presses("Lock it", within=".rail")
    ben.opens(thread)
    is_live(ben)
    expect(closed(ben)).to_be_visible()
    expect(composer(ben)).to_be_hidden()
    mo.presses("Open it again", within=".rail")
    replies(ben, "Just in time.")


def closed(person):
    """What stands where one would write."""
    return person.page.locator("[data-composer-locked]")

"""All that matters works without a script: read, start, reply, edit, delete, register, ask, search, inbox."""

import re

import pytest
from playwright.sync_api import expect

from .people import ADDRESSES, Person
from .threads import composer, is_in_thread, post, posts

SPACE = "officers-only"


@pytest.fixture
def plain(person):
    """plain("ada") → one of the cast, whose browser runs no scripts."""

    def come(who: str) -> Person:
        return person(ADDRESSES[who], java_script_enabled=False)

    return come


def test_signing_in_leads_back(person):
    visitor = person(java_script_enabled=False)
    visitor.opens("/events/")
    visitor.page.locator(".event-title a").first.click()
    event = visitor.page.url
    visitor.follows("Sign in to register")
    visitor.page.get_by_label("E-mail address").fill(ADDRESSES["ada"])
    visitor.page.get_by_label("Password").fill("wrong horse")
    visitor.presses("Sign in")
    expect(visitor.page.get_by_role("alert")).to_contain_text("There is something to mend")
    visitor.signs_in(ADDRESSES["ada"])
    expect(visitor.page).to_have_url(event)


def test_a_thread_from_its_start_to_a_post_taken_back(plain):
    ada, ben = plain("ada"), plain("ben")
    ada.opens(f"/community/{SPACE}/")
    ada.follows("Start a thread")
    ada.page.get_by_label("Your post").fill("Ours is **grey** with `age`.")
    ada.presses("Start thread")
    expect(ada.page.get_by_role("alert")).to_contain_text("Title")
    expect(ada.page.get_by_label("Your post")).to_have_value("Ours is **grey** with `age`.")
    ada.page.get_by_label("Title").fill("What colour is your mainframe?")
    ada.page.get_by_label("Tags").fill("legacy")
    ada.presses("Preview")
    expect(ada.page.locator(".preview strong")).to_have_text("grey")
    ada.presses("Start thread")
    thread = is_in_thread(ada, "What colour is your mainframe?")

    ben.opens(thread)
    expect(posts(ben)).to_have_text(["Ours is grey with age."])
    composer(ben).fill("Beige, *all of it*.")
    ben.presses("Preview")
    expect(ben.page.locator(".preview em")).to_have_text("all of it")
    expect(composer(ben)).to_have_value("Beige, *all of it*.")
    ben.presses("Post reply")
    expect(posts(ben)).to_have_text(["Ours is grey with age.", "Beige, all of it."])

    # What a script would switch on beside the post stands on the post's own page.
    post(ben, 2).get_by_role("link", name="More").click()
    ben.follows("Edit")
    ben.page.get_by_label("Your post").fill("Beige, and proud.")
    ben.presses("Save changes")
    expect(posts(ben).last).to_have_text("Beige, and proud.")

    ada.opens("/inbox/")
    ada.page.locator(".inbox .unread a").filter(has_text="What colour is your mainframe?").click()
    expect(ada.page).to_have_url(re.compile(re.escape(thread)))
    post(ada, 2).get_by_role("link", name=re.compile("^Reply")).click()
    expect(ada.page.locator("[data-replying]")).to_contain_text("Answers post 2")
    composer(ada).fill("Then we are neighbours.")
    ada.presses("Post reply")
    expect(post(ada, 3)).to_contain_text("Answers post 2")

    ben.opens(thread)
    post(ben, 2).get_by_role("link", name="More").click()
    ben.follows("Delete")
    ben.presses("Delete post")
    expect(post(ben, 2)).to_contain_text("The author took this post back.")
    ben.does_not_see("Beige, and proud.")
    expect(post(ben, 3)).to_be_visible()


def test_a_reply_in_a_long_thread_is_shown_again_where_it_is_written(plain):
    ben = plain("ben")
    ben.opens("/search/?q=stopping+our+chatbot")
    ben.page.locator(".result-title a").first.click()
    thread = is_in_thread(ben, "What we learned from stopping our chatbot")
    ben.opens(thread)
    assert ben.page.locator("#posts").get_attribute("data-pages") != "1"
    ben.presses("Post reply")
    expect(ben.page.get_by_role("alert")).to_be_in_viewport()
    expect(ben.page.get_by_role("alert")).to_contain_text("Write something first.")
    composer(ben).fill("Ours is **still** there.")
    ben.presses("Preview")
    expect(ben.page.locator(".preview strong")).to_be_in_viewport()
    ben.page.locator("#posts > .post").last.get_by_role("link", name=re.compile("^Reply")).click()
    expect(ben.page.locator("[data-replying]")).to_contain_text(re.compile(r"Answers post \d+"))
    ben.presses("Preview")
    ben.page.get_by_role("link", name="Page 1").first.click()
    expect(ben.page.locator("#post-1")).to_be_visible()


def test_a_place_at_an_event_and_back(plain):
    ben = plain("ben")
    ben.opens("/events/")
    ben.follows("Open hour for new members")
    had_a_place = ben.page.get_by_role("link", name="Give your place back").count() > 0
    if had_a_place:
        ben.follows("Give your place back")
        ben.presses("Give it back")
    ben.presses("Register")
    ben.sees("You have a place.")
    if not had_a_place:
        ben.follows("Give your place back")
        ben.presses("Give it back")
        ben.sees("You have given your place back.")


def test_asking_for_an_introduction(plain):
    sal = plain("sal")
    sal.opens("/directory/officers/")
    sal.follows("Ben Hartley")
    sal.follows("Ask for an introduction")
    sal.page.get_by_label("What for").fill("Contact centre case work")
    sal.presses("Send to a moderator")
    expect(sal.page.get_by_role("alert")).to_contain_text("Write why you ask")
    sal.page.get_by_label("Your message").fill("We would like to show you what Hull does with it.")
    sal.presses("Send to a moderator")
    sal.sees("Your request is with the moderators.")
    sal.follows("Withdraw the request")
    sal.page.locator("main form button").click()
    sal.sees("The request is withdrawn.")


def test_search_and_settings(plain):
    cleo = plain("cleo")
    cleo.opens("/")
    cleo.page.get_by_label("Search the forum").fill("chatbot")
    cleo.page.get_by_label("Search the forum").press("Enter")
    expect(cleo.page.locator(".result mark").first).to_have_text(re.compile("chatbot", re.IGNORECASE))
    cleo.opens("/settings/mail/")
    cleo.page.get_by_label("Mentions of me").uncheck()
    cleo.presses("Save")
    expect(cleo.page.get_by_role("status").first).to_be_visible()
    cleo.opens("/settings/mail/")
    expect(cleo.page.get_by_label("Mentions of me")).not_to_be_checked()
    cleo.page.get_by_label("Mentions of me").check()
    cleo.presses("Save")
    cleo.page.locator("#account summary").click()
    expect(cleo.page.locator("#account").get_by_role("button", name="Sign out")).to_be_visible()

"""The session ends while somebody writes: they sign in, and their text is still there."""

from playwright.sync_api import expect

from .people import ADDRESSES, Person
from .threads import composer, is_live, post, posts, replies, starts_thread

TEXT = "A long thought\n\n- with a list\n- that took a while"


def loses_session(somebody: Person):
    somebody.context.clear_cookies(name="sessionid")


def test_the_text_waits_in_the_page(ada, person):
    thread = starts_thread(ada, "officers-only", "Sessions end at lunch", "Mine did.")
    ben = person()
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    ben.opens(thread)
    is_live(ben)
    composer(ben).fill(TEXT)
    loses_session(ben)
    ben.expects("answer: 401")
    ben.presses("Post reply")
    message = ben.page.locator("#reply .error")
    expect(message).to_contain_text("You have been signed out. Your text is kept here")
    expect(composer(ben)).to_have_value(TEXT)

    message.get_by_role("link", name="Sign in").click()
    ben.signs_in(ADDRESSES["ben"])
    expect(composer(ben)).to_have_value(TEXT)
    ben.presses("Post reply")
    expect(posts(ben)).to_have_count(2)
    expect(posts(ben).last.locator("li")).to_have_text(["with a list", "that took a while"])
    expect(composer(ben)).to_have_value("")
    ben.opens(thread)
    expect(composer(ben)).to_have_value("")


def test_signed_in_again_in_another_tab(ada, person):
    """The page's own security token is out of date then, and the reply goes through all the same."""
    thread = starts_thread(ada, "officers-only", "Two tabs at lunch", "One of them old.")
    ben = person()
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    ben.opens(thread)
    is_live(ben)
    composer(ben).fill(TEXT)
    loses_session(ben)
    first, ben.page = ben.page, ben.context.new_page()
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    ben.page = first
    ben.presses("Post reply")
    expect(posts(ben)).to_have_count(2)


def test_without_a_script_the_text_waits_in_the_composer(ada, person):
    thread = starts_thread(ada, "officers-only", "Sessions end at supper", "Mine did, too.")
    ben = person(java_script_enabled=False)
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    ben.opens(thread)
    composer(ben).fill(TEXT)
    loses_session(ben)
    ben.presses("Post reply")
    ben.signs_in(ADDRESSES["ben"])
    expect(composer(ben)).to_have_value(TEXT)
    ben.presses("Post reply")
    expect(posts(ben)).to_have_count(2)
    ben.opens(thread)
    expect(composer(ben)).to_have_value("")
    expect(posts(ben)).to_have_count(2)


def test_a_new_thread_waits_as_well(person):
    ben = person()
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    ben.opens("/community/ai-and-assistants/start/")
    ben.page.get_by_label("Title").fill("A thread at lunch")
    ben.page.get_by_label("Your post").fill(TEXT)
    loses_session(ben)
    ben.presses("Start thread")
    ben.signs_in(ADDRESSES["ben"])
    expect(ben.page.get_by_label("Title")).to_have_value("A thread at lunch")
    expect(ben.page.get_by_label("Your post")).to_have_value(TEXT)
    ben.presses("Start thread")
    ben.sees_heading("A thread at lunch")
    replies(ben, "And on.")


def test_a_change_waits_as_well(person):
    ben = person(java_script_enabled=False)
    ben.opens("/accounts/login/")
    ben.signs_in(ADDRESSES["ben"])
    starts_thread(ben, "officers-only", "A change at lunch", "The first words.")
    post(ben, 1).get_by_role("link", name="More").click()
    ben.follows("Edit")
    ben.page.get_by_label("Your post").fill(TEXT)
    loses_session(ben)
    ben.presses("Save changes")
    ben.signs_in(ADDRESSES["ben"])
    expect(ben.page.get_by_label("Your post")).to_have_value(TEXT)
    ben.presses("Save changes")
    expect(posts(ben).first.locator("li")).to_have_count(2)

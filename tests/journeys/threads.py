"""What people do in threads."""

import re

from playwright.sync_api import Locator, expect

from .people import Person

LIVE = re.compile("^Live$")


def posts(person: Person) -> Locator:
    """The words of the posts, in the order of the page."""
    return person.page.locator("#posts > .post .prose")


def post(person: Person, number: int) -> Locator:
    return person.page.locator(f"#post-{number}")


def composer(person: Person) -> Locator:
    return person.page.get_by_label("Your reply")


def status(person: Person) -> Locator:
    return person.page.locator("[data-live]")


def is_live(person: Person):
    """The page's socket stands: from here on, posts arrive by themselves."""
    expect(status(person)).to_be_visible()
    expect(status(person)).to_have_text(LIVE)


def starts_thread(person: Person, space: str, title: str, text: str, tags: str = "") -> str:
    """→ the thread's path."""
    person.opens(f"/community/{space}/start/")
    person.page.get_by_label("Title").fill(title)
    person.page.get_by_label("Your post").fill(text)
    person.page.get_by_label("Tags").fill(tags)
    person.presses("Start thread")
    return is_in_thread(person, title)


def is_in_thread(person: Person, title: str) -> str:
    expect(person.page).to_have_url(re.compile(r"/threads/\d+/[\w-]+/"))
    person.sees_heading(title)
    return re.search(r"/threads/\d+/[\w-]+/", person.page.url)[0]


def replies(person: Person, text: str):
    composer(person).fill(text)
    person.presses("Post reply")
    expect(posts(person).last).to_contain_text(text)


def number_of(thread: str) -> int:
    return int(thread.split("/")[2])

"""Story 2: an editor publishes an event, and its one place goes from one officer to the next."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from .people import Person

TITLE = "Breakfast: what we stopped buying"
LINK = "https://meet.example/breakfast-4711"
TOMORROW = date.today() + timedelta(days=1)


def test_an_event_from_the_editor_to_the_waiting_list(eve, ada, ben, visitor):
    writes_event(eve)
    sees_it_previewed(eve)
    publishes(eve)

    is_announced(visitor)
    visitor.opens(EVENT)
    visitor.sees("Sign in to register")
    visitor.does_not_see(LINK)

    ada.opens("/events/")
    ada.follows(TITLE)
    ada.does_not_see(LINK)
    ada.presses("Register")
    ada.sees("You have a place.")
    expect(ada.page.get_by_role("link", name="Join online")).to_have_attribute("href", LINK)

    ben.opens(EVENT)
    ben.presses("Join the waiting list")
    ben.sees("You are number 1 on the waiting list.")
    ben.does_not_see(LINK)

    expect(ada.mail(TITLE)).to_contain_text(LINK)
    ada.page.get_by_text("Attachment:").click()
    expect(ada.page.locator("details pre.mail").first).to_contain_text("BEGIN:VEVENT")
    expect(ben.mail(TITLE)).not_to_contain_text(LINK)

    # Ada gives her place back, and Ben's page tells him so, wherever he is.
    ben.opens("/community/")
    bell = ben.page.locator("#bell")
    unread = int(bell.get_attribute("data-unread") or 0)
    ada.opens(EVENT)
    ada.follows("Give your place back")
    ada.presses("Give it back")
    ada.sees("You have given your place back.")
    ada.does_not_see(LINK)
    expect(bell).to_have_attribute("data-unread", str(unread + 1))
    bell.click()
    ben.follows(f"A place at “{TITLE}” has become free, and it is yours.")
    expect(ben.page.get_by_role("link", name="Join online")).to_have_attribute("href", LINK)
    expect(ben.mail(TITLE)).to_contain_text(LINK)
    visitor.opens(EVENT)
    visitor.does_not_see(LINK)


EVENT = "/events/breakfast-what-we-stopped-buying/"


def writes_event(eve: Person):
    page = eve.page
    eve.opens("/")
    page.locator("#account summary").click()
    eve.follows("CMS", within=".masthead")
    eve.opens("/cms/pages/")
    page.get_by_role("link", name="Explore child pages of 'Events'").click()
    page.get_by_role("link", name="Add child page", exact=True).click()
    page.get_by_role("textbox", name="Title*", exact=True).fill(TITLE)
    page.get_by_role("textbox", name="Summary*", exact=True).fill("Contracts that we ended, and what nobody missed.")
    page.get_by_role("textbox", name="Starts*").fill(f"{TOMORROW} 08:00")
    page.get_by_role("textbox", name="Ends*").fill(f"{TOMORROW} 09:00")
    page.get_by_role("combobox", name="How people take part*").select_option("Online")
    page.get_by_label("Joining link").fill(LINK)
    page.get_by_role("combobox", name="Open to*").select_option("Everyone")
    page.get_by_label("Capacity").fill("1")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Paragraph").click()
    page.locator("[contenteditable=true]").press_sequentially("Bring one contract and its end.")


def sees_it_previewed(eve: Person):
    eve.page.get_by_role("button", name="Toggle preview").click()
    preview = eve.page.frame_locator("#w-preview-iframe")
    expect(preview.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(preview.get_by_text("Bring one contract and its end.")).to_be_visible()
    expect(preview.locator("body")).not_to_contain_text(LINK)


def publishes(eve: Person):
    eve.page.get_by_role("button", name="More actions").click()
    eve.page.get_by_role("button", name="Publish", exact=True).click()
    expect(eve.page.locator(".messages")).to_contain_text(re.compile("published", re.IGNORECASE))


def is_announced(visitor: Person):
    visitor.opens("/")
    visitor.sees(TITLE)
    visitor.opens("/events/")
    visitor.sees(TITLE)
    calendar = visitor.context.request.get(f"{visitor.site}/events/calendar.ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert TITLE in calendar.text().replace("\r\n ", "").replace("\\", "")
    assert LINK not in calendar.text()

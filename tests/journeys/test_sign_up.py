"""A new person signs up: an officer at once by a council's address, else a newcomer until a moderator has looked."""

from playwright.sync_api import expect

from .people import Person
from .threads import is_in_thread

PASSWORD = "lantern gravel seventeen"


def signs_up(somebody: Person, name: str, email: str, organisation: str):
    """From the first page to a confirmed address."""
    page = somebody.page
    somebody.email = email
    somebody.opens("/")
    somebody.follows("Join", within=".masthead")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Job title").fill("Head of Digital")
    page.get_by_label("Organisation").fill(organisation)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    somebody.presses("Join")
    somebody.sees_heading("Check your e-mail")
    letter = somebody.mail("Confirm your")
    letter.get_by_role("link", name="/accounts/confirm-email/").click()
    somebody.presses("Yes, confirm it")
    expect(page.locator("#account")).to_be_attached()


def test_the_address_of_a_council_makes_an_officer(visitor):
    signs_up(visitor, "Wren Castell", "wren.castell@leeds.example", "Leeds City Council")
    visitor.opens("/community/")
    visitor.follows("Officers only")
    visitor.follows("Start a thread")
    visitor.page.get_by_label("Title").fill("Good morning from Leeds")
    visitor.page.get_by_label("Your post").fill("I started last week. What should I read first?")
    visitor.presses("Start thread")
    is_in_thread(visitor, "Good morning from Leeds")
    byline = visitor.page.locator("#post-1 .byline")
    expect(byline).to_contain_text("Wren Castell")
    expect(byline).to_contain_text("Leeds")
    expect(byline.locator(".badge")).to_have_text("Officer")


def test_others_wait_for_a_moderator(person, mo):
    newcomer = person()
    signs_up(newcomer, "Ines Moreau", "ines@moreau.example", "A council up north")
    newcomer.opens("/community/")
    newcomer.sees("You can post once we know where you work")
    newcomer.does_not_see("Officers only")
    newcomer.follows("AI and assistants")
    expect(newcomer.page.get_by_role("link", name="Start a thread")).to_have_count(0)
    newcomer.page.locator(".thread-title a").first.click()
    expect(newcomer.page.get_by_label("Your reply")).to_have_count(0)

    mo.opens("/cms/")
    mo.page.get_by_role("link", name="for verification").click()
    mo.page.get_by_role("link", name="Ines Moreau").click()
    mo.sees("ines@moreau.example")
    mo.page.get_by_role("link", name="Verify as officer").click()
    mo.page.get_by_role("button", name="Choose").first.click()
    dialog = mo.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Search").fill("kirklees")
    dialog.get_by_role("link", name="Kirklees Council").click()
    mo.presses("Verify as officer")
    expect(mo.page.locator(".messages")).to_contain_text("Ines Moreau")

    newcomer.page.locator("#bell").click()
    newcomer.page.locator(".inbox .unread a").first.click()
    newcomer.opens("/community/officers-only/")
    expect(newcomer.page.get_by_role("link", name="Start a thread")).to_be_visible()
    expect(newcomer.mail("verified")).to_contain_text("officer")

"""Story 3: a supplier asks to meet an officer, a moderator forwards it, and only a yes shows who they are."""

import pytest
from playwright.sync_api import expect

from .people import Person

# Two officers of the demo who are not in the directory yet.
HELEN = ("helen.barrow@kirklees.example", "Helen Barrow", "Kirklees")
DAN = ("dan.kerr@fife.example", "Dan Kerr", "Fife")
SAL = "sal@brightwave.example"


def test_accepted_and_both_know_each_other(sal, mo, person):
    email, name, council = HELEN
    purpose = "Damp reports that nobody has to type twice"
    officer = person(email)
    goes_into_directory(officer)
    introduction = asks(sal, council, purpose)
    does_not_know(sal, introduction, name, email)
    forwards(mo, purpose)
    does_not_know(sal, introduction, name, email)

    opens_from_bell(officer, purpose)
    officer.sees("Sal Ferrante")
    officer.does_not_see(SAL)
    officer.follows("Accept")
    officer.page.get_by_label("Your words to the supplier").fill("Tuesdays suit me.")
    officer.presses("Accept, and share contact details")
    officer.sees("You are introduced")
    officer.sees(SAL)

    opens_from_bell(sal, purpose)
    sal.sees("You are introduced")
    sal.sees(name)
    sal.sees(email)
    sal.sees("Tuesdays suit me.")
    expect(sal.mail(f"You are introduced: {name}")).to_contain_text(email)
    expect(officer.mail("You are introduced: Sal Ferrante")).to_contain_text(SAL)


def test_declined_and_nobody_is_named(sal, mo, person):
    email, name, council = DAN
    purpose = "Homelessness case work"
    officer = person(email)
    goes_into_directory(officer)
    introduction = asks(sal, council, purpose)
    forwards(mo, purpose)

    opens_from_bell(officer, purpose)
    officer.follows("Decline")
    officer.page.get_by_label("Your words to the supplier").fill("We have just bought one.")
    officer.presses("Decline")
    officer.sees("You declined. This has not told them your name or address.")
    officer.does_not_see(SAL)

    opens_from_bell(sal, purpose)
    sal.sees("We have just bought one.")
    does_not_know(sal, introduction, name, email)
    for subject in ("Your request was forwarded", "Your request was declined"):
        letter = sal.mail(subject)
        expect(letter).to_contain_text(purpose)
        expect(letter).not_to_contain_text(name)
        expect(letter).not_to_contain_text(email)


@pytest.mark.parametrize("who", ["ada", "cleo"])
def test_nobody_else_reads_it(sal, request, who):
    """The requests that Sal has made, at the addresses that Sal has them."""
    sal.opens("/introductions/")
    paths = [link.get_attribute("href") for link in sal.page.locator(".rows a.title").all()]
    other: Person = request.getfixturevalue(who)
    other.opens("/introductions/")
    theirs = [link.get_attribute("href") for link in other.page.locator(".rows a.title").all()]
    assert paths
    for path in sorted(set(paths) - set(theirs)):
        other.is_refused(path)


def goes_into_directory(officer: Person):
    """Without a name."""
    officer.opens("/directory/my-listing/")
    officer.page.get_by_label("What you work on").fill("Cases that cross departments.")
    officer.page.get_by_label("Topics").fill("case-management")
    officer.page.get_by_label("Suppliers may ask for an introduction").check()
    officer.presses("Go into the directory")
    officer.sees("Your listing is saved. This is how others see it.")


def asks(sal: Person, council: str, purpose: str) -> str:
    """→ the path of the introduction"""
    sal.opens("/")
    sal.follows("Directory", within=".mainnav")
    sal.follows("Officers")
    card = sal.page.locator("li.listing").filter(has_text=council)
    card.get_by_role("link").first.click()
    sal.follows("Ask for an introduction")
    sal.page.get_by_label("What for").fill(purpose)
    sal.page.get_by_label("Your message").fill(
        "We have built this with three councils, and would like to hear where it fails."
    )
    sal.presses("Send to a moderator")
    sal.sees("Your request is with the moderators.")
    sal.sees_heading(purpose)
    return sal.page.url.removeprefix(sal.site)


def forwards(mo: Person, purpose: str):
    opens_from_bell(mo, purpose)
    expect(mo.page).to_have_url(f"{mo.site}/cms/introductions/{mo.page.url.rstrip('/').rpartition('/')[2]}/")
    mo.sees("Sal Ferrante")
    mo.follows("Forward")
    mo.presses("Forward")
    mo.sees("The request is with the officer.")


def opens_from_bell(person: Person, purpose: str):
    person.opens("/")
    person.page.locator("#bell").click()
    person.sees_heading("Inbox")
    person.page.locator(".inbox .unread a").first.click()
    person.sees(purpose)


def does_not_know(sal: Person, introduction: str, name: str, email: str):
    for path in (introduction, "/introductions/", "/directory/officers/"):
        sal.opens(path)
        sal.does_not_see(name)
        sal.does_not_see(email)
    # In the inbox the name may stand beside a reply in a thread that both read, but not beside a request.
    sal.opens("/inbox/")
    expect(sal.page.locator(".inbox li").filter(has_text="request").filter(has_text=name)).to_have_count(0)

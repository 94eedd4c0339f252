"""What waits for its author is not handed to the next person at the same browser."""

import pytest

WORDS = "What I work on, in my own words."
PROFILE = "/settings/profile/"


def sign_in(client, member):
    assert client.post("/accounts/login/", {"login": member.email, "password": "forum-demo-2026"}).status_code == 302


@pytest.fixture
def browser(client, ada):
    """Ada's session ended while she wrote, and she has signed in again without opening the page."""
    client.force_login(ada)
    ada.sessions.all().delete()
    assert client.post(PROFILE, {"bio": WORDS}).status_code == 302
    sign_in(client, ada)
    return client


def test_it_waits_for_its_author(browser):
    assert WORDS in browser.get(PROFILE).content.decode()


def test_signing_out_takes_it_along(browser, ada, ben):
    browser.post("/accounts/logout/")
    for member in (ben, ada):
        sign_in(browser, member)
        assert WORDS not in browser.get(PROFILE).content.decode()
        browser.post("/accounts/logout/")


def test_so_does_another_session_that_ended(browser, ada, ben):
    ada.sessions.all().delete()
    sign_in(browser, ben)
    assert WORDS not in browser.get(PROFILE).content.decode()


def test_nor_is_it_handed_to_who_signs_in_first(client, ada, ben):
    client.force_login(ada)
    writer = str(ada.pk)  # as the form says: tests/test_ended_session.py
    ada.sessions.all().delete()
    client.post(PROFILE, {"bio": WORDS, "writer": writer})
    sign_in(client, ben)
    assert WORDS not in client.get(PROFILE).content.decode()


def test_what_the_next_person_writes_takes_its_place(browser, ada, ben):
    ada.sessions.all().delete()
    browser.post(PROFILE, {"bio": "What Ben works on."})
    sign_in(browser, ben)
    page = browser.get(PROFILE).content.decode()
    assert WORDS not in page and "What Ben works on." in page

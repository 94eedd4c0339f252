"""Mails lead to this site, whatever the request called it."""

import re

import pytest
from django.test import Client

from tests.members.test_sign_up import FORM

ELSEWHERE = {"host": "localhost:6666"}


@pytest.fixture
def other_name():
    """A client that calls the site by another of its names."""
    return Client(headers=ELSEWHERE)


@pytest.fixture
def links(mailoutbox, settings):
    """links() → every address in the mails that were sent, the tail of each: from the site's address on."""

    def run():
        words = [part for mail in mailoutbox for part in (mail.body, mail.alternatives[0][0])]
        found = [link for text in words for link in re.findall(r"https?://[^\s\"<]+", text)]
        assert found
        assert all(link.startswith(settings.SITE_URL) for link in found), found
        return {link.removeprefix(settings.SITE_URL) for link in found}

    return run


def test_link_to_confirm(other_name, db, links):
    other_name.post("/accounts/signup/", FORM)
    assert any(link.startswith("/accounts/confirm-email/") for link in links())


def test_link_to_set_a_new_password(other_name, client, ada, links):
    other_name.post("/accounts/password/reset/", {"email": ada.email})
    link = next(link for link in links() if link.startswith("/accounts/password/reset/key/"))
    assert "Set a new password" in client.get(link, follow=True).content.decode()


def test_links_in_the_mail_that_there_is_an_account(other_name, ada, links):
    other_name.post("/accounts/signup/", FORM | {"email": ada.email})
    assert {"/accounts/login/", "/accounts/password/reset/"} <= links()


def test_links_in_the_mail_that_there_is_none(other_name, db, links):
    other_name.post("/accounts/password/reset/", {"email": "nobody@camden.example"})
    assert "/accounts/signup/" in links()

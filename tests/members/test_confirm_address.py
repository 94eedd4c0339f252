"""Only who made an account confirms its address: by one press in the browser that made it, else by its password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from cdoforum.settings import base
from members.models import Member
from tests.members.test_sign_up import FORM, confirmation_link, join

PASSWORD = FORM["password1"]
ASKED = "Password of this account"
ADA = {"login": "ada@camden.example", "password": "forum-demo-2026"}


@pytest.fixture
def link(client, camden, mailoutbox):
    """Nia has signed up in `client`, with a council's address; this is the link in the mail."""
    join(client, email="nia@camden.example")
    return confirmation_link(mailoutbox[0])


@pytest.fixture
def elsewhere():
    """Another browser: of whoever reads the mail."""
    return Client()


def nia() -> Member:
    return Member.objects.get(email="nia@camden.example")


def is_confirmed(email="nia@camden.example") -> bool:
    return EmailAddress.objects.get(email=email).verified


def is_signed_in(client) -> bool:
    return client.get("/settings/").status_code == 200


def test_one_press_where_the_account_was_made(client, link):
    assert ASKED not in client.get(link).content.decode()
    client.post(link)
    assert nia().is_officer
    assert is_signed_in(client)


def test_an_officer_is_told_so(client, camden, link):
    page = client.post(link, follow=True).content.decode()
    assert f"nia@camden.example is confirmed. You are verified as an officer of {camden.name}." in page
    assert "A moderator will look" not in page


def test_who_waits_is_told_so_at_once_and_on_the_home_page(client, db, mailoutbox):
    join(client, email="nia@gwynedd.example")
    page = client.post(confirmation_link(mailoutbox[0]), follow=True).content.decode()
    assert "nia@gwynedd.example is confirmed. A moderator will look at where you work; until then you can read" in page
    home = client.get("/").content.decode()
    assert "A moderator will look at where you work." in home
    assert 'href="/settings/verification/"' in home


def test_the_owner_of_an_address_gives_it_to_nobody_by_a_press(client, elsewhere, link):
    assert ASKED in elsewhere.get(link).content.decode()
    page = elsewhere.post(link).content.decode()
    assert "Write the password of this account." in page
    assert not is_confirmed()
    client.post("/accounts/login/", {"login": "nia@camden.example", "password": PASSWORD})
    assert not is_signed_in(client)
    assert not nia().is_officer


def test_wrong_password_is_answered_beside_the_field(elsewhere, link):
    page = elsewhere.post(link, {"password": "my own password"}).content.decode()
    assert "This is not the password of this account. Try again." in page
    assert 'aria-invalid="true"' in page
    assert 'href="#id_password"' in page
    assert "my own password" not in page
    assert link in page
    assert not is_confirmed()


def test_the_password_confirms_and_signs_in(elsewhere, link):
    response = elsewhere.post(link, {"password": PASSWORD})
    assert (response.status_code, response.url) == (302, "/")
    assert nia().is_officer
    assert is_signed_in(elsewhere)
    assert "does not work any more" in elsewhere.get(link).content.decode()


def test_a_browser_of_somebody_else_is_no_better(ben, as_, link):
    bens = as_(ben)
    assert ASKED in bens.post(link).content.decode()
    assert not is_confirmed()
    bens.post(link, {"password": PASSWORD})
    assert "Signed in as Nia Rees" in bens.get("/settings/").content.decode()


def test_one_that_waits_for_another_account_neither(elsewhere, link):
    join(elsewhere, email="other@camden.example")
    assert ASKED in elsewhere.post(link).content.decode()
    assert not is_confirmed()


def test_one_that_asked_for_an_account_of_this_address_neither(elsewhere, link):
    """The owner signs up, too: there is an account already, and it is not theirs."""
    join(elsewhere, email="nia@camden.example", password1="words-of-the-owner")
    assert ASKED in elsewhere.post(link).content.decode()
    assert not is_confirmed()


def test_one_press_where_the_password_was_written_at_sign_in(elsewhere, link):
    elsewhere.post("/accounts/login/", {"login": "nia@camden.example", "password": PASSWORD})
    elsewhere.post(link)
    assert is_confirmed()
    assert is_signed_in(elsewhere)


def test_guessing_ends_as_it_does_at_sign_in(elsewhere, link, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    for number in range(12):
        page = elsewhere.post(link, {"password": f"guess {number}"}).content.decode()
    assert "Too many attempts. Wait ten minutes" in page
    assert "Too many attempts" in elsewhere.post(link, {"password": PASSWORD}).content.decode()
    assert not is_confirmed()


def test_owner_makes_the_account_theirs_by_a_new_password(client, elsewhere, link, mailoutbox):
    assert 'href="/accounts/password/reset/"' in elsewhere.get(link).content.decode()
    elsewhere.post("/accounts/password/reset/", {"email": "nia@camden.example"})
    reset = re.search(r"http://\S+(/accounts/password/reset/key/\S+/)", mailoutbox[-1].body)[1]
    page = elsewhere.get(reset, follow=True)
    new = {"password1": "words-of-the-owner", "password2": "words-of-the-owner"}
    elsewhere.post(page.context["action_url"], new)
    elsewhere.post(link, {"password": "words-of-the-owner"})
    assert is_confirmed()
    assert is_signed_in(elsewhere)
    client.post("/accounts/login/", {"login": "nia@camden.example", "password": PASSWORD})
    assert not is_signed_in(client)


def test_page_and_mail_name_the_account(elsewhere, link, mailoutbox):
    words = "do nothing: nobody can use your address until it is confirmed."
    page = elsewhere.get(link).content.decode()
    assert "It is for the account of <strong>Nia Rees</strong>, Head of Digital." in page
    assert words in page
    assert "It is for the account of Nia Rees, Head of Digital." in mailoutbox[0].body
    assert words in mailoutbox[0].body
    assert words in mailoutbox[0].alternatives[0][0]


@pytest.mark.parametrize("job_title", ["See https://spam.example", "write to me@spam.example"])
def test_no_mail_carries_an_address_as_a_job_title(client, db, mailoutbox, job_title):
    assert "Write a job title, without an address." in join(client, job_title=job_title).content.decode()
    assert mailoutbox == []


# --- A new address for an account ---------------------------------------------------------------


@pytest.fixture
def ada_at_home(ada, client, mailoutbox) -> str:
    """Ada, signed in in `client`, wants another address; this is the link in the mail to it."""
    client.post("/accounts/login/", ADA)
    client.post("/accounts/reauthenticate/", {"password": ADA["password"]})
    client.post("/accounts/email/", {"email": "ada@leeds.example", "action_add": ""})
    return confirmation_link(mailoutbox[-1])


def test_one_press_where_the_member_is_signed_in(ada, client, ada_at_home):
    assert ASKED not in client.get(ada_at_home).content.decode()
    client.post(ada_at_home)
    assert Member.objects.get(pk=ada.pk).email == "ada@leeds.example"


def test_owner_of_the_new_address_gives_it_to_nobody_by_a_press(ada, ben, as_, ada_at_home, elsewhere):
    for other in (elsewhere, as_(ben)):
        assert ASKED in other.post(ada_at_home).content.decode()
    assert Member.objects.get(pk=ada.pk).email == "ada@camden.example"


def test_new_address_is_confirmed_by_the_password_of_the_account(ada, ada_at_home, elsewhere):
    elsewhere.post(ada_at_home, {"password": ADA["password"]})
    assert Member.objects.get(pk=ada.pk).email == "ada@leeds.example"
    assert is_signed_in(elsewhere)

"""A person joins: the form, the confirmation by e-mail, and what nobody may find out by it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.actions.sign_up import sign_up
from members.models import Member
from tests import make

FORM = {
    "name": "Nia Rees",
    "job_title": "Head of Digital",
    "organisation": "Gwynedd",
    "email": "nia@gwynedd.example",
    "password1": "slate-harbour-lantern",
    "website": "",
}


def confirmation_link(mail) -> str:
    return re.search(r"http://\S+(/accounts/confirm-email/\S+/)", mail.body)[1]


def join(client, **changes):
    return client.post("/accounts/signup/", FORM | changes)


def test_page_offers_known_organisations(client, camden, stroud):
    page = client.get("/accounts/signup/").content.decode()
    assert '<option value="Stroud District Council">' in page
    assert 'list="id_organisation_known"' in page


def test_makes_a_newcomer_who_is_not_signed_in_before_confirming(client, db, mailoutbox, verbs):
    response = join(client)
    assert response.status_code == 302
    assert response.url == "/accounts/confirm-email/"
    nia = Member.objects.get(email="nia@gwynedd.example")
    assert (nia.name, nia.job_title, nia.standing) == ("Nia Rees", "Head of Digital", "newcomer")
    assert nia.claimed_organisation == "Gwynedd"
    assert nia.verification_asked_at is None
    assert client.get("/settings/").status_code == 302
    assert verbs() == ["member.signed_up"]
    assert [mail.to for mail in mailoutbox] == [["nia@gwynedd.example"]]


def test_confirmation_asks_before_it_confirms(client, db, mailoutbox):
    join(client)
    link = confirmation_link(mailoutbox[0])
    page = client.get(link)
    assert "Is <strong>nia@gwynedd.example</strong> your address?" in page.content.decode()
    assert not EmailAddress.objects.get().verified
    response = client.post(link)
    assert response.status_code == 302
    assert EmailAddress.objects.get().verified
    assert client.get("/settings/").status_code == 200  # the browser which joined is signed in


def test_a_link_that_was_used_or_is_wrong_says_so(client, db):
    response = client.get("/accounts/confirm-email/nonsense/")
    assert "does not work any more" in response.content.decode()


def test_newcomer_waits_and_moderators_hear_of_it_by_bell_only(client, mo, ada, mailoutbox, after_commit, told):
    with after_commit():
        join(client)
        client.post(confirmation_link(mailoutbox[0]))
    nia = Member.objects.get(email="nia@gwynedd.example")
    assert nia.verification_asked_at
    assert told(mo) == ["member.awaiting_verification"]
    assert told(ada) == told(nia) == []
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("claim", ["camden", "  London   Borough of CAMDEN "])
def test_known_organisation_is_claimed_by_its_name(client, db, claim):
    make.organisation("London Borough of Camden", short_name="Camden")
    join(client, organisation=claim)
    assert Member.objects.get().claimed_organisation == "London Borough of Camden"


def test_address_that_has_an_account_looks_the_same_from_outside(client, ada, mailoutbox):
    response = join(client, email="ADA@camden.example")
    assert (response.status_code, response.url) == (302, "/accounts/confirm-email/")
    assert Member.objects.filter(email__iexact="ada@camden.example").count() == 1
    assert "There is an account with it already" in mailoutbox[0].body
    assert mailoutbox[0].to == ["ada@camden.example"]


class CountingHasher(MD5PasswordHasher):
    hashed: list[str] = []

    def encode(self, password, salt):
        self.hashed.append(password)
        return super().encode(password, salt)


@pytest.mark.parametrize("email", ["nia@gwynedd.example", "ada@camden.example"])
def test_address_that_has_an_account_takes_as_long(client, ada, settings, email):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed.clear()
    join(client, email=email)
    assert CountingHasher.hashed == [FORM["password1"]]


def test_action_refuses_a_second_account_of_one_address_at_once(ada, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed.clear()
    with pytest.raises(IntegrityError):
        sign_up(email="Ada@Camden.example", password="x", name="Somebody")
    assert CountingHasher.hashed == ["x"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Write your name."),
        ("name", "See http://spam.example", "Write a name, without an address."),
        ("name", "x" * 121, "the limit is 120"),
        ("name", "Nia\x00Rees", "Null characters are not allowed."),
        ("name", "\u200b\u3164", "Write your name."),
        ("job_title", "", "Write your job title."),
        ("job_title", "\u2800", "Write your job title."),
        ("organisation", "", "Write the name of the organisation"),
        ("organisation", "\u202e\u2060", "Write the name of the organisation"),
        ("email", "nonsense", "Write an e-mail address such as"),
        ("password1", "short", "too short"),
        ("password1", "password123456", "too common"),
    ],
)
def test_nonsense_is_answered_and_kept(client, db, field, value, message):
    response = join(client, **{field: value})
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert Member.objects.count() == 0
    if field != "organisation":
        assert 'value="Gwynedd"' in page


def test_what_nobody_sees_is_left_out(client, db):
    join(client, name="Nia \u202eseeR", job_title="Head of\u200b Digital", organisation="Gwyn\u00adedd")
    member = Member.objects.get()
    assert (member.name, member.job_title, member.claimed_organisation) == ("Nia seeR", "Head of Digital", "Gwynedd")


def test_action_leaves_it_out_too(db):
    member = sign_up(email="nia@gwynedd.example", password="x", name="Nia \u202eseeR", organisation="\u3164")
    assert (member.name, member.claimed_organisation) == ("Nia seeR", "")
    with pytest.raises(ValidationError, match="Write your name"):
        sign_up(email="other@gwynedd.example", password="x", name="\u200b\u3164")


def test_html_in_a_name_stays_text(client, db, mailoutbox):
    join(client, name="<script>alert(1)</script>")
    member = Member.objects.get()
    assert member.name == "<script>alert(1)</script>"
    assert "<script>" not in mailoutbox[0].alternatives[0][0]
    assert "Hello <script>alert(1)</script>," in mailoutbox[0].body


def test_robot_that_fills_the_hidden_field_makes_no_account(client, db, mailoutbox):
    join(client, website="https://spam.example")
    assert Member.objects.count() == 0
    assert mailoutbox == []

"""A newcomer says whom they work for, in the settings."""

import pytest
from django.core.exceptions import ValidationError

from members.actions import verification
from members.models import Member


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_asks_and_waits(cleo, mo, stroud, as_, after_commit, told, mailoutbox):
    with after_commit():
        response = as_(cleo).post("/settings/verification/", {"organisation": "stroud district council"}, follow=True)
    assert "A moderator looks at it" in response.content.decode()
    assert fresh(cleo).claimed_organisation == "Stroud District Council"
    assert fresh(cleo).verification_asked_at
    assert told(mo) == ["member.awaiting_verification"]
    assert mailoutbox == []


def test_asking_twice_is_asking_once(cleo, as_, verbs):
    for _ in range(2):
        as_(cleo).post("/settings/verification/", {"organisation": "Stroud"})
    assert verbs() == ["member.awaiting_verification"]


def test_unread_lines_about_one_newcomer_are_one(cleo, mo, as_, after_commit):
    for claim in ("Stroud", "Stroud Town"):
        with after_commit():
            as_(cleo).post("/settings/verification/", {"organisation": claim})
    assert fresh(mo).unread_count == 1
    assert "Cleo Marsh waits for verification, Stroud Town." in as_(mo).get("/inbox/").content.decode()


def test_address_at_a_public_body_verifies_at_once(cleo, camden, as_):
    cleo.email = "cleo@camden.example"
    cleo.save()
    cleo.emailaddress_set.update(email=cleo.email)
    response = as_(cleo).post("/settings/verification/", {"organisation": "Camden"}, follow=True)
    assert "You are verified." in response.content.decode()
    assert fresh(cleo).organisation == camden


def test_empty_and_verified_are_told_why(cleo, ada, as_):
    assert "Write the name of the organisation" in as_(cleo).post("/settings/verification/", {}).content.decode()
    response = as_(ada).post("/settings/verification/", {"organisation": "Leeds"})
    assert response.status_code == 403
    assert "You are an officer of" in response.content.decode()
    assert fresh(ada).claimed_organisation == ""


def test_unconfirmed_address_can_not_ask(cleo, as_):
    cleo.emailaddress_set.update(verified=False)
    response = as_(cleo).post("/settings/verification/", {"organisation": "Stroud"})
    assert "Confirm your e-mail address first." in response.content.decode()
    assert fresh(cleo).verification_asked_at is None


def test_a_claim_of_what_nobody_sees_is_none(cleo, as_):
    page = as_(cleo).post("/settings/verification/", {"organisation": "\u200b\u3164"}).content.decode()
    assert "Write the name of the organisation that you work for." in page
    with pytest.raises(ValidationError, match="Write the name of the organisation"):
        verification.ask(actor=cleo, organisation="\u202e\x00")
    as_(cleo).post("/settings/verification/", {"organisation": "Stroud \u202elicnuoC"})
    assert fresh(cleo).claimed_organisation == "Stroud licnuoC"

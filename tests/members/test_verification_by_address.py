"""A confirmed address at a public body makes an officer, and leaving that address unmakes one."""

import re
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from members.actions import verification
from members.models import EmailDomain, Member
from tests import make


def confirmed(address, **fields) -> Member:
    member = make.member("Nia Rees", email=address, **fields)
    return verification.confirm_address(member=member, address=member.email)


def test_address_at_a_public_body_makes_an_officer(camden, after_commit, told, verbs, mailoutbox):
    with after_commit():
        nia = confirmed("nia@Camden.example", claimed_organisation="Somewhere else")
    assert (nia.standing, nia.organisation, nia.claimed_organisation) == ("officer", camden, "")
    assert nia.verified_at
    assert verbs() == ["member.verified"]
    assert told(nia) == ["member.verified"]
    assert mailoutbox == []  # she has just read it on the page


def test_confirming_twice_changes_and_tells_nothing_more(camden, verbs):
    nia = confirmed("nia@camden.example")
    verification.confirm_address(member=nia, address=nia.email)
    assert verbs() == ["member.verified"]


@pytest.mark.parametrize("address", ["nia@mail.camden.example", "nia@notcamden.example", "camden.example@mail.example"])
def test_subdomains_and_lookalikes_do_not_count(camden, address):
    assert confirmed(address).is_newcomer


def test_body_that_was_abolished_verifies_nobody(db):
    body = make.organisation("Old District", domain="old.example", closed_on=date(2023, 3, 31))
    nia = confirmed("nia@old.example", claimed_organisation=body.name)
    assert nia.is_newcomer
    assert nia.verification_asked_at


def test_supplier_domain_verifies_nobody(db):
    sold = make.supplier("BrightWave")
    EmailDomain.objects.create(organisation=sold, domain="brightwave.example")
    assert confirmed("nia@brightwave.example").is_newcomer


def test_address_that_is_not_the_members_own_does_nothing(camden, cleo):
    assert verification.confirm_address(member=cleo, address="cleo@camden.example").is_newcomer


def test_whom_a_moderator_declined_is_not_verified_by_address_again(camden, mo, after_commit, verbs):
    nia = confirmed("nia@camden.example")
    verification.revoke(actor=mo, member=nia, reason="Left the council in May.")
    again = verification.ask(actor=nia, organisation="Camden")
    assert again.is_newcomer
    assert again.verification_asked_at
    assert verification.confirm_address(member=nia, address=nia.email).is_newcomer


def test_supplier_member_does_not_become_an_officer_by_an_address(camden, sal):
    sal.email = "sal@camden.example"
    sal.save()
    assert verification.confirm_address(member=sal, address=sal.email).is_supplier_member


@pytest.mark.parametrize(
    "domain", ["gmail.com", "btinternet.com", "gov.uk", "Camden.gov.uk", "-a.example", "camden", "a b.c"]
)
def test_domain_anybody_can_have_is_refused(camden, domain):
    with pytest.raises(ValidationError):
        EmailDomain(organisation=camden, domain=domain).full_clean()


# --- Changing the address, through the pages ----------------------------------------------------


def change_address(client, mailoutbox, address):
    """The member asks for a new address, gives the password once more, and confirms from the e-mail."""
    client.post("/accounts/reauthenticate/", {"password": "forum-demo-2026"})
    response = client.post("/accounts/email/", {"email": address, "action_add": ""})
    assert response.status_code == 302, response.content.decode()
    link = re.search(r"http://\S+(/accounts/confirm-email/\S+/)", mailoutbox[-1].body)[1]
    assert mailoutbox[-1].to == [address]
    client.post(link)


@pytest.fixture
def officer_of_camden(camden, ada):
    """Ada, whose verification rests on her address at Camden."""
    return ada


def test_asks_for_the_password_before_the_address_changes(ada, as_):
    response = as_(ada).post("/accounts/email/", {"email": "ada@leeds.example", "action_add": ""})
    assert response.status_code == 302
    assert response.url.startswith("/accounts/reauthenticate/")


def test_officer_who_moves_becomes_officer_of_the_other_body(officer_of_camden, as_, mailoutbox, told, after_commit):
    leeds = make.organisation("Leeds", domain="leeds.example")
    with after_commit():
        change_address(as_(officer_of_camden), mailoutbox, "ada@leeds.example")
    ada = Member.objects.get(pk=officer_of_camden.pk)
    assert (ada.email, ada.standing, ada.organisation) == ("ada@leeds.example", "officer", leeds)
    assert [one.email for one in EmailAddress.objects.filter(user=ada)] == ["ada@leeds.example"]
    assert told(ada) == ["member.verified"]


def test_officer_who_leaves_the_address_is_a_newcomer_who_waits(
    officer_of_camden, mo, as_, mailoutbox, told, after_commit
):
    with after_commit():
        change_address(as_(officer_of_camden), mailoutbox, "ada@home.example")
    ada = Member.objects.get(pk=officer_of_camden.pk)
    assert (ada.standing, ada.organisation, ada.claimed_organisation) == ("newcomer", None, "Camden")
    assert ada.verification_asked_at
    assert told(ada) == ["member.verification_lapsed"]
    assert told(mo) == ["member.awaiting_verification"]
    subjects = {mail.subject: mail.to for mail in mailoutbox}
    assert subjects["Your verification ended with your old address"] == ["ada@home.example"]
    assert subjects["Your e-mail address was changed"] == ["ada@camden.example"]


def test_officer_verified_by_hand_keeps_the_verification(mo, as_, mailoutbox, cleo, stroud):
    verification.verify_officer(actor=mo, member=cleo, organisation=stroud)
    change_address(as_(cleo), mailoutbox, "cleo@elsewhere.example")
    cleo = Member.objects.get(pk=cleo.pk)
    assert (cleo.email, cleo.standing, cleo.organisation) == ("cleo@elsewhere.example", "officer", stroud)


def test_new_address_counts_only_after_confirmation(officer_of_camden, as_, mailoutbox):
    client = as_(officer_of_camden)
    client.post("/accounts/reauthenticate/", {"password": "forum-demo-2026"})
    client.post("/accounts/email/", {"email": "ada@leeds.example", "action_add": ""})
    assert Member.objects.get(pk=officer_of_camden.pk).email == "ada@camden.example"
    assert "ada@leeds.example" in client.get("/accounts/email/").content.decode()


def test_confirming_another_address_asks_no_moderator_again(waiting_cleo, verbs):
    waiting_cleo.email = "cleo@elsewhere.example"
    waiting_cleo.save()
    again = verification.confirm_address(member=waiting_cleo, address=waiting_cleo.email)
    assert again.verification_asked_at == waiting_cleo.verification_asked_at
    assert verbs() == ["member.awaiting_verification"]


def test_confirming_another_address_asks_nothing_for_whom_a_moderator_declined(waiting_cleo, mo):
    declined = verification.decline(actor=mo, member=waiting_cleo, reason="Elsewhere is no public body.")
    declined.email = "cleo@elsewhere.example"
    declined.save()
    assert not verification.confirm_address(member=declined, address=declined.email).verification_asked_at


def test_whoever_claims_no_organisation_waits_for_nobody(cleo, verbs):
    assert not verification.confirm_address(member=cleo, address=cleo.email).verification_asked_at
    assert verbs() == []


def test_officer_who_moves_to_the_bodys_other_domain_stays_one(officer_of_camden, camden, as_, mailoutbox, verbs):
    EmailDomain.objects.create(organisation=camden, domain="camden-two.example")
    change_address(as_(officer_of_camden), mailoutbox, "ada@camden-two.example")
    ada = Member.objects.get(pk=officer_of_camden.pk)
    assert (ada.email, ada.standing, ada.organisation) == ("ada@camden-two.example", "officer", camden)
    assert verbs() == []


def test_tabs_that_are_open_ask_again_what_an_officer_may_read(camden, after_commit, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    with after_commit():
        nia = confirmed("nia@camden.example")
    assert dropped == [{"member_id": nia.pk}]

"""The moderators' queue: verify, decline, revoke."""

import pytest
from django.core.exceptions import ValidationError

from lib.access import Denied
from members.actions import verification
from members.models import Member
from tests import make


def page(member, name):
    return f"/cms/people/{member.pk}/{name}/"


def fresh(member):
    return Member.objects.get(pk=member.pk)


def test_queue_lists_who_waits_and_nobody_else(waiting_cleo, ada, sal, mo, as_):
    text = as_(mo).get("/cms/verification/").content.decode()
    assert "Cleo Marsh" in text
    assert "Stroud District Council" in text
    assert "newcomer.example" in text
    assert "Ada Okafor" not in text
    assert "Sal Rivers" not in text


def test_front_page_of_the_cms_says_how_many_wait(waiting_cleo, mo, eve, as_):
    text = as_(mo).get("/cms/").content.decode()
    assert "1 member waits" in text
    assert "waits" not in as_(eve).get("/cms/").content.decode()


def test_verifies_an_officer(waiting_cleo, stroud, mo, ada, as_, after_commit, told, mailoutbox):
    with after_commit():
        response = as_(mo).post(page(waiting_cleo, "verify-officer"), {"organisation": stroud.pk})
    assert response.status_code == 302
    cleo = fresh(waiting_cleo)
    assert (cleo.standing, cleo.organisation, cleo.verification_asked_at) == ("officer", stroud, None)
    assert told(cleo) == ["member.verified"]
    assert told(ada) == []
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == (["cleo@newcomer.example"], "You are verified")
    assert "an officer of Stroud District Council" in mail.body


def test_form_suggests_the_organisation_that_was_claimed(waiting_cleo, stroud, mo, as_):
    form = as_(mo).get(page(waiting_cleo, "verify-officer")).context["form"]
    assert form["organisation"].value() == stroud.pk


def test_verifies_a_supplier_member(waiting_cleo, mo, as_):
    company = make.supplier("BrightWave")
    as_(mo).post(page(waiting_cleo, "verify-supplier-member"), {"organisation": company.pk})
    assert (fresh(waiting_cleo).standing, fresh(waiting_cleo).organisation) == ("supplier", company)


def test_twice_is_harmless(waiting_cleo, stroud, mo, as_, verbs):
    client = as_(mo)
    for _ in range(2):
        assert client.post(page(waiting_cleo, "verify-officer"), {"organisation": stroud.pk}).status_code == 302
    assert verbs().count("member.verified") == 1


def test_the_other_moderators_bells_fall_silent(waiting_cleo, stroud, mo, after_commit):
    other = make.member("Moira Bell", groups=["Moderators"])
    with after_commit():
        verification.ask(actor=waiting_cleo, organisation="Stroud")
    assert fresh(other).unread_count == 1
    with after_commit():
        verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    assert fresh(other).unread_count == 0


def test_verified_member_is_not_verified_as_something_else(ada, mo, as_):
    company = make.supplier("BrightWave")
    response = as_(mo).post(page(ada, "verify-supplier-member"), {"organisation": company.pk})
    assert response.status_code == 403
    assert "verified already" in response.content.decode()
    assert fresh(ada).is_officer


@pytest.mark.parametrize("name", ["verify-officer", "verify-supplier-member"])
def test_wrong_kind_of_organisation_is_refused(waiting_cleo, stroud, mo, as_, name):
    wrong = stroud if name == "verify-supplier-member" else make.supplier("BrightWave")
    response = as_(mo).post(page(waiting_cleo, name), {"organisation": wrong.pk})
    assert "Choose an organisation of this kind." in response.content.decode()
    assert fresh(waiting_cleo).is_newcomer
    action = verification.verify_officer if name == "verify-officer" else verification.verify_supplier_member
    with pytest.raises(ValidationError):
        action(actor=mo, member=waiting_cleo, organisation=wrong)


def test_declines_with_a_reason_that_the_member_reads(waiting_cleo, mo, ada, as_, after_commit, told, mailoutbox):
    with after_commit():
        as_(mo).post(page(waiting_cleo, "decline"), {"reason": "Write from your address at Stroud."})
    cleo = fresh(waiting_cleo)
    assert cleo.is_newcomer
    assert cleo.verification_declined_at
    assert told(cleo) == ["member.verification_declined"]
    assert told(ada) == []
    assert "Write from your address at Stroud." in mailoutbox[0].body
    assert "Cleo" not in as_(mo).get("/cms/verification/").content.decode()


def test_declining_needs_a_reason_and_happens_once(waiting_cleo, mo, as_, verbs):
    client = as_(mo)
    response = client.post(page(waiting_cleo, "decline"), {"reason": "  "})
    assert "Write the reason" in response.content.decode()
    assert fresh(waiting_cleo).verification_asked_at
    for _ in range(2):
        client.post(page(waiting_cleo, "decline"), {"reason": "We could not find you."})
    assert verbs().count("member.verification_declined") == 1
    with pytest.raises(ValidationError):
        verification.decline(actor=mo, member=make.member(), reason="x" * 1001)


def test_revokes_and_the_tabs_have_to_ask_again(ada, mo, as_, after_commit, told, mailoutbox, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    with after_commit():
        as_(mo).post(page(ada, "revoke"), {"reason": "Left the council in May."})
    left = fresh(ada)
    assert (left.standing, left.organisation, left.claimed_organisation) == ("newcomer", None, "Camden")
    assert left.verification_asked_at is None
    assert dropped == [{"member_id": ada.pk}]
    assert told(ada) == ["member.verification_revoked"]
    assert "Left the council in May." in mailoutbox[0].body
    assert "an officer of Camden" in mailoutbox[0].body


def test_revoking_twice_is_harmless(ada, mo, verbs):
    for _ in range(2):
        verification.revoke(actor=mo, member=ada, reason="Left.")
    assert verbs() == ["member.verification_revoked"]


@pytest.mark.parametrize("who", ["ada", "cleo", "sal", "eve"])
@pytest.mark.parametrize(
    "name", ["verify-officer", "verify-supplier-member", "decline", "revoke", "suspend", "restore"]
)
def test_only_moderators_decide(request, who, name, ben, as_):
    actor = request.getfixturevalue(who)
    organisation = make.organisation("Leeds")
    for method in ("get", "post"):
        response = getattr(as_(actor), method)(page(ben, name), {"organisation": organisation.pk, "reason": "Because."})
        if actor.may_use_cms:
            assert response.status_code == 302 and response.url == "/cms/"  # Wagtail sends away, to its front page
        else:
            assert response.status_code == 404
    left = fresh(ben)
    assert (left.standing, left.is_active) == ("officer", True)


@pytest.mark.parametrize("who", ["ada", "eve"])
@pytest.mark.parametrize("path", ["verification", "people", "organisations", "audit"])
def test_only_moderators_see_the_lists(request, who, path, as_, client):
    member = request.getfixturevalue(who)
    assert as_(member).get(f"/cms/{path}/").status_code == (302 if member.may_use_cms else 404)
    assert client.get(f"/cms/{path}/").status_code == 302


def test_action_refuses_strangers_too(cleo, ada, stroud):
    with pytest.raises(Denied):
        verification.verify_officer(actor=ada, member=cleo, organisation=stroud)
    with pytest.raises(Denied):
        verification.revoke(actor=cleo, member=ada, reason="No.")


def test_nobody_decides_about_themselves_or_about_another_moderator(mo, stroud, admin):
    other = make.member("Moira Bell", groups=["Moderators"])
    with pytest.raises(Denied, match="your own account"):
        verification.verify_officer(actor=mo, member=mo, organisation=stroud)
    with pytest.raises(Denied, match="Only administrators"):
        verification.verify_officer(actor=mo, member=other, organisation=stroud)
    assert verification.verify_officer(actor=admin, member=other, organisation=stroud).is_officer


def test_member_page_shows_what_is_open_and_what_happened(waiting_cleo, stroud, mo, as_):
    client = as_(mo)
    text = client.get(f"/cms/people/{waiting_cleo.pk}/").content.decode()
    assert "Verify as officer" in text
    assert "Revoke" not in text
    assert "we know it: public body" in text
    verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    text = client.get(f"/cms/people/{waiting_cleo.pk}/").content.decode()
    assert "Revoke verification" in text
    assert "Member: verified" in text


def test_list_costs_the_same_for_many(mo, as_, django_assert_max_num_queries):
    for number in range(25):
        member = make.member(f"Person {number}", claimed_organisation="Stroud")
        verification.confirm_address(member=member, address=member.email)
    client = as_(mo)
    client.get("/cms/verification/")
    with django_assert_max_num_queries(12):
        client.get("/cms/verification/")


def test_a_verified_member_is_not_declined(ada, mo, as_):
    response = as_(mo).post(page(ada, "decline"), {"reason": "Left in May."})
    assert response.status_code == 403
    assert "This member is verified. To take that back, revoke the verification." in response.content.decode()
    assert not fresh(ada).verification_declined_at


def test_an_officer_is_not_moved_to_another_body(ada, stroud, mo, as_):
    response = as_(mo).post(page(ada, "verify-officer"), {"organisation": stroud.pk})
    assert "This member is verified already: Officer, Camden." in response.content.decode()
    assert fresh(ada).organisation.name == "Camden"


def test_whoever_asks_again_is_declined_again(waiting_cleo, mo, verbs):
    verification.decline(actor=mo, member=waiting_cleo, reason="We could not find you.")
    verification.ask(actor=waiting_cleo, organisation="Stroud Town")
    verification.decline(actor=mo, member=waiting_cleo, reason="Still not.")
    assert fresh(waiting_cleo).verification_asked_at is None
    assert verbs().count("member.verification_declined") == 2


def test_the_bells_fall_silent_when_a_newcomer_is_declined(waiting_cleo, mo, after_commit):
    with after_commit():
        verification.ask(actor=waiting_cleo, organisation="Stroud")
    assert fresh(mo).unread_count == 1
    with after_commit():
        verification.decline(actor=mo, member=waiting_cleo, reason="We could not find you.")
    assert fresh(mo).unread_count == 0

"""An action asks for the rights of its own moment: the request began before somebody took them away."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from lib.access import Denied
from members.actions import accounts, organisations, suspension, verification
from members.actions.erasure import erase
from members.actions.settings import change_profile
from members.models import Activity, Member
from tests import make

NEW = {"kind": "supplier", "name": "BrightWave", "short_name": "BrightWave"}
ACCOUNT = {"email": "una@forum.example", "name": "Una Poe", "job_title": "", "is_superuser": True}

DECISIONS = {
    "suspend": lambda actor, member: suspension.suspend(actor=actor, member=member, reason="Advertising."),
    "restore": lambda actor, member: suspension.restore(actor=actor, member=member),
    "decline": lambda actor, member: verification.decline(actor=actor, member=member, reason="No public body."),
    "revoke": lambda actor, member: verification.revoke(actor=actor, member=member, reason="Left in May."),
    "verify_officer": lambda actor, member: verification.verify_officer(
        actor=actor, member=member, organisation=make.organisation("Stroud")
    ),
    "verify_supplier_member": lambda actor, member: verification.verify_supplier_member(
        actor=actor, member=member, organisation=make.supplier("BrightWave")
    ),
    "add_organisation": lambda actor, member: organisations.add(actor=actor, values=NEW),
    "change_organisation": lambda actor, member: organisations.change(
        actor=actor, organisation=make.organisation("Stroud"), values={"region": "South West"}
    ),
}
ACCOUNTS = {
    "add_member": lambda actor, member: accounts.add_member(actor=actor, values=ACCOUNT),
    "change_member": lambda actor, member: accounts.change_member(
        actor=actor, member=member, values={"name": "Cleo M."}
    ),
}
OWN = {
    "change_profile": lambda actor: change_profile(actor=actor, bio="Hello."),
    "ask": lambda actor: verification.ask(actor=actor, organisation="Stroud"),
}


def as_of_now(member) -> Member:
    """The member as a request has them, and keeps them until its end."""
    return Member.objects.for_session().get(pk=member.pk)


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_who_is_a_moderator_no_more_decides_no_more(mo, cleo, decide):
    moderator = as_of_now(mo)
    mo.groups.clear()
    with pytest.raises(Denied, match="Only moderators"):
        decide(moderator, cleo)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_a_suspended_moderator_decides_no_more(mo, admin, cleo, decide):
    moderator = as_of_now(mo)
    suspension.suspend(actor=admin, member=mo, reason="Decided about friends.")
    with pytest.raises(Denied, match="suspended"):
        decide(moderator, cleo)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("act", ACCOUNTS.values(), ids=ACCOUNTS)
def test_who_is_an_administrator_no_more_changes_no_accounts(admin, cleo, act):
    second = make.member("Second administrator", is_superuser=True)
    administrator = as_of_now(admin)
    accounts.change_member(actor=second, member=admin, values={"is_superuser": False})
    with pytest.raises(Denied, match="Only administrators"):
        act(administrator, cleo)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("act", OWN.values(), ids=OWN)
def test_who_was_suspended_a_moment_ago_changes_nothing(mo, cleo, act):
    newcomer = as_of_now(cleo)
    suspension.suspend(actor=mo, member=cleo, reason="Advertising.")
    with pytest.raises(Denied, match="suspended"):
        act(newcomer)
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("decide", [DECISIONS[name] for name in ("suspend", "restore", "decline", "verify_officer")])
def test_nobody_decides_about_an_account_that_is_deleted(mo, cleo, decide):
    erase(actor=cleo)
    with pytest.raises(Denied, match="has been deleted"):
        decide(mo, cleo)


@pytest.mark.parametrize("act", OWN.values(), ids=OWN)
def test_whoever_is_signed_out_is_asked_to_sign_in(db, act):
    with pytest.raises(Denied, match="Sign in first"):
        act(AnonymousUser())


@pytest.mark.parametrize("decide", [suspension.suspend, verification.decline, verification.revoke])
@pytest.mark.parametrize("reason", ["", " \n", "\u200b"])
def test_no_reason_that_can_be_read_is_none(mo, ada, cleo, decide, reason):
    member = ada if decide == verification.revoke else cleo
    with pytest.raises(ValidationError) as refused:
        decide(actor=mo, member=member, reason=reason)
    assert refused.value.message_dict == {"reason": ["Write the reason: the member reads it."]}

"""Two people press at the same moment. Needs a database that really works on two things at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from lib.access import Denied
from members import inbox
from members.actions import accounts, erasure, organisations, suspension, verification
from members.actions.sign_up import sign_up
from members.inbox import announcing
from members.models import Activity, Member
from tests import make
from tests.threads import at_once, while_it_waits

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.postgresql,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs row locks: set DATABASE_URL to PostgreSQL"),
]

FORM = {"name": "Nia Rees", "job_title": "Head of Digital", "organisation": "Gwynedd", "website": ""}


def join(as_, address):
    form = FORM | {"email": address, "password1": "slate-harbour-lantern"}
    return lambda: as_(None).post("/accounts/signup/", form).status_code


def test_one_address_sent_twice_makes_one_account(as_, mailoutbox):
    assert at_once(*[join(as_, "nia@gwynedd.example")] * 4) == [302] * 4
    assert Member.objects.filter(email="nia@gwynedd.example").count() == 1


def test_three_of_one_name_verified_at_once_get_three_handles(camden):
    joined = [
        sign_up(email=f"nia{number}@camden.example", password="slate-harbour-lantern", name="Nia Rees")
        for number in range(3)
    ]

    def confirm(member):
        return lambda: verification.confirm_address(member=member, address=member.email).handle

    assert set(at_once(*map(confirm, joined))) == {"nia-rees", "nia-rees-2", "nia-rees-3"}
    assert set(Member.objects.values_list("handle", flat=True)) == {"nia-rees", "nia-rees-2", "nia-rees-3"}


def test_two_moderators_verify_at_once(cleo, stroud, mo, as_):
    other = make.member("Moira Bell", groups=["Moderators"])

    def verify(moderator):
        return lambda: (
            as_(moderator).post(f"/cms/people/{cleo.pk}/verify-officer/", {"organisation": stroud.pk}).status_code
        )

    assert at_once(verify(mo), verify(other)) == [302, 302]
    assert Activity.objects.filter(verb="member.verified").count() == 1
    assert Member.objects.get(pk=cleo.pk).organisation == stroud


def test_verifying_and_suspending_at_once_loses_neither(cleo, stroud, mo):
    results = at_once(
        lambda: verification.verify_officer(actor=mo, member=cleo, organisation=stroud),
        lambda: suspension.suspend(actor=mo, member=cleo, reason="Advertising."),
    )
    assert all(isinstance(result, Member) for result in results), results
    member = Member.objects.get(pk=cleo.pk)
    assert (member.standing, member.is_active) == ("officer", False)


def test_a_decision_and_the_telling_of_people_do_not_wait_in_a_circle(mo, admin, cleo):
    """The telling locks Mo and then Cleo; the decision is about Cleo, and takes a line out of Mo's inbox."""
    verification.ask(actor=cleo, organisation="Elsewhere")
    assert Member.objects.get(pk=mo.pk).unread_count == 1
    while_it_waits(
        lambda: Member.objects.lock(mo.pk),
        lambda: verification.decline(actor=admin, member=cleo, reason="Elsewhere is no public body."),
        then=lambda: Member.objects.lock(cleo.pk),
    )
    assert Member.objects.get(pk=cleo.pk).verification_declined_at
    assert Member.objects.get(pk=mo.pk).unread_count == 0


def administrators() -> int:
    return Member.objects.active().filter(is_superuser=True).count()


def test_of_two_administrators_who_demote_each_other_one_remains(admin):
    other = make.member("Second administrator", is_superuser=True)

    def demote(actor, member):
        return lambda: accounts.change_member(actor=actor, member=member, values={"is_superuser": False})

    results = at_once(demote(admin, other), demote(other, admin), expected=Denied)
    assert [str(result) for result in results if isinstance(result, Denied)] == ["Only administrators can do this."]
    assert administrators() == 1


def test_of_two_administrators_who_leave_at_once_one_remains(admin):
    other = make.member("Second administrator", is_superuser=True)
    refusal = while_it_waits(lambda: erasure.erase(actor=admin), lambda: erasure.erase(actor=other), expected=Denied)
    assert "You are the only administrator" in refusal.reason
    assert administrators() == 1


def test_leaving_twice_at_once_is_leaving_once(ada):
    results = at_once(*[lambda: erasure.erase(actor=ada)] * 3)
    assert {result.name for result in results} == {"A former member"}
    assert Activity.objects.filter(verb="member.erased").count() == 1


def test_nobody_is_verified_by_a_body_that_becomes_a_supplier_meanwhile(mo, admin, cleo, stroud):
    refusal = while_it_waits(
        lambda: organisations.change(actor=admin, organisation=stroud, values={"kind": "supplier"}),
        lambda: verification.verify_officer(actor=mo, member=cleo, organisation=stroud),
        expected=ValidationError,
    )
    assert refusal.messages == ["Stroud District Council is a supplier: choose a public body."]
    assert Member.objects.get(pk=cleo.pk).is_newcomer


def test_what_was_typed_stays_on_the_page_of_whoever_is_suspended_meanwhile(mo, ada, as_):
    client = as_(ada)
    profile = {"name": "Ada", "job_title": "Poet and digital officer", "bio": ""}
    response = while_it_waits(
        lambda: suspension.suspend(actor=mo, member=ada, reason="Advertising."),
        lambda: client.post("/settings/profile/", profile),
    )
    assert response.status_code == 403
    page = response.content.decode()
    assert "Your account is suspended." in page
    assert "Poet and digital officer" in page


def test_who_waits_to_decide_decides_with_the_rights_of_then(mo, admin, ada):
    moderator = Member.objects.for_session().get(pk=mo.pk)
    refusal = while_it_waits(
        lambda: suspension.suspend(actor=admin, member=mo, reason="Decided about friends."),
        lambda: suspension.suspend(actor=moderator, member=ada, reason="Advertising."),
        expected=Denied,
    )
    assert isinstance(refusal, Denied)
    assert Member.objects.get(pk=ada.pk).is_active


def test_who_is_told_of_something_and_who_forgets_its_reason_wait_in_no_circle(ada, mo):
    """Erasing has the member, and then clears the reasons of what was decided about them."""
    activity = inbox.record("member.restored", actor=mo, target=ada, now=timezone.now(), reason="It was a mistake.")
    while_it_waits(
        lambda: Member.objects.lock(ada.pk),
        lambda: announcing.tell(activity.pk, now=timezone.now()),
        then=lambda: Activity.objects.with_target(ada).update(reason=""),
    )
    assert ada.notifications.count() == 1
    assert announcing.tell(activity.pk, now=timezone.now()) == ([], [])
    assert ada.notifications.count() == 1

"""The handle of a newcomer tells nothing of others; the first verification gives a plain one, which stays."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from members.actions import accounts, verification
from members.actions.settings import change_profile
from members.actions.sign_up import sign_up
from members.models import Member
from tests import make


def joined(name="Ben Hartley", email="ben.two@camden.example") -> Member:
    member = sign_up(email=email, password="slate-harbour-lantern", name=name)
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    return member


def confirmed(member) -> Member:
    return verification.confirm_address(member=member, address=member.email)


def handle_of(member) -> str:
    return Member.objects.get(pk=member.pk).handle


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Ben Hartley", r"ben-hartley-[a-z0-9]{4}"),
        ("Nobody Yet", r"nobody-yet-[a-z0-9]{4}"),
        ("李", r"member-[a-z0-9]{4}"),
        ("x" * 120, r"x{60}-[a-z0-9]{4}"),
    ],
)
def test_newcomer_gets_one_by_chance_whoever_is_a_member(ben, name, pattern):
    assert ben.handle == "ben-hartley"
    assert re.fullmatch(pattern, handle_of(joined(name)))


def test_two_of_one_name_differ(db):
    assert handle_of(joined()) != handle_of(joined(email="ben.three@camden.example"))


def by_chance(monkeypatch, *endings):
    """Chance gives these endings, one after the other."""
    given = iter(endings)
    monkeypatch.setattr("members.models.people.get_random_string", lambda *args: next(given))


def test_whose_handle_somebody_has_by_chance_gets_another(db, monkeypatch):
    by_chance(monkeypatch, "aaaa", "aaaa", "bbbb")
    assert handle_of(joined()) == "ben-hartley-aaaa"
    assert handle_of(joined(email="ben.three@camden.example")) == "ben-hartley-bbbb"


def test_whom_chance_gives_nothing_three_times_has_no_account(db, monkeypatch):
    by_chance(monkeypatch, *["aaaa"] * 4)
    joined()
    with pytest.raises(IntegrityError, match="No free handle"):
        joined(email="ben.three@camden.example")
    assert Member.objects.count() == 1


def test_who_finds_the_name_taken_three_times_keeps_the_one_by_chance(camden, ben, monkeypatch):
    """Others are quicker: each time that a free one was found, it is taken."""
    newcomer = joined()
    monkeypatch.setattr("members.models.people.MemberQuerySet.free_handle", lambda self, name: ben.handle)
    officer = confirmed(newcomer)
    assert officer.is_officer
    assert (officer.handle, officer.former_handle) == (newcomer.handle, "")
    assert handle_of(officer) == newcomer.handle


def test_officer_gets_the_name(camden):
    assert handle_of(confirmed(joined())) == "ben-hartley"


def test_officer_gets_the_next_where_a_member_has_it(camden, ben):
    assert handle_of(confirmed(joined())) == "ben-hartley-2"


def test_supplier_member_gets_the_name_of_now(mo):
    newcomer = joined(name="Bn Hartly")
    change_profile(actor=newcomer, name="Ben Hartley")
    verification.verify_supplier_member(actor=mo, member=newcomer, organisation=make.supplier("BrightWave"))
    assert handle_of(newcomer) == "ben-hartley"


def test_who_waits_keeps_the_one_by_chance(stroud):
    newcomer = joined(email="ben@stroud.example")
    verification.ask(actor=newcomer, organisation="Stroud District Council")
    assert re.fullmatch(r"ben-hartley-[a-z0-9]{4}", handle_of(newcomer))


def test_later_verifications_and_lost_ones_keep_it(camden, stroud, mo):
    officer = confirmed(joined())
    change_profile(actor=officer, name="Benjamin Hartley")
    verification.revoke(actor=mo, member=officer, reason="Left the council in May.")
    assert handle_of(officer) == "ben-hartley"
    verification.verify_officer(actor=mo, member=officer, organisation=stroud)
    assert handle_of(officer) == "ben-hartley"


def test_account_that_an_administrator_made_has_the_name_and_keeps_it(admin, mo, stroud):
    values = {"email": "una@stroud.example", "name": "Una Poe", "job_title": "", "is_superuser": False}
    una = accounts.add_member(actor=admin, values=values)
    assert una.handle == "una-poe"
    change_profile(actor=una, name="Una Shaw")
    verification.verify_officer(actor=mo, member=una, organisation=stroud)
    assert handle_of(una) == "una-poe"

"""A moderator who is an officer or works for a supplier: of what concerns them they learn no more than others would."""

import pytest
from django.contrib.auth.models import Group

from directory.actions import introductions as actions
from directory.models import Introduction
from lib.access import Denied
from members.actions import verification
from members.models import Member
from tests import make

pytestmark = pytest.mark.django_db


def made_moderator(member) -> Member:
    member.groups.add(Group.objects.get(name="Moderators"))
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def pat(sal, mo):
    """A colleague of Sal's who is a moderator."""
    return made_moderator(make.supplier_member("Pat Colleague", company="BrightWave"))


@pytest.mark.parametrize("is_moderator", [False, True])
@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "rejected"])
def test_an_officer_knows_nothing_of_a_request_before_it_is_forwarded(status, is_moderator, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status=status)
    ada = made_moderator(ada) if is_moderator else ada
    client = as_(ada)
    for path in ("", "accept/", "decline/"):
        assert client.get(f"/introductions/{introduction.pk}/{path}").status_code == 404
    for path in ("/introductions/", "/", "/inbox/"):
        assert introduction.purpose not in client.get(path).content.decode()


def test_and_reads_it_once_it_is(as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    page = as_(made_moderator(ada)).get(f"/introductions/{introduction.pk}/").content.decode()
    assert "Your answer" in page
    assert introduction.purpose in as_(ada).get("/introductions/").content.decode()


def test_a_moderator_reads_what_concerns_others(as_, sal, ben, ada, mo):
    introduction = make.introduction(sal, ben)
    assert as_(made_moderator(ada)).get(f"/introductions/{introduction.pk}/").status_code == 200


@pytest.mark.parametrize("status", ["submitted", "forwarded", "declined"])
def test_a_colleague_who_moderates_does_not_learn_who_the_officer_is(status, as_, sal, pat, ada, mo):
    introduction = make.introduction(sal, ada, status=status)
    for path in (f"/introductions/{introduction.pk}/", "/introductions/"):
        page = as_(pat).get(path).content.decode()
        assert introduction.purpose in page and ada.name not in page


def test_nor_does_who_asked_and_works_there_no_more(as_, sal, ada, mo):
    introduction = make.introduction(sal, ada)
    verification.revoke(actor=mo, member=sal, reason="Left in May.")
    sal = made_moderator(sal)
    assert as_(sal).get(f"/introductions/{introduction.pk}/").status_code == 404
    assert as_(sal).get(f"/cms/introductions/{introduction.pk}/").status_code == 404


def test_a_colleague_does_not_decide(sal, pat, ada):
    introduction = make.introduction(sal, ada)
    ids = {"actor": pat, "introduction": introduction}
    for action, words in ((actions.forward, {}), (actions.return_, {"reason": "x"}), (actions.reject, {"reason": "x"})):
        with pytest.raises(Denied, match="concerns you"):
            action(**ids, **words)
    assert Introduction.objects.get().status == "submitted"


@pytest.mark.parametrize("status", ["accepted", "declined", "not_now"])
def test_the_audit_trail_does_not_name_who_answered_to_the_suppliers_own_moderator(status, as_, sal, pat, ada, ben, mo):
    make.introduction(sal, ada, status=status)
    other = make.supplier_member("Robin Rival", company="Quillhouse")
    make.introduction(other, ben, status=status)
    verb = f"/cms/audit/results/?verb=introduction.{status}"
    assert ada.name in as_(mo).get(verb).content.decode()
    for_pat = as_(pat).get(verb).content.decode()
    assert ada.name not in for_pat and ben.name in for_pat


def test_nor_what_is_on_its_way_to_the_officer_who_moderates(as_, sal, ada, ben, mo):
    make.introduction(sal, ada)
    verb = "/cms/audit/results/?verb=introduction.submitted"
    assert sal.name in as_(made_moderator(ben)).get(verb).content.decode()
    assert sal.name not in as_(made_moderator(ada)).get(verb).content.decode()


def test_a_moderator_does_not_answer_for_another_officer(as_, sal, ben, ada, mo):
    introduction = make.introduction(sal, ben, status="forwarded")
    ada = made_moderator(ada)
    assert "Your answer" not in as_(ada).get(f"/introductions/{introduction.pk}/").content.decode()
    assert as_(ada).get(f"/introductions/{introduction.pk}/accept/").status_code == 403


def test_an_officer_who_works_for_the_supplier_now_answers_nothing_for_both_sides(as_, sal, ada):
    introduction = make.introduction(sal, ada, status="forwarded")
    Member.objects.filter(pk=ada.pk).update(standing="supplier", organisation=sal.organisation)
    client = as_(ada)
    assert client.get(f"/introductions/{introduction.pk}/").status_code == 200
    assert client.get(f"/introductions/{introduction.pk}/accept/").status_code == 403
    assert client.get(f"/introductions/{introduction.pk}/withdraw/").status_code == 200

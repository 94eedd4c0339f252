"""Shutting a member out, and letting them in again."""

import pytest
from django.core.exceptions import ValidationError

from lib.access import Denied
from members.actions import suspension, verification
from members.models import Member, Session
from tests import make

SIGN_IN = {"login": "ada@camden.example", "password": "forum-demo-2026"}


def fresh(member):
    return Member.objects.get(pk=member.pk)


def suspend(mo, ada, reason="Repeated advertising."):
    return suspension.suspend(actor=mo, member=ada, reason=reason)


def test_signs_out_everywhere_and_closes_the_tabs(ada, ben, mo, as_, after_commit, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    first, second = as_(ada), as_(ada)
    with after_commit():
        response = as_(mo).post(f"/cms/people/{ada.pk}/suspend/", {"reason": "Repeated advertising."})
    assert response.status_code == 302
    assert not fresh(ada).is_active
    assert not Session.objects.filter(member=ada).exists()
    assert dropped == [{"member_id": ada.pk}]
    for client in (first, second):
        assert client.get("/settings/").status_code == 302
    assert as_(ben).get(f"/members/{ada.pk}/").status_code == 404


def test_the_member_reads_why_by_mail_and_at_sign_in(ada, mo, client, after_commit, mailoutbox):
    with after_commit():
        suspend(mo, ada)
    [mail] = mailoutbox
    assert mail.to == ["ada@camden.example"]
    assert "Repeated advertising." in mail.body
    response = client.post("/accounts/login/", SIGN_IN, follow=True)
    assert "Your account is suspended" in response.content.decode()
    assert client.get("/settings/").status_code == 302
    wrong = client.post("/accounts/login/", SIGN_IN | {"password": "guess"})
    assert "is not right" in wrong.content.decode()  # only the password's owner learns of it


def test_a_session_that_is_left_over_lets_nobody_in(ada, as_):
    client = as_(ada)
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/settings/").status_code == 302


def test_twice_is_harmless_and_a_reason_is_needed(ada, mo, as_, verbs):
    assert "Write the reason" in as_(mo).post(f"/cms/people/{ada.pk}/suspend/", {"reason": ""}).content.decode()
    for _ in range(2):
        suspend(mo, ada)
    assert verbs() == ["member.suspended"]


def test_restored_member_is_who_they_were(ada, mo, as_, client, after_commit, told, mailoutbox):
    suspend(mo, ada)
    with after_commit():
        as_(mo).post(f"/cms/people/{ada.pk}/restore/", {"reason": "Thank you for your word."})
    assert (fresh(ada).is_active, fresh(ada).standing) == (True, "officer")
    assert told(ada) == ["member.restored"]
    assert "Thank you for your word." in mailoutbox[-1].body
    assert client.post("/accounts/login/", SIGN_IN).status_code == 302
    with after_commit():
        suspension.restore(actor=mo, member=ada)
    assert told(ada) == ["member.restored"]


def test_the_end_of_a_line_counts_as_one_character(ada, mo, as_):
    """Browsers count so, too, and send it as two."""
    suspend(mo, ada)
    word = f"{'x' * 499}\r\n{'y' * 500}"
    assert as_(mo).post(f"/cms/people/{ada.pk}/restore/", {"reason": word}).status_code == 302
    assert fresh(ada).is_active


def test_a_word_that_is_too_long_is_refused_and_not_cut(ada, mo):
    suspend(mo, ada)
    with pytest.raises(ValidationError) as refused:
        suspension.restore(actor=mo, member=ada, reason="x" * 1001)
    assert "This is 1 character too long: the limit is 1,000. Shorten it." in refused.value.message_dict["reason"]
    assert not fresh(ada).is_active


def test_suspended_newcomer_leaves_the_queue_and_the_bells(waiting_cleo, mo, as_, after_commit):
    with after_commit():
        verification.ask(actor=waiting_cleo, organisation="Elsewhere")
    assert fresh(mo).unread_count == 1
    with after_commit():
        suspend(mo, waiting_cleo)
    assert fresh(mo).unread_count == 0
    assert "Cleo" not in as_(mo).get("/cms/verification/").content.decode()


def test_strangers_are_refused(ada, ben, mo, admin):
    for actor in (ada, ben):
        with pytest.raises(Denied):
            suspend(actor, ben)
    with pytest.raises(Denied):
        suspend(mo, mo)
    with pytest.raises(Denied):
        suspend(mo, admin)
    with pytest.raises(Denied):
        suspend(mo, make.member("Moira Bell", groups=["Moderators"]))


def test_others_are_not_told(ada, ben, mo, after_commit, told):
    with after_commit():
        suspend(mo, ada)
    assert told(ben) == told(mo) == []

"""A person leaves; what they wrote stays readable."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission

from lib.access import Denied
from members.actions import erasure, verification
from members.inbox import reading
from members.models import Activity, Mail, Member, Notification, Session
from tests import make

PASSWORD = {"password": "forum-demo-2026"}


def test_asks_for_the_password(ada, as_):
    client = as_(ada)
    for wrong in ({}, {"password": ""}, {"password": "guess"}):
        response = client.post("/settings/erase/", wrong)
        assert response.status_code == 422
        assert "password" in response.context["form"].errors
    assert Member.objects.get(pk=ada.pk).name == "Ada Okafor"


def test_nothing_personal_stays(ada, mo, as_, after_commit):
    as_(ada)  # another browser
    with after_commit():
        verification.revoke(actor=mo, member=ada, reason="Ada left Camden.")
    activity = Activity.objects.get()
    Mail.objects.filter(member=ada).update(sent_at=None)
    Mail.objects.create(member=mo, activity=activity, created_at=activity.created_at)
    response = as_(ada).post("/settings/erase/", PASSWORD, follow=True)
    assert "Your account is deleted" in response.content.decode()
    member = Member.objects.get(pk=ada.pk)
    assert member.byline.name == "A former member"
    assert (member.byline.url, member.byline.detail, member.byline.badge) == ("", "", "")
    assert member.email.endswith("@erased.invalid")
    assert member.handle == f"former-member-{ada.pk}"
    assert not member.has_usable_password()
    assert not member.is_active
    everything = " ".join(str(value) for value in Member.objects.filter(pk=ada.pk).values().get().values())
    for word in ("Ada", "Okafor", "camden", "Digital Officer"):
        assert word.lower() not in everything.lower()
    for rows in (
        EmailAddress.objects.filter(user=ada),
        Session.objects.filter(member=ada),
        Notification.objects.filter(member=ada),
        Activity.objects.filter(target_id=ada.pk).exclude(reason=""),
        Mail.objects.filter(member=ada, sent_at=None),
    ):
        assert not rows.exists()
    assert Activity.objects.filter(verb="member.erased").count() == 1
    assert (member.former_handle, member.job_title, member.bio, member.claimed_organisation) == ("", "", "", "")
    assert not (member.mail_replies or member.mail_mentions or member.mail_events or member.mail_introductions)
    assert member.unread_count == 0
    assert Mail.objects.filter(member=mo).count() == 1  # what others are owed stays


def test_signs_out_everywhere_and_the_address_is_free_again(ada, as_, client, mailoutbox):
    other = as_(ada)
    as_(ada).post("/settings/erase/", PASSWORD)
    assert other.get("/settings/").status_code == 302
    assert (
        "is not right" in client.post("/accounts/login/", PASSWORD | {"login": "ada@camden.example"}).content.decode()
    )
    form = {
        "name": "Ada",
        "job_title": "x",
        "organisation": "y",
        "email": "ada@camden.example",
        "password1": "slate-harbour-9",
    }
    client.post("/accounts/signup/", form)
    assert Member.objects.get(email="ada@camden.example").pk != ada.pk


def test_profile_is_gone_and_rows_stay(ada, ben, mo, as_):
    erasure.erase(actor=ada)
    assert as_(ben).get(f"/members/{ada.pk}/").status_code == 404
    assert as_(mo).get(f"/members/{ada.pk}/").status_code == 404
    assert as_(mo).get(f"/cms/people/{ada.pk}/").status_code == 404


def test_twice_is_harmless(ada, verbs):
    erasure.erase(actor=ada)
    erasure.erase(actor=ada)
    assert verbs() == ["member.erased"]


def test_other_apps_forget_in_the_same_transaction(ada, monkeypatch):
    def forget(member, now):
        assert member.name == "Ada Okafor"
        raise RuntimeError

    monkeypatch.setattr(erasure, "_erasers", [forget])
    with pytest.raises(RuntimeError):
        erasure.erase(actor=ada)
    assert Member.objects.get(pk=ada.pk).name == "Ada Okafor"


def test_last_administrator_stays(admin, as_):
    response = as_(admin).post("/settings/erase/", PASSWORD)
    assert "You are the only administrator" in response.content.decode()
    with pytest.raises(Denied):
        erasure.erase(actor=admin)
    make.member("Second", is_superuser=True)
    assert erasure.erase(actor=admin).erased_at


def test_waiting_newcomer_leaves_the_moderators_bells(waiting_cleo, mo, after_commit):
    with after_commit():
        verification.ask(actor=waiting_cleo, organisation="Elsewhere")
    with after_commit():
        erasure.erase(actor=waiting_cleo)
    moderator = Member.objects.for_session().get(pk=mo.pk)
    assert moderator.unread_count == 0
    assert reading.readable(Notification.objects.filter(member=mo).select_related("activity"), moderator) == []


def test_others_keep_their_addresses(ada, ben, client):
    erasure.erase(actor=ada)
    assert client.post("/accounts/login/", PASSWORD | {"login": ben.email}).url == "/"
    assert EmailAddress.objects.get().user == ben


def test_that_a_mail_was_sent_stays_known(ada, mo, after_commit):
    with after_commit():
        verification.revoke(actor=mo, member=ada, reason="Ada left Camden.")
    erasure.erase(actor=ada)
    assert Mail.objects.get(member=ada).sent_at


def test_rights_end_with_the_account(mo):
    mo.user_permissions.add(Permission.objects.get(codename="access_admin"))
    erasure.erase(actor=mo)
    assert not mo.groups.exists()
    assert not mo.user_permissions.exists()


def test_open_tabs_close(ada, after_commit, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    with after_commit():
        erasure.erase(actor=ada)
    assert dropped == [{"member_id": ada.pk}]

"""One click in an e-mail switches that kind of e-mail off, without signing in."""

from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client

from lib.mail import UNSUBSCRIBE_SALT, unsubscribe_address
from members.models import Member


def link(member, preference="mail_replies"):
    parts = urlsplit(unsubscribe_address(member.pk, preference))
    return f"{parts.path}?{parts.query}"


def test_asks_first_and_changes_nothing_by_looking(ada, client):
    response = client.get(link(ada))
    assert "Replies to what I started or wrote" in response.content.decode()
    assert Member.objects.get(pk=ada.pk).mail_replies


def test_switches_off_without_signing_in_and_again_harmlessly(ada, client, verbs):
    for _ in range(2):
        response = client.post(link(ada))
        assert "Switched off" in response.content.decode()
    member = Member.objects.get(pk=ada.pk)
    assert not member.mail_replies
    assert member.mail_mentions
    assert verbs() == ["member.mail_chosen"]


def test_mail_programs_do_it_in_one_click(ada):
    client = Client(enforce_csrf_checks=True)
    response = client.post(link(ada), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert not Member.objects.get(pk=ada.pk).mail_replies


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_wrong_tokens_find_nothing(client, ada, token):
    for method in (client.get, client.post):
        assert method(f"/settings/mail/off/?token={token}").status_code == 404


@pytest.mark.parametrize("value", [[999999, "mail_replies"], ["x", "mail_replies"], [1], "text", 7, None])
def test_signed_nonsense_finds_nothing(client, ada, value):
    token = signing.dumps(value, salt=UNSUBSCRIBE_SALT)
    assert client.post("/settings/mail/off/", query_params={"token": token}).status_code == 404


def test_only_mail_can_be_switched_off(client, ada):
    assert client.post(link(ada, "is_active")).status_code == 404
    assert Member.objects.get(pk=ada.pk).is_active


def test_works_for_whoever_is_suspended(ada, client):
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert "Switched off" in client.post(link(ada)).content.decode()
    assert not Member.objects.get(pk=ada.pk).mail_replies

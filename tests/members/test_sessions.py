"""Where a member is signed in."""

import pytest
from django.conf import settings

from members.actions.sessions import end_others
from members.models import Activity, Member, Session
from members.sessions import SessionStore
from members.user_agents import device_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox on Windows"), (EDGE, "Edge on Windows"), (IPHONE, "Safari on iPhone"), ("", "A browser")],
)
def test_devices_have_names(agent, words):
    assert device_of(agent) == words


def test_lists_all_and_signs_out_the_others(ada, client, as_, after_commit, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    credentials = {"login": ada.email, "password": "forum-demo-2026"}
    client.post("/accounts/login/", credentials, headers={"user-agent": FIREFOX})
    other = as_(ada)
    other_key = other.session.session_key
    page = client.get("/settings/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "This device" in page
    assert "Sign out everywhere else" in page
    with after_commit():
        assert client.post("/settings/sessions/").status_code == 302
    assert dropped == [{"session_key": other_key}]
    assert other.get("/settings/").status_code == 302
    assert client.get("/settings/").status_code == 200
    [activity] = Activity.objects.all()
    assert (activity.verb, activity.data) == ("member.sessions_ended", {"count": 1})
    assert "You were signed in only here." in client.post("/settings/sessions/", follow=True).content.decode()
    assert Activity.objects.count() == 1


def test_a_new_password_ends_what_is_left_of_a_suspended_members_sessions(ada, as_):
    as_(ada)
    Member.objects.filter(pk=ada.pk).update(is_active=False)
    assert end_others(actor=ada, keep=None) == 1
    assert not Session.objects.filter(member=ada).exists()


def test_nobody_elses_session_ends(ada, ben, as_):
    bens = as_(ben)
    as_(ada).post("/settings/sessions/")
    assert bens.get("/settings/").status_code == 200


def test_new_password_ends_the_other_sessions(ada, as_, mailoutbox):
    here, there = as_(ada), as_(ada)
    response = here.post(
        "/accounts/password/change/",
        {"oldpassword": "forum-demo-2026", "password1": "slate-harbour-lantern", "password2": "slate-harbour-lantern"},
    )
    assert response.status_code == 302
    assert here.get("/settings/").status_code == 200
    assert there.get("/settings/").status_code == 302
    assert Session.objects.filter(member=ada).count() == 1
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [("Your password was changed", ["ada@camden.example"])]


# As a browser sends them; Django reads \000 in quotes as a null character.
ODD_COOKIES = [
    '"\\000aaaaaaaaaa"',
    '"aaaaaaaa\\000"',
    "AAAAAAAAAAAA",
    "aaaa-aaaa-aaaa",
    "aaaaaaaaaaaé",
    "a" * 41,
    "short",
]


@pytest.mark.parametrize("cookie", ODD_COOKIES)
def test_a_cookie_that_is_no_key_of_ours_is_a_visitor_s(client, db, cookie):
    headers = {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    assert client.get("/accounts/login/", headers=headers).status_code == 200
    assert client.get("/settings/", headers=headers).status_code == 302


@pytest.mark.parametrize("key", ["\x00aaaaaaaaaa", "aaaaaaaa\x00", "AAAAAAAAAAAA", "a" * 41, "short", ""])
def test_such_a_key_asks_the_database_nothing(db, django_assert_num_queries, key):
    """Sockets read their session by the same store."""
    with django_assert_num_queries(0):
        assert SessionStore(key).authenticated_member() is None

"""Who may open whose profile (design §6), and what stands on it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from members import access
from members.models import Member

SEES = {
    None: set(),
    "cleo": {"cleo", "sal", "mo", "eve"},
    "sal": {"sal", "mo", "eve"},
    "eve": {"sal", "mo", "eve"},
    "ada": {"ada", "ben", "cleo", "sal", "mo", "eve"},
    "mo": {"ada", "ben", "cleo", "sal", "mo", "eve"},
}
CAST = ["ada", "ben", "cleo", "sal", "mo", "eve"]


@pytest.fixture
def cast(ada, ben, cleo, sal, mo, eve, monkeypatch):
    monkeypatch.setattr(access, "_meetings", [])
    return {"ada": ada, "ben": ben, "cleo": cleo, "sal": sal, "mo": mo, "eve": eve}


@pytest.mark.parametrize("viewer", SEES)
def test_who_sees_whom(cast, as_, viewer):
    client = as_(cast[viewer] if viewer else None)
    for name in CAST:
        hidden = 404 if viewer else 302  # a visitor is asked to sign in, whoever's number it is
        expected = 200 if name in SEES[viewer] else hidden
        assert client.get(f"/members/{cast[name].pk}/").status_code == expected, (viewer, name)
    assert client.get("/members/999999/").status_code == hidden


@pytest.mark.parametrize("viewer", [name for name in SEES if name])
def test_no_way_to_reach_anybody_is_shown(cast, as_, viewer):
    client = as_(cast[viewer])
    for name in SEES[viewer]:
        assert cast[name].email not in client.get(f"/members/{cast[name].pk}/").content.decode()


def test_other_apps_say_where_people_meet(cast, as_, monkeypatch):
    monkeypatch.setattr(access, "_meetings", [lambda viewer: Q(pk=cast["ben"].pk)])
    client = as_(cast["sal"])
    assert client.get(f"/members/{cast['ben'].pk}/").status_code == 200
    assert client.get(f"/members/{cast['ada'].pk}/").status_code == 404


def test_suspended_members_are_seen_by_moderators_only(cast, as_):
    Member.objects.filter(pk=cast["ben"].pk).update(is_active=False)
    path = f"/members/{cast['ben'].pk}/"
    assert as_(cast["ada"]).get(path).status_code == 404
    assert "Suspended" in as_(cast["mo"]).get(path).content.decode()


def test_words_about_oneself_stay_words(cast, as_):
    Member.objects.filter(pk=cast["ben"].pk).update(bio="<script>alert(1)</script>\n\nSecond.")
    page = as_(cast["ada"]).get(f"/members/{cast['ben'].pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_nobody_is_visible_to_a_visitor(cast):
    assert not access.visible_members(AnonymousUser()).exists()

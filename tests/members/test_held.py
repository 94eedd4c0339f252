"""What a visitor sends is held for whoever signs in next in this browser: little of it, and not for long."""

import pytest
from django.conf import settings

from members.models import Session
from tests import make

CREDENTIALS = {"login": "ada@camden.example", "password": "forum-demo-2026"}
PROFILE = "/settings/profile/"
HOUR = 60 * 60
KEPT = "What you wrote is kept"


def seconds_left(client) -> int:
    return client.session.get_expiry_age()


@pytest.fixture
def visitor(client, db):
    """Somebody who sent a biography without being signed in."""
    client.post(PROFILE, {"name": "Ada", "bio": "What I work on."})
    return client


def test_all_fields_together_have_the_room_of_one_post(client, db):
    for _ in range(5):
        client.post(PROFILE, dict.fromkeys(("name", "job_title", "bio"), "x" * 100000))
    held = client.session["held_text"]["fields"]
    assert settings.POST_MAX_LENGTH < sum(map(len, held.values())) <= settings.POST_MAX_LENGTH + 1_000
    assert Session.objects.count() == 1


def test_the_longest_post_with_its_title_fits(client, db):
    """Browsers send the end of a line as two characters."""
    source = "ninety-nine characters of a line".ljust(99, ".") + "\r\n"
    client.post("/community/officers-only/start/", {"title": "A title", "source": source * 200, "tags": "cloud"})
    assert client.session["held_text"]["fields"] == {
        "title": "A title",
        "source": source.replace("\r\n", "\n") * 200,
        "tags": "cloud",
    }


def test_the_page_to_sign_in_says_that_it_is_kept_also_after_a_wrong_password(visitor):
    login = f"/accounts/login/?next={PROFILE}"
    assert KEPT in visitor.get(login).content.decode()
    assert KEPT in visitor.post("/accounts/login/", {"next": PROFILE, "login": "x", "password": "x"}).content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/login/?next=/inbox/", "/accounts/login/?next=//["])
def test_it_does_not_say_so_where_signing_in_leads_elsewhere(visitor, address):
    assert KEPT not in visitor.get(address).content.decode()


@pytest.mark.parametrize("bio", [None, "", " \n"])
def test_it_does_not_say_so_when_nothing_was_written(client, db, bio):
    if bio is not None:
        client.post(PROFILE, {"name": "", "bio": bio})
    assert KEPT not in client.get(f"/accounts/login/?next={PROFILE}").content.decode()


def test_what_was_written_to_one_officer_does_not_wait_for_another(client, sal, ada, ben):
    make.supplier_listing(sal)
    to_ada, to_ben = (
        f"/introductions/new/?officer={make.officer_listing(officer).public_id}" for officer in (ada, ben)
    )
    client.post(to_ada, {"message": "What Camden would gain."})
    assert KEPT not in client.get("/accounts/login/", {"next": to_ben}).content.decode()
    assert KEPT in client.get("/accounts/login/", {"next": to_ada}).content.decode()
    client.force_login(sal)
    assert not client.get(to_ben).context["form"]["message"].value()
    assert client.get(f"{to_ada}&from=mail").context["form"]["message"].value() == "What Camden would gain."


def test_it_is_kept_for_an_hour(visitor):
    assert seconds_left(visitor) == HOUR


def test_a_visitor_who_is_only_asked_to_sign_in_gets_no_session(client, db):
    client.get(PROFILE)
    assert Session.objects.count() == 0


def test_signing_in_gives_the_usual_time(visitor, ada):
    visitor.post("/accounts/login/", CREDENTIALS)
    assert seconds_left(visitor) == settings.SESSION_COOKIE_AGE
    assert "What I work on." in visitor.get(PROFILE).content.decode()


def test_so_does_signing_in_by_any_other_road(visitor, ada):
    visitor.force_login(ada)
    assert seconds_left(visitor) == settings.SESSION_COOKIE_AGE

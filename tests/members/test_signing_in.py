"""Signing in and out, forgotten passwords, and the one door to site and CMS."""

import re

import pytest
from django.test import Client

from cdoforum.settings import base
from members.models import Member

ADA = {"login": "ada@camden.example", "password": "forum-demo-2026"}


def test_signs_in_with_the_address_in_any_case(client, ada):
    response = client.post("/accounts/login/", ADA | {"login": "ADA@Camden.example"})
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/settings/").status_code == 200


def test_goes_where_the_member_wanted_to(client, ada):
    page = client.get("/accounts/login/?next=/inbox/").content.decode()
    assert 'name="next" value="/inbox/"' in page
    assert client.post("/accounts/login/", ADA | {"next": "/inbox/"}).url == "/inbox/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_never_goes_elsewhere(client, ada, elsewhere):
    assert client.post("/accounts/login/", ADA | {"next": elsewhere}).url == "/"


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"login": "nobody@camden.example"}])
def test_wrong_password_and_unknown_address_look_the_same(client, ada, changes):
    response = client.post("/accounts/login/", ADA | changes)
    assert response.status_code == 200
    page = response.content.decode()
    assert "The e-mail address or the password is not right." in page
    assert "forum-demo-2026" not in page.split("This is a demonstration")[0]


def sign_in_fails(network_address, times):
    for _ in range(times):
        page = Client(REMOTE_ADDR=network_address).post("/accounts/login/", ADA | {"password": "wrong"})
    return page.content.decode()


def test_wrong_passwords_of_somebody_else_lock_nobody_out(client, ada, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    assert "Too many attempts. Wait ten minutes" in sign_in_fails("198.51.100.7", times=12)
    assert client.post("/accounts/login/", ADA).status_code == 302


def test_guessing_from_many_places_ends(client, ada, settings):
    settings.ACCOUNT_RATE_LIMITS = base.ACCOUNT_RATE_LIMITS
    for number in range(4):
        sign_in_fails(f"198.51.100.{number}", times=8)
    assert "Too many attempts" in client.post("/accounts/login/", ADA).content.decode()


def test_empty_form_says_what_is_missing(client, db):
    page = client.post("/accounts/login/", {}).content.decode()
    assert "Write your e-mail address." in page
    assert "Write your password." in page


def test_unconfirmed_address_gets_the_link_again(client, ada, mailoutbox):
    ada.emailaddress_set.update(verified=False)
    response = client.post("/accounts/login/", ADA)
    assert response.url == "/accounts/confirm-email/"
    assert client.get("/settings/").status_code == 302
    assert "Confirm your e-mail address" in mailoutbox[0].subject


def test_demo_accounts_are_named_in_the_demo_only(client, db, settings):
    assert "ben@leeds.example" in client.get("/accounts/login/").content.decode()
    settings.DEMO = False
    page = client.get("/accounts/login/").content.decode()
    assert "ben@leeds.example" not in page
    assert "forum-demo-2026" not in page


def test_cms_has_no_second_door(client, mo):
    response = client.post("/cms/login/", {"username": mo.email, "password": "forum-demo-2026"})
    assert (response.status_code, response.url) == (302, "/accounts/login/")
    assert client.get("/cms/", follow=True).request["PATH_INFO"] == "/accounts/login/"


def test_signs_out_by_post(ada, as_):
    client = as_(ada)
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert client.get("/settings/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/settings/").status_code == 302


def test_forms_are_guarded_against_other_sites(ada):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/accounts/login/", ADA).status_code == 403


def test_sets_a_forgotten_password(client, ada, as_, mailoutbox):
    old = as_(ada)
    assert client.post("/accounts/password/reset/", {"email": "ada@camden.example"}).status_code == 302
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+/)", mailoutbox[0].body)[1]
    page = client.get(link, follow=True)
    assert "Set a new password" in page.content.decode()
    form = page.context["action_url"]
    response = client.post(
        form, {"password1": "slate-harbour-lantern", "password2": "slate-harbour-lantern"}, follow=True
    )
    assert "Your new password is set" in response.content.decode()
    assert Member.objects.get(pk=ada.pk).check_password("slate-harbour-lantern")
    assert old.get("/settings/").status_code == 302
    assert "does not work any more" in client.get(link, follow=True).content.decode()


def test_unknown_address_learns_nothing_on_the_page(client, ada, mailoutbox):
    known = client.post("/accounts/password/reset/", {"email": "ada@camden.example"}, follow=True)
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@camden.example"}, follow=True)
    assert known.request["PATH_INFO"] == unknown.request["PATH_INFO"]
    assert "No account with this address" in mailoutbox[1].subject


def test_session_and_member_are_one_query(ada, as_, django_assert_max_num_queries):
    client = as_(ada)
    client.get("/settings/mail/")  # the first page of a process reads and keeps the site's settings
    with django_assert_max_num_queries(2):
        client.get("/settings/mail/")

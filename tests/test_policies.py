"""What every answer carries: the policy for scripts, what caches may keep, static files, and pages for errors."""

import re

import pytest
from django.test import Client, override_settings

from tests import make

# --- Policies --------------------------------------------------------------------------------------


def policy(response) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in response["Content-Security-Policy"].split(";"))}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/community/",
        "/events/",
        "/directory/",
        "/search/?q=x",
        "/accounts/login/",
        "/accounts/signup/",
        "/no-such/",
    ],
)
def test_public_pages_have_a_strict_policy(address, client):
    response = client.get(address)
    given = policy(response)
    assert given["default-src"] == ["'self'"] and given["object-src"] == ["'none'"] and given["base-uri"] == ["'none'"]
    assert "'unsafe-inline'" not in str(given) and "'unsafe-eval'" not in str(given) and "*" not in str(given)
    page = response.content.decode()
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "src=" in script or "nonce=" in script or "application/json" in script, script
    assert not re.search(r"<style\b|\sstyle=|\son\w+=\"", page)
    assert response["X-Frame-Options"] == "SAMEORIGIN" and response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_the_cms_has_a_nonce_of_its_own_for_each_answer(as_, admin):
    client, nonces = as_(admin), set()
    for _ in range(2):
        response = client.get("/cms/")
        assert response.status_code == 200
        (nonce,) = re.findall(r"'nonce-([^']+)'", response["Content-Security-Policy"])
        nonces.add(nonce)
        page = response.content.decode()
        inline = [script for script in re.findall(r"<script\b[^>]*>", page) if "src=" not in script]
        assert inline and all(f'nonce="{nonce}"' in script for script in inline)
        assert "'unsafe-inline'" not in policy(response)["script-src"]
    assert len(nonces) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/inbox/", "/settings/", "/community/"])
def test_pages_of_a_member_are_not_shared_by_caches(address, as_, ada):
    response = as_(ada).get(address)
    assert "Cookie" in response.get("Vary", "") or "private" in response.get("Cache-Control", "")


@pytest.mark.parametrize(
    "address", ["css/tokens.css", "css/base.css", "js/site.js", "img/favicon.svg", "django_htmx/htmx-2.min.js"]
)
@pytest.mark.django_db
def test_static_files_are_served(address, client):
    response = client.get(f"/static/{address}")
    assert response.status_code == 200, address


@pytest.mark.django_db
def test_every_static_file_that_a_page_names_is_there(client, as_, ada, members_space):
    thread = make.thread(members_space, ada)
    for page in ("/", "/community/", thread.get_absolute_url(), "/events/", "/directory/", "/accounts/signup/"):
        html = as_(ada).get(page, follow=True).content.decode()
        for address in set(re.findall(r'(?:href|src)="(/static/[^"?#]+)', html)):
            assert client.get(address).status_code == 200, f"{page} names {address}"


# --- Error pages -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_missing_page_says_so_in_the_sites_own_frame(client):
    response = client.get("/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "masthead" in page and "no-such-page" not in page


@pytest.mark.django_db
def test_a_refusal_says_why(as_, ada, open_space):
    thread = make.thread(open_space, ada)
    response = as_(None).get(f"/posts/{thread.posts.get().pk}/history/")
    assert response.status_code in {302, 403}
    sal = make.supplier_member("Sally Other")
    response = as_(sal).get(f"/posts/{thread.posts.get().pk}/edit/")
    assert response.status_code == 403
    assert "Only its author can edit this post." in response.content.decode()


@pytest.mark.django_db
def test_a_form_that_was_forged_is_told_what_to_do(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post("/inbox/read/")
    assert response.status_code == 403
    assert "masthead" in response.content.decode() or "<h1" in response.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_shows_a_page_that_needs_nothing_and_tells_nothing(monkeypatch, ada):
    def broken(*args, **kwargs):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("community.queries.spaces", broken)
    client = Client(raise_request_exception=False)
    client.force_login(ada)
    response = client.get("/community/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "a secret detail" not in page and "Traceback" not in page
    assert "<h1" in page


@pytest.mark.django_db
@override_settings(ALLOWED_HOSTS=["forum.example"])
def test_another_host_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "trace"])
def test_other_methods_do_no_harm(method, as_, ada, members_space):
    thread = make.thread(members_space, ada)
    client = as_(ada)
    for address in (
        "/",
        "/community/",
        thread.get_absolute_url(),
        f"/threads/{thread.pk}/reply/",
        f"/threads/{thread.pk}/changes/?since=0",
    ):
        assert getattr(client, method)(address).status_code < 500
    assert thread.posts.count() == 1

"""What is refused before it is read: our own page, in words, that needs no database."""

import pytest
from django.test import Client

WORDS = "We can’t read what was sent"


def is_our_page(response):
    page = response.content.decode()
    assert response.status_code == 400
    assert f"<h1>{WORDS}</h1>" in page and "go back" in page
    assert page.count("<h1") == 1 and '<html lang="en-GB"' in page and "/static/css/" in page
    assert response["Content-Type"].startswith("text/html")


def too_many_fields(client):
    return client.post("/accounts/login/", {f"field-{number}": "x" for number in range(5_001)})


def too_large(client):
    return client.post("/accounts/login/", {"login": "x" * 2_600_000})


def another_host(client):
    return client.get("/", headers={"Host": "evil.example"})


def a_host_that_is_none(client):
    return client.get("/community/", headers={"Host": "forum example\x00"})


def another_host_of_the_cms(client):
    return client.get("/cms/", headers={"Host": "evil.example"})


SUSPICIOUS = [too_many_fields, too_large, another_host, a_host_that_is_none, another_host_of_the_cms]


@pytest.mark.parametrize("send", SUSPICIOUS, ids=lambda send: send.__name__)
def test_a_suspicious_request_gets_our_page_without_a_question_to_the_database(send, django_assert_num_queries):
    with django_assert_num_queries(0):
        is_our_page(send(Client()))


def test_nothing_of_what_was_sent_is_on_the_page():
    response = Client().get("/<script>", headers={"Host": "evil.example"})
    assert "evil.example" not in response.content.decode() and "<script>alert" not in response.content.decode()


def test_only_visitors_are_told_to_sign_in_where_nothing_is(as_, ada):
    assert "sign in or try the search" in as_(None).get("/nothing/").content.decode()
    page = as_(ada).get("/nothing/").content.decode()
    assert "try the search" in page and "sign in" not in page


@pytest.mark.parametrize("cookie", ["x\x00y", "\x00" * 40, "a" * 32 + "\x00", "%00", "'; --"], ids=ascii)
def test_a_crooked_session_is_a_visitors(cookie):
    for path in ("/", "/community/", "/accounts/login/"):
        client = Client()
        client.cookies["sessionid"] = cookie
        assert client.get(path).status_code == 200
    client.cookies["csrftoken"] = cookie
    assert client.post("/accounts/login/", {"login": "x"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/community/%00/", "/threads/1%00/", "/events/%00/", "/search/?q=%00", "/members/%00/"]
)
def test_a_null_character_in_an_address_is_no_fault_of_ours(path):
    assert Client(raise_request_exception=False).get(path).status_code in {200, 301, 302, 400, 404}


@pytest.mark.parametrize("field", ["login", "password", "next"])
def test_a_null_character_in_a_form_is_no_fault_of_ours(field):
    fields = {"login": "ada@camden.example", "password": "forum-demo-2026"} | {field: "x\x00y"}
    response = Client(raise_request_exception=False).post("/accounts/login/", fields)
    assert response.status_code in {200, 302, 400}

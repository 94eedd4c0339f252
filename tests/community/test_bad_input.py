"""Nonsense gets a clear answer with the right status, keeps what was typed, and loses nothing."""

import html
import re
import time
import uuid

import pytest

from community.models import Post, Thread
from tests import make
from tests.parsed import dangers

pytestmark = pytest.mark.django_db
TITLE = "A title that is long enough"

WRONG_TEXTS = {
    "empty": ("", "Write something first."),
    "white space": (" \t\r\n ", "Write something first."),
    "invisible": ("\u200b\u2060\ufeff", "Write something first."),
    "null bytes": ("before\x00after", "null"),
    "too long": ("x" * 100_000, "This is 80,000 characters too long: the limit is 20,000."),
}


@pytest.fixture
def forms(members_space, ada):
    """Each form with a text, as (address, fields) for Ada."""
    thread = make.thread(members_space, ada)
    post = make.reply(thread, ada)
    token = str(uuid.uuid4())
    return {
        "start": ("/community/ai-and-assistants/start/", {"title": TITLE, "token": token}),
        "reply": (f"/threads/{thread.pk}/reply/", {"token": token}),
        "edit": (f"/posts/{post.pk}/edit/", {}),
    }


@pytest.mark.parametrize("form", ["start", "reply", "edit"])
@pytest.mark.parametrize("wrong", WRONG_TEXTS)
def test_a_text_that_can_not_be_posted(form, wrong, forms, as_, ada):
    source, message = WRONG_TEXTS[wrong]
    address, fields = forms[form]
    before = list(Post.objects.values_list("source", flat=True))
    response = as_(ada).post(address, fields | {"source": source})
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert message.lower() in " ".join(response.context["form"].errors["source"]).lower()
    assert message.lower() in page.lower()
    assert "<title>Error: " in page
    assert response.context["form"]["source"].value() == source
    assert source.strip("\x00").replace("\r\n", "\n") in page.replace("\r\n", "\n")
    assert list(Post.objects.values_list("source", flat=True)) == before


@pytest.mark.parametrize("source", [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
    "<b onclick='alert(1)'>b</b>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "![x](javascript:alert(1))", "<a href=\"javascript:alert(1)\">x</a>",
    "</textarea><script>alert(1)</script>", "\"><script>alert(1)</script>", "{{ 7 * 7 }}{% csrf_token %}",
])  # fmt: skip
def test_html_in_any_field_is_words(source, as_, ada, members_space):
    """In a title, a text and tags: on the page, in lists, in forms that come back, and in what tabs get."""
    client = as_(ada)
    fields = {"title": f"Title {source}", "source": source, "tags": source, "token": str(uuid.uuid4())}
    answers = {"the form that comes back": client.post("/community/ai-and-assistants/start/", fields | {"token": "x"})}
    thread = make.thread(members_space, ada, f"Title {source}"[:150], source)
    post = make.reply(thread, ada, source)
    for address in (
        thread.get_absolute_url(),
        f"/threads/{thread.pk}/edit/",
        f"/posts/{post.pk}/",
        f"/posts/{post.pk}/edit/",
        "/community/ai-and-assistants/",
        "/community/",
        "/",
        "/search/?q=title",
        f"/members/{ada.pk}/",
    ):
        answers[address] = client.get(address)
    pages = {address: response.content.decode() for address, response in answers.items()}
    pages["changes"] = "".join(
        post["html"] for post in client.get(f"/threads/{thread.pk}/changes/?since=0").json()["posts"]
    )
    for address, page in pages.items():
        assert dangers(page) == [], address
    assert "{{ 7 * 7 }}" in html.unescape(pages[thread.get_absolute_url()]) or "7 * 7" not in source


@pytest.mark.parametrize(
    "token", ["", "nonsense", "0", "x" * 10_000, "' OR 1=1 --", "{}", "00000000-0000-0000-0000-00000000000g"]
)
@pytest.mark.parametrize("form", ["start", "reply"])
def test_a_bad_token_is_said_and_the_text_stays(form, token, forms, as_, ada):
    address, fields = forms[form]
    response = as_(ada).post(address, fields | {"source": "What I wanted to say.", "token": token})
    page = response.content.decode()
    assert response.status_code == 422
    assert response.context["form"].errors["token"]
    assert "What I wanted to say." in page
    fresh = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert uuid.UUID(fresh), "the form that comes back must be sendable"
    again = as_(ada).post(address, fields | {"source": "What I wanted to say.", "token": fresh})
    assert again.status_code == 302


def test_a_missing_token_is_said(forms, as_, ada):
    response = as_(ada).post(forms["reply"][0], {"source": "What I wanted to say."})
    assert response.status_code == 422
    assert "What I wanted to say." in response.content.decode()


@pytest.mark.parametrize("reply_to", ["abc", "-1", "0", "²", "9" * 40, "1.5", "\x00"])
def test_a_nonsense_answered_post_loses_nothing(reply_to, forms, as_, ada):
    address, fields = forms["reply"]
    response = as_(ada).post(address, fields | {"source": "What I wanted to say.", "reply_to": reply_to})
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert "What I wanted to say." in response.content.decode()


@pytest.mark.parametrize(
    "title",
    [
        "\u200b" * 20,
        "\u202e\u202e\u202e\u202e\u202e\u202e\u202e\u202e\u202e",
        "\x00" * 20,
        "\u00ad" * 20,
        "\u3164" * 12,
    ],
)
def test_an_invisible_title_is_no_title(title, as_, ada, members_space):
    response = as_(ada).post(
        "/community/ai-and-assistants/start/", {"title": title, "source": "Text.", "token": str(uuid.uuid4())}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["title"]


def test_a_title_can_not_turn_the_text_around_it(ada, members_space):
    """A right-to-left override would turn what stands behind the title, too: in lists, mails and notifications."""
    thread = make.thread(members_space, ada, "An honest \u202etitle\u202c with \u2066marks\u2069 and \x07 bells")
    assert thread.title == "An honest title with marks and bells"


@pytest.mark.parametrize(
    "title", ["Zoë’s naïve façade — 日本語 العربية", "👩🏽‍💻 works for 🏛️ councils", "Ｆｕｌｌ ｗｉｄｔｈ title"]
)
def test_the_scripts_of_the_world_are_welcome(title, as_, ada, members_space):
    thread = make.thread(members_space, ada, title)
    assert thread.title == title
    assert html.escape(title) in as_(ada).get(thread.get_absolute_url()).content.decode()


def test_ten_megabytes_of_mentions_are_refused_quickly(as_, ada, thread):
    start = time.monotonic()
    response = as_(ada).post(
        f"/threads/{thread.pk}/reply/", {"source": "@ada-okafor " * 900_000, "token": str(uuid.uuid4())}
    )
    assert response.status_code in {400, 413, 422}
    assert time.monotonic() - start < 10
    assert thread.posts.count() == 1


def test_a_post_full_of_mentions_is_quick(as_, ada, ben, thread):
    start = time.monotonic()
    source = " ".join(f"@ben-hartley-{number}" for number in range(1_000))
    response = as_(ada).post(f"/threads/{thread.pk}/reply/", {"source": source, "token": str(uuid.uuid4())})
    assert response.status_code == 302
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("source", [
    "> " * 5_000 + "deep", "- " * 5_000 + "deep", "[" * 10_000, "*" * 10_000 + "x", "`" * 9_999, "|" * 10_000,
    "(" * 5_000 + ")" * 5_000, "[x](" * 4_000, "![" * 5_000, "\n".join("  " * n + "- x" for n in range(180)),
    "<" * 10_000, "&" * 10_000, "a_" * 8_000, "http://" * 250, "@" * 10_000, "\\" * 10_000, "~~" * 5_000,
    "||\n|-|\n" + "|x" * 5_000, "[a]: b\n" * 2_000, "#" * 10_000, "www." * 4_000, "x@" * 8_000,
])  # fmt: skip
def test_deep_and_crooked_markdown_is_quick_and_loses_no_page(source, as_, ada, thread):
    start = time.monotonic()
    response = as_(ada).post(f"/threads/{thread.pk}/reply/", {"source": source[:20_000], "token": str(uuid.uuid4())})
    assert time.monotonic() - start < 8
    if response.status_code != 302:  # too much of something: said, and kept
        page = html.unescape(response.content.decode())
        assert response.status_code == 422 and source[:20_000] in page
        assert "Split it into several posts" in page or "would show nothing" in page
    assert as_(ada).get(thread.get_absolute_url()).status_code == 200


def test_bytes_that_are_no_text(as_, ada, thread):
    token = str(uuid.uuid4()).encode()
    body = b"source=%ff%fe%80 broken&token=" + token
    response = as_(ada).post(f"/threads/{thread.pk}/reply/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert "broken" in thread.posts.get(number=2).source


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml"])
def test_another_kind_of_body_posts_nothing(content_type, as_, ada, thread):
    response = as_(ada).post(f"/threads/{thread.pk}/reply/", '{"source": "x"}', content_type=content_type)
    assert response.status_code == 422
    assert thread.posts.count() == 1


def test_a_form_from_elsewhere_is_refused(ada, thread):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post(f"/threads/{thread.pk}/reply/", {"source": "x", "token": str(uuid.uuid4())})
    assert response.status_code == 403
    assert thread.posts.count() == 1


@pytest.mark.parametrize("address", [
    "/community/%00/", "/community/%FF/", "/community/" + "x" * 3000 + "/", "/community/../../etc/passwd/",
    "/threads/1e9/", "/threads/-1/", "/threads/%D9%A1/", "/posts/abc/", "/threads/1/%00/", "/community/tags/%00/",
    "/community/tags/%27%20OR%201=1/", "/threads/1/changes/%00",
])  # fmt: skip
def test_crooked_addresses_are_absent(address, as_, ada, thread):
    assert as_(ada).get(address).status_code == 404


def test_nothing_of_all_this_was_kept(as_, ada, members_space):
    for title in ("", "x" * 100_000):
        as_(ada).post(
            "/community/ai-and-assistants/start/", {"title": title, "source": "Text.", "token": str(uuid.uuid4())}
        )
    assert not Thread.objects.exists()

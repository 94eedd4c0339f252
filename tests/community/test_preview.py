"""The preview of a text: made by the function that makes posts, and stored nowhere."""

import uuid

import pytest

from community.actions import texts
from community.models import Post
from tests import make

pytestmark = pytest.mark.django_db


def preview(client, source, **where):
    query = "&".join(f"{key}={value}" for key, value in where.items())
    return client.post(f"/posts/preview/?{query}", {"source": source})


SOURCE = "# Plan\n\n- [ ] **first**\n- @ada-okafor\n\n| a | b |\n|:-:|---|\n| 1 | 2 |\n\nhttps://council.example"


def test_it_is_letter_by_letter_what_the_post_will_be(as_, ben, thread):
    response = preview(as_(ben), SOURCE, thread=thread.pk)
    assert response.status_code == 200
    assert make.reply(thread, ben, SOURCE).html.strip() in response.content.decode()


def test_nothing_is_stored(as_, ben, thread, verbs):
    before = verbs()
    preview(as_(ben), SOURCE, thread=thread.pk)
    assert Post.objects.count() == 1
    assert verbs() == before


def test_of_a_thread_that_is_not_started_yet(as_, ben, members_space):
    assert "<strong>bold</strong>" in preview(as_(ben), "**bold**", space="ai-and-assistants").content.decode()


@pytest.mark.parametrize("source", ["", "  ", "x" * 20_001, "a\x00b"])
def test_what_could_not_be_posted_is_said(source, as_, ben, thread):
    response = preview(as_(ben), source, thread=thread.pk)
    assert response.status_code == 200
    assert '<p class="soft">' in response.content.decode()


def test_script_is_words(as_, ben, thread):
    page = preview(as_(ben), "<script>alert(1)</script>", thread=thread.pk).content.decode()
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("where", [
    {}, {"thread": ""}, {"thread": "abc"}, {"thread": "²"}, {"thread": "0"}, {"thread": "9" * 40},
    {"space": "no-such-space"}, {"space": "%00"}, {"space": "%FF"}, {"space": "x" * 2000},
])  # fmt: skip
def test_nowhere_is_absent(where, as_, ben):
    assert preview(as_(ben), "Text", **where).status_code == 404


def test_where_one_may_not_read_is_absent(as_, sal, officers_thread):
    assert preview(as_(sal), "Text", thread=officers_thread.pk).status_code == 404
    assert preview(as_(sal), "Text", space="officers-only").status_code == 404


def test_visitors_sign_in_first(client, open_space):
    assert preview(client, "Text", space="what-we-learned").status_code == 403


def test_by_get_there_is_none(as_, ben, thread):
    assert as_(ben).get(f"/posts/preview/?thread={thread.pk}").status_code == 405


def test_looking_at_previews_has_a_pace_of_its_own(as_, ada, ben, thread):
    for _ in range(texts.PREVIEWS):
        assert "prose" in preview(as_(ben), "Text", thread=thread.pk).content.decode()
    assert "wait a minute" in preview(as_(ben), "Text", thread=thread.pk).content.decode()
    refused = as_(ben).post(
        f"/threads/{thread.pk}/reply/", {"source": "My text", "preview": "1", "token": uuid.uuid4()}
    )
    assert "wait a minute" in refused.content.decode() and "My text" in refused.content.decode()
    assert "prose" in preview(as_(ada), "Text", thread=thread.pk).content.decode()
    assert make.reply(thread, ben).pk


@pytest.mark.parametrize("source", ["-", "> ", "- \n- ", "[]()", "&#8203;", "1."])
def test_what_would_show_nothing_is_refused(source, as_, ben, thread):
    assert "would show nothing" in preview(as_(ben), source, thread=thread.pk).content.decode()
    response = as_(ben).post(f"/threads/{thread.pk}/reply/", {"source": source, "token": uuid.uuid4()})
    assert response.status_code == 422
    assert thread.posts.count() == 1

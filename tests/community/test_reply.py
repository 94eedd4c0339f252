"""A member replies in a thread."""

import json
import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.http import Http404
from django.utils import timezone

from community.actions import posts, threads
from community.models import Post, Thread
from lib.access import Denied
from tests import make


def reply_to(client, thread, fields, **more):
    return client.post(f"/threads/{thread.pk}/reply/", fields, **more)


def as_script(client, thread, fields):
    """As the composer's script asks."""
    return reply_to(client, thread, fields, headers={"Accept": "application/json"})


def test_an_officer_replies(as_, ben, thread, text):
    response = reply_to(as_(ben), thread, text("We **kept** it."))
    post = thread.posts.get(number=2)
    assert response.status_code == 302
    assert response["Location"] == f"{thread.get_absolute_url()}#post-2"
    assert (post.author, post.source, post.html) == (ben, "We **kept** it.", "<p>We <strong>kept</strong> it.</p>\n")
    thread.refresh_from_db()
    assert (thread.version, thread.post_count, thread.last_post_by) == (2, 2, ben)
    assert post.version == 2


def test_a_reply_names_the_post_that_it_answers(as_, ben, thread, text):
    reply_to(as_(ben), thread, text(reply_to="1"))
    post = thread.posts.get(number=2)
    assert post.reply_to_number == 1
    page = as_(ben).get(thread.get_absolute_url()).content.decode()
    assert 'href="#post-1"' in page and "Answers post 1" in page


def test_an_answer_to_a_post_that_is_not_there_answers_the_thread(as_, ben, thread, text):
    assert reply_to(as_(ben), thread, text(reply_to="99")).status_code == 302
    assert thread.posts.get(number=2).reply_to is None


def test_tabs_hear_of_it_once(ben, thread, after_commit, published):
    with after_commit():
        make.reply(thread, ben)
    (topic, payload), *bells = published
    assert topic == f"thread:{thread.pk}"
    assert (payload["from"], payload["version"], payload["thread"]["post_count"]) == (1, 2, 2)
    assert [post["number"] for post in payload["posts"]] == [2]
    assert {topic for topic, _ in bells} == {f"member:{thread.author_id}"}


# --- Shown again ---------------------------------------------------------------------------------


@pytest.fixture
def long_thread(settings, thread, ada):
    """A thread of 5 posts on pages of 2."""
    settings.POSTS_PER_PAGE = 2
    for _ in range(4):
        make.reply(thread, ada)
    thread.refresh_from_db()
    return thread


@pytest.mark.parametrize(("source", "more"), [("Our **words**.", {"preview": "1"}), ("  ", {})])
def test_a_preview_and_a_refusal_show_the_composer_on_the_last_page(source, more, as_, ben, long_thread, text):
    page = reply_to(as_(ben), long_thread, text(source, **more)).content.decode()
    assert re.findall(r'data-number="(\d+)"', page) == ["5"]
    assert f'action="/threads/{long_thread.pk}/reply/#reply"' in page
    assert "<strong>words</strong>" in page if more else "Write something first." in page


def test_the_links_beside_a_preview_lead_to_the_thread(as_, ben, long_thread, text):
    client = as_(ben)
    page = reply_to(client, long_thread, text(preview="1")).content.decode()
    hrefs = [unescape(href) for href in re.findall(r'href="([^"]*)"', page)]
    assert not [href for href in hrefs if href.startswith("?")]
    for address in ("?page=2", "?page=3&reply=5#reply", "?page=3#reply"):
        assert f"{long_thread.get_absolute_url()}{address}" in hrefs
    form = client.get(f"{long_thread.get_absolute_url()}?page=3&reply=5").context["form"]
    assert form["reply_to"].value() == 5


def test_the_address_of_an_answer_leads_to_the_thread(as_, ben, sal, thread, officers_thread):
    response = as_(ben).get(f"/threads/{thread.pk}/reply/?page=2")
    assert (response.status_code, response["Location"]) == (302, f"{thread.get_absolute_url()}?page=2")
    assert as_(sal).get(f"/threads/{officers_thread.pk}/reply/").status_code == 404


# --- Twice ---------------------------------------------------------------------------------------


def test_the_same_form_twice_posts_once(as_, ben, thread, text):
    client, fields = as_(ben), text()
    first, second = reply_to(client, thread, fields), reply_to(client, thread, fields)
    assert first["Location"] == second["Location"]
    assert thread.posts.count() == 2
    thread.refresh_from_db()
    assert (thread.version, thread.post_count) == (2, 2)


def test_a_retry_with_another_text_gets_the_first_result(as_, ben, thread, text):
    fields = text("First.")
    reply_to(as_(ben), thread, fields)
    reply_to(as_(ben), thread, fields | {"source": "Second."})
    assert [post.source for post in thread.posts.all()[1:]] == ["First."]


def test_a_retry_after_the_thread_was_locked_gets_the_first_result(as_, ben, mo, thread, text):
    fields = text()
    reply_to(as_(ben), thread, fields)
    threads.lock(actor=mo, thread=thread, locked=True)
    assert reply_to(as_(ben), thread, fields)["Location"].endswith("#post-2")


def test_the_same_token_in_another_thread_posts_nothing_there(as_, ada, ben, thread, members_space, text):
    other = make.thread(members_space, ada, "Another thread of ours")
    fields = text()
    assert reply_to(as_(ben), thread, fields).status_code == 302
    again = reply_to(as_(ben), other, fields)
    assert again.status_code == 422
    assert "This form was sent before, for something else." in again.content.decode()
    assert fields["source"] in again.content.decode()
    assert (thread.posts.count(), other.posts.count()) == (2, 1)


def test_the_same_token_of_two_members_posts_twice(as_, ada, ben, thread, text):
    fields = text()
    for member in (ada, ben):
        assert reply_to(as_(member), thread, fields).status_code == 302
    assert thread.posts.count() == 3


def test_a_form_that_is_shown_again_has_a_token_of_its_own(as_, ben, thread):
    client = as_(ben)
    tokens = {client.get(thread.get_absolute_url()).context["form"]["token"].value() for _ in range(2)}
    assert len(tokens) == 2


# --- Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("may_reply", "who", "is_allowed"), [
    ("members", "ben", True), ("members", "sal", True), ("members", "cleo", False), ("members", "mo", True),
    ("officers", "ben", True), ("officers", "sal", False), ("officers", "cleo", False), ("officers", "mo", True),
    ("moderators", "ben", False), ("moderators", "sal", False), ("moderators", "mo", True),
])  # fmt: skip
def test_who_may_reply_is_what_the_space_says(may_reply, who, is_allowed, as_, mo, text, request):
    space = make.space("Market", audience="members", may_start="members", may_reply=may_reply)
    thread = make.thread(space, mo)
    client = as_(request.getfixturevalue(who))
    assert ("data-composer" in client.get(thread.get_absolute_url()).content.decode()) == is_allowed
    assert reply_to(client, thread, text()).status_code == (302 if is_allowed else 403)
    assert thread.posts.count() == (2 if is_allowed else 1)


def test_a_refusal_says_why_and_keeps_the_text(as_, cleo, thread, text):
    response = reply_to(as_(cleo), thread, text("What I wanted to say."))
    page = response.content.decode()
    assert response.status_code == 403
    assert "once a moderator has verified where you work" in page
    assert "What I wanted to say." in page


@pytest.mark.parametrize("who", ["sal", "cleo"])
def test_a_thread_that_one_may_not_read_is_absent(who, as_, officers_thread, text, request):
    client = as_(request.getfixturevalue(who))
    assert reply_to(client, officers_thread, text()).status_code == 404
    assert as_script(client, officers_thread, text()).status_code == 404
    assert client.post("/threads/987654/reply/", text()).status_code == 404
    assert officers_thread.posts.count() == 1


def test_a_locked_thread_takes_no_reply_and_the_text_stays(as_, ben, mo, thread, text):
    threads.lock(actor=mo, thread=thread, locked=True)
    response = reply_to(as_(ben), thread, text("What I wanted to say."))
    page = response.content.decode()
    assert response.status_code == 403
    assert "A moderator has locked this thread" in page and "What I wanted to say." in page
    assert thread.posts.count() == 1
    assert reply_to(as_(mo), thread, text()).status_code == 302  # moderators have the last word


def test_a_suspended_member_can_not_reply(ben, thread):
    ben.is_active = False
    ben.save()
    with pytest.raises(Denied, match="suspended"):
        make.reply(thread, ben)


def test_too_many_posts_in_a_minute_are_refused_and_the_text_stays(as_, ben, thread, text, settings):
    settings.POSTS_PER_MINUTE = 3
    long_ago = timezone.now() - timedelta(minutes=2)
    for _ in range(3):
        make.reply(thread, ben, now=long_ago)
    client = as_(ben)
    for _ in range(3):
        assert reply_to(client, thread, text()).status_code == 302
    response = reply_to(client, thread, text("What I wanted to say."))
    page = response.content.decode()
    assert response.status_code == 422
    assert "You have done this 3 times within a minute" in page and "What I wanted to say." in page


# --- The session ended meanwhile -----------------------------------------------------------------


def test_an_ended_session_keeps_the_text(client, ben, thread, text):
    client.force_login(ben)
    ben.sessions.all().delete()
    response = reply_to(client, thread, text("What I wanted to say."))
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next=/threads/{thread.pk}/%23reply"
    signed_in = client.post(response["Location"], {"login": ben.email, "password": "forum-demo-2026"})
    assert signed_in["Location"] == f"/threads/{thread.pk}/#reply"
    page = client.get(signed_in["Location"].partition("#")[0], follow=True)
    assert page.status_code == 200
    assert page.context["form"]["source"].value() == "What I wanted to say."
    assert thread.posts.count() == 1


def test_a_held_text_is_shown_on_its_own_thread_only_and_to_its_author_only(
    client, ada, ben, thread, members_space, text
):
    other = make.thread(members_space, ada, "Another thread of ours")
    reply_to(client, thread, text("What I wanted to say."))
    client.post("/accounts/login/", {"login": ben.email, "password": "forum-demo-2026"})
    assert not client.get(other.get_absolute_url()).context["form"]["source"].value()
    page = client.get(f"{thread.get_absolute_url()}?page=3")
    assert page.context["form"]["source"].value() == "What I wanted to say.", "whichever page of it"
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": ada.email, "password": "forum-demo-2026"})
    assert not client.get(thread.get_absolute_url()).context["form"]["source"].value()


# --- As the composer's script asks ---------------------------------------------------------------


def test_a_script_gets_the_post_itself(as_, ben, thread, text):
    response = as_script(as_(ben), thread, text(version="1"))
    answer = response.json()
    assert response.status_code == 201
    assert (answer["number"], answer["from"], answer["version"]) == (2, 1, 2)
    assert [post["number"] for post in answer["posts"]] == [2]
    assert answer["url"] == f"{thread.get_absolute_url()}#post-2"


def test_a_script_gets_what_others_posted_meanwhile_too(as_, ada, ben, thread, text):
    make.reply(thread, ada)
    answer = as_script(as_(ben), thread, text(version="1")).json()
    assert [post["number"] for post in answer["posts"]] == [2, 3]
    assert (answer["from"], answer["version"]) == (1, 3)


@pytest.mark.parametrize("version", ["", "abc", "-1", "²", "9" * 40])
def test_a_script_that_does_not_know_its_version_gets_its_own_post(version, as_, ben, thread, text):
    answer = as_script(as_(ben), thread, text(version=version)).json()
    assert [post["number"] for post in answer["posts"]] == [2]


def test_a_script_is_told_that_the_session_has_ended(client, thread, text):
    response = as_script(client, thread, text())
    assert response.status_code == 401
    assert response.json()["sign_in"] is True
    assert thread.posts.count() == 1


def test_a_script_is_told_what_is_wrong(as_, ben, mo, thread, text):
    response = as_script(as_(ben), thread, text("  "))
    assert (response.status_code, response.json()["error"]) == (422, "Write something first.")
    threads.lock(actor=mo, thread=thread, locked=True)
    response = as_script(as_(ben), thread, text())
    assert response.status_code == 403
    assert "locked" in response.json()["error"]


def test_a_retry_of_a_script_gets_the_first_result(as_, ben, thread, text):
    client, fields = as_(ben), text(version="1")
    first, second = as_script(client, thread, fields), as_script(client, thread, fields)
    assert first.status_code == second.status_code == 201
    assert json.loads(first.content) == json.loads(second.content)
    assert thread.posts.count() == 2


# --- Numbers and versions ------------------------------------------------------------------------


def test_numbers_have_no_gaps_and_versions_rise_by_one(ada, ben, mo, thread):
    for author in (ben, ada, ben):
        make.reply(thread, author)
    posts.edit(actor=ben, post=thread.posts.get(number=2), source="Better.")
    posts.delete(actor=ada, post=thread.posts.get(number=3))
    threads.lock(actor=mo, thread=thread, locked=True)
    make.reply(thread, mo)
    assert list(thread.posts.values_list("number", "version")) == [(1, 1), (2, 5), (3, 6), (4, 4), (5, 8)]
    assert Thread.objects.get().version == 8


def test_a_refused_reply_leaves_nothing(ben, thread, verbs):
    before = verbs()
    with pytest.raises(Http404):
        threads.reply(actor=ben, thread=Thread(pk=987_654), source="Text", token=uuid.uuid4())
    assert Post.objects.count() == 1
    assert verbs() == before

"""What was typed is not lost when the answer is no: it is in its form again or, where there is no form, on the page."""

import uuid

import pytest

from community.actions import threads
from community.models import Post
from tests import make

pytestmark = pytest.mark.django_db
TYPED = "Half an hour of typing.\n</textarea><script>alert(1)</script>"
ON_THE_PAGE = "</textarea><script>".replace("<", "&lt;").replace(">", "&gt;")


def refused(response, field, said):
    """The form, with the text and the reason."""
    form = response.context["form"]
    assert response.status_code == 403
    assert said in form.non_field_errors()[0]
    assert form[field].value() == TYPED
    assert ON_THE_PAGE in response.content.decode()


def absent(response):
    """A page as for nobody's address, with the text."""
    page = response.content.decode()
    assert response.status_code == 404
    assert "What you wrote" in page and ON_THE_PAGE in page and "<script>alert" not in page


def new(**values):
    return {"title": "How did you leave it?", "source": TYPED, "tags": "", "token": uuid.uuid4()} | values


def test_a_moderator_locks_the_thread_while_a_post_is_edited(as_, ada, mo, thread):
    threads.lock(actor=mo, thread=thread, locked=True)
    response = as_(ada).post(f"/posts/{thread.posts.get().pk}/edit/", {"source": TYPED})
    refused(response, "source", "A moderator has locked this thread")


def test_a_moderator_locks_the_thread_while_a_reply_is_written(as_, ben, mo, thread):
    threads.lock(actor=mo, thread=thread, locked=True)
    response = as_(ben).post(f"/threads/{thread.pk}/reply/", {"source": TYPED, "token": uuid.uuid4()})
    refused(response, "source", "A moderator has locked this thread")


def test_only_moderators_start_threads_from_now_on(as_, ada, admin, members_space):
    make.decide_readers(members_space, admin, may_start="moderators")
    response = as_(ada).post("/community/ai-and-assistants/start/", new())
    refused(response, "source", "Only moderators start threads")
    assert response.context["form"]["title"].value() == "How did you leave it?"


def test_a_thread_is_locked_while_its_title_is_changed(as_, ada, mo, thread):
    threads.lock(actor=mo, thread=thread, locked=True)
    response = as_(ada).post(f"/threads/{thread.pk}/edit/", {"title": TYPED.partition("\n")[0], "tags": "exit"})
    assert response.status_code == 403
    assert response.context["form"]["title"].value() == "Half an hour of typing."


def test_a_reason_stays_when_a_post_may_not_be_removed(as_, ben, thread):
    response = as_(ben).post(f"/posts/{thread.posts.get().pk}/delete/", {"reason": "It is rude."})
    assert response.status_code == 403
    assert response.context["form"]["reason"].value() == "It is rude."


def test_what_was_written_for_a_space_that_is_closed_meanwhile(as_, sal, admin, members_space, thread):
    make.decide_readers(members_space, admin, audience="officers")
    client = as_(sal)
    absent(client.post("/community/ai-and-assistants/start/", new()))
    absent(client.post(f"/threads/{thread.pk}/reply/", {"source": TYPED, "token": uuid.uuid4()}))
    absent(client.post("/community/no-such-space/start/", new()))
    absent(client.post("/threads/987654/reply/", {"source": TYPED, "token": uuid.uuid4()}))
    assert Post.objects.count() == 1

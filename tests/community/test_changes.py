"""GET /threads/<id>/changes/?since=<version>: what a tab that missed something asks. A promise to other clients."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community import queries
from community.actions import posts, threads
from community.models import Thread
from tests import make

pytestmark = pytest.mark.django_db


def changes(client, thread, since, **expected):
    response = client.get(f"/threads/{thread.pk}/changes/", {"since": since})
    assert response.status_code == 200
    return response.json()


def test_everything_since_the_beginning(as_, ada, ben, thread):
    make.reply(thread, ben)
    answer = changes(as_(ada), thread, 0)
    assert set(answer) == {"version", "more", "posts", "thread"}
    assert (answer["version"], answer["more"]) == (2, False)
    assert answer["thread"] == {"title": thread.title, "locked": False, "post_count": 2}
    assert [set(post) for post in answer["posts"]] == [{"id", "number", "version", "html"}] * 2
    assert [(post["id"], post["number"], post["version"]) for post in answer["posts"]] == list(
        thread.posts.values_list("pk", "number", "version")
    )


def test_only_what_is_newer_and_the_oldest_change_first(as_, ada, ben, thread):
    for text in ("Two.", "Three.", "Four."):
        make.reply(thread, ben, text)
    posts.edit(actor=ben, post=thread.posts.get(number=2), source="Two, but better.")
    answer = changes(as_(ada), thread, 2)
    assert [(post["number"], post["version"]) for post in answer["posts"]] == [(3, 3), (4, 4), (2, 5)]
    assert answer["version"] == 5
    assert "Two, but better." in answer["posts"][-1]["html"]


@pytest.mark.parametrize("since", [2, 3, 999_999])
def test_nothing_new(since, as_, ada, ben, thread):
    make.reply(thread, ben)
    answer = changes(as_(ada), thread, since)
    assert (answer["posts"], answer["version"], answer["more"]) == ([], 2, False)


def test_a_change_without_a_post(as_, ada, mo, thread):
    threads.lock(actor=mo, thread=thread, locked=True)
    answer = changes(as_(ada), thread, 1)
    assert (answer["version"], answer["posts"], answer["thread"]["locked"]) == (2, [], True)


def test_a_deleted_post_comes_as_its_mark(as_, ada, ben, thread):
    post = make.reply(thread, ben, "Better not said.")
    posts.delete(actor=ben, post=post)
    (changed,) = changes(as_(ada), thread, 2)["posts"]
    assert changed["number"] == 2
    assert "Better not said." not in changed["html"] and "took this post back" in changed["html"]


def test_long_absences_come_in_batches(as_, ada, ben, thread, monkeypatch):
    monkeypatch.setattr(queries, "CHANGES_BATCH", 3)
    for _ in range(6):
        make.reply(thread, ben)
    client, since, numbers, asked = as_(ada), 0, [], 0
    while True:
        answer = changes(client, thread, since)
        numbers += [post["number"] for post in answer["posts"]]
        since, asked = answer["version"], asked + 1
        if not answer["more"]:
            break
    assert numbers == [1, 2, 3, 4, 5, 6, 7]
    assert (since, asked) == (7, 3)


def test_the_posts_are_those_of_the_page_letter_by_letter(as_, ada, ben, thread):
    make.reply(thread, ben, "With a [link](https://council.example/) and `code`.", reply_to=1)
    client = as_(ada)
    page = client.get(thread.get_absolute_url()).content.decode()
    for post in changes(client, thread, 0)["posts"]:
        assert post["html"] in page


def test_the_answer_is_the_same_for_every_reader(as_, ada, ben, mo, sal, thread):
    make.reply(thread, ben)
    answers = {as_(member).get(f"/threads/{thread.pk}/changes/?since=0").content for member in (ada, ben, mo, sal)}
    assert len(answers) == 1


def test_it_is_never_kept_by_a_cache(as_, ada, thread):
    assert as_(ada).get(f"/threads/{thread.pk}/changes/?since=0")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("since", ["abc", "", "-1", "1.5", "²", "٣", "9" * 30, "1 OR 1=1", "\x00"])
def test_nonsense_is_refused_with_a_sentence(since, as_, ada, thread):
    response = as_(ada).get(f"/threads/{thread.pk}/changes/", {"since": since})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    assert "since must be a version" in response.json()["error"]
    assert as_(ada).get(f"/threads/{thread.pk}/changes/").status_code == 400


def test_forbidden_and_unknown_threads_answer_alike(as_, sal, officers_thread):
    client = as_(sal)
    forbidden = client.get(f"/threads/{officers_thread.pk}/changes/?since=0")
    unknown = client.get("/threads/987654/changes/?since=0")
    assert forbidden.status_code == unknown.status_code == 404
    assert str(officers_thread.pk) not in forbidden.content.decode().replace(str(sal.pk), "")
    assert client.post(f"/threads/{officers_thread.pk}/changes/").status_code == 405


def test_what_happens_between_the_two_queries_is_not_called_seen(ada, ben, thread, monkeypatch):
    """A title is changed and a post is added after the thread was read, and before its posts are: the answer names the
    version of that post, so it must have the title, too."""
    real = queries._posts

    def posts_after_somebody_was_quicker():
        monkeypatch.setattr(queries, "_posts", real)
        threads.edit(actor=ada, thread=thread, title="A title that came between", tags=[])
        make.reply(thread, ben)
        return real()

    monkeypatch.setattr(queries, "_posts", posts_after_somebody_was_quicker)
    answer = queries.changes(ada, thread.pk, 0)
    assert answer["version"] == Thread.objects.get().version == 3
    assert answer["thread"] == {"title": "A title that came between", "locked": False, "post_count": 2}


def test_few_queries_however_many_posts(as_, ada, ben, thread, django_assert_max_num_queries):
    client = as_(ada)
    for _ in range(12):
        make.reply(thread, ben, now=timezone.now() - timedelta(hours=1))
    with django_assert_max_num_queries(3):
        changes(client, thread, 0)

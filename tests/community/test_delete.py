"""A post's words are taken away, and a mark stays in its place."""

import pytest
from django.core.exceptions import ValidationError

from community.actions import posts
from community.models import Post
from tests import make

pytestmark = pytest.mark.django_db

WORDS = "Something that was better not said."


@pytest.fixture
def post(thread, ben):
    return make.reply(thread, ben, WORDS)


def delete(client, post, **fields):
    return client.post(f"/posts/{post.pk}/delete/", fields)


def test_the_author_takes_a_post_back(as_, ada, ben, post):
    client = as_(ben)
    asked = client.get(f"/posts/{post.pk}/delete/").content.decode()
    assert "Delete your post?" in asked and "This can&#x27;t be undone" in asked.replace("can't", "can&#x27;t")
    assert delete(client, post)["Location"] == f"{post.thread.get_absolute_url()}#post-2"
    post.refresh_from_db()
    assert (post.deleted_by, post.deletion_reason, post.version) == (ben, "", 3)
    page = as_(ada).get(post.thread.get_absolute_url()).content.decode()
    assert "The author took this post back." in page
    assert WORDS not in page


def test_a_moderator_removes_a_post_with_a_reason(as_, ada, mo, post):
    assert delete(as_(mo), post, reason="It names a person.").status_code == 302
    page = as_(ada).get(post.thread.get_absolute_url()).content.decode()
    assert "A moderator removed this post: It names a person." in page
    assert WORDS not in page


def test_a_moderator_says_why(as_, mo, post):
    assert "(optional)" not in as_(mo).get(f"/posts/{post.pk}/delete/").content.decode()
    response = delete(as_(mo), post, reason="  ")
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    post.refresh_from_db()
    assert post.deleted_at is None


def test_a_reason_that_is_too_long_is_refused(as_, mo, post):
    response = delete(as_(mo), post, reason="x" * 301)
    assert response.status_code == 422
    assert "x" * 301 in response.content.decode()
    assert "the limit is 300" in response.context["form"].errors["reason"][0]
    with pytest.raises(ValidationError) as refused:
        posts.delete(actor=mo, post=post, reason="x" * 301)
    assert refused.value.message_dict.keys() == {"reason"}
    post.refresh_from_db()
    assert post.deleted_at is None


def test_a_moderators_own_post_needs_no_reason(as_, mo, thread):
    own = make.reply(thread, mo)
    assert delete(as_(mo), own).status_code == 302
    own.refresh_from_db()
    assert not own.was_removed


@pytest.mark.parametrize("who", ["ada", "sal", "cleo"])
def test_nobody_else_deletes(who, as_, post, request):
    client = as_(request.getfixturevalue(who))
    assert client.get(f"/posts/{post.pk}/delete/").status_code == 403
    assert delete(client, post, reason="I do not like it.").status_code == 403
    post.refresh_from_db()
    assert post.deleted_at is None


def test_a_visitor_does_not_learn_of_it(client, post):
    assert delete(client, post).status_code == 404


def test_twice_is_harmless(as_, ben, post, verbs):
    client = as_(ben)
    first, second = delete(client, post), delete(client, post)
    assert first["Location"] == second["Location"]
    post.refresh_from_db()
    assert post.version == 3
    assert verbs().count("post.deleted") == 1


def test_a_moderator_does_not_overwrite_what_the_author_did(as_, ben, mo, post):
    posts.delete(actor=ben, post=post)
    assert delete(as_(mo), post, reason="It names a person.").status_code == 302
    post.refresh_from_db()
    assert (post.deleted_by, post.deletion_reason) == (ben, "")


def test_a_second_moderator_finds_it_as_the_first_left_it(mo, post, verbs):
    posts.delete(actor=mo, post=post, reason="It names a person.")
    second = make.member("Mim Second", groups=["Moderators"])
    found = posts.delete(actor=second, post=post, reason="It is rude.")
    assert (found.deleted_by, found.deletion_reason, found.version) == (mo, "It names a person.", 3)
    assert verbs().count("post.deleted") == 1


def test_the_words_are_nowhere_to_be_read(as_, ada, ben, cleo, post):
    """Not even on the page that asked whether to delete it, nor in its history, nor in what tabs catch up with."""
    posts.edit(actor=ben, post=post, source=f"{WORDS} Really.")
    posts.delete(actor=ben, post=post)
    for member in (ada, ben, cleo):
        client = as_(member)
        for address in (
            f"/posts/{post.pk}/",
            f"/posts/{post.pk}/delete/",
            f"/posts/{post.pk}/edit/",
            f"/posts/{post.pk}/history/",
            f"/threads/{post.thread_id}/changes/?since=0",
            post.thread.get_absolute_url(),
            "/search/?q=better+not+said",
            f"/members/{ben.pk}/",
        ):
            assert WORDS not in client.get(address).content.decode(), f"{address} shows it to {member}"


def test_its_place_and_number_stay(ada, ben, post, thread):
    make.reply(thread, ada, "After it.")
    posts.delete(actor=ben, post=post)
    assert list(Post.objects.filter(thread=thread).values_list("number", flat=True)) == [1, 2, 3]
    thread.refresh_from_db()
    assert thread.post_count == 3


def test_tabs_hear_of_it(ben, post, after_commit, published):
    with after_commit():
        posts.delete(actor=ben, post=post)
    ((_, payload),) = published
    assert (payload["from"], payload["version"]) == (2, 3)
    assert WORDS not in payload["posts"][0]["html"]


def test_the_author_is_told_when_a_moderator_did_it(as_, ada, ben, mo, sal, post, after_commit, told, mailoutbox):
    make.reply(post.thread, sal)
    with after_commit():
        posts.delete(actor=mo, post=post, reason="It names a person.")
    assert told(ben) == ["post.deleted"]
    assert told(ada) == told(sal) == told(mo) == []
    (mail,) = mailoutbox
    assert mail.to == [ben.email]
    assert "It names a person." in mail.body
    assert "A moderator removed your post" in as_(ben).get("/inbox/").content.decode()


def test_nobody_is_told_when_the_author_did_it(ada, ben, post, after_commit, told, mailoutbox):
    with after_commit():
        posts.delete(actor=ben, post=post)
    assert told(ada) == told(ben) == []
    assert not mailoutbox


def test_its_history_is_left_for_moderators_only(as_, ada, ben, mo, post):
    posts.edit(actor=ben, post=post, source="Something better.")
    posts.delete(actor=ben, post=post)
    assert WORDS in as_(mo).get(f"/posts/{post.pk}/history/").content.decode()
    for member in (ada, ben):
        assert as_(member).get(f"/posts/{post.pk}/history/").status_code == 403


@pytest.mark.parametrize("who", ["ben", "mo"])
def test_nobody_is_offered_to_delete_it_again(who, as_, ben, post, request):
    client = as_(request.getfixturevalue(who))
    assert client.get(f"/posts/{post.pk}/").context["may_delete"]
    posts.delete(actor=ben, post=post)
    assert not client.get(f"/posts/{post.pk}/").context["may_delete"]

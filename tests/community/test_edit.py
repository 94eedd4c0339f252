"""The author edits a post; what it said before is kept."""

import pytest

from community.actions import posts, threads
from community.models import PostRevision
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(thread, ben):
    return make.reply(thread, ben, "We kept **everything**.")


def edit(client, post, source, **more):
    return client.post(f"/posts/{post.pk}/edit/", {"source": source} | more)


def test_the_author_edits_and_the_old_text_is_kept(as_, ben, post):
    response = edit(as_(ben), post, "We kept *half*.")
    assert response["Location"] == f"{post.thread.get_absolute_url()}#post-2"
    post.refresh_from_db()
    assert (post.source, post.html, post.text) == (
        "We kept *half*.",
        "<p>We kept <em>half</em>.</p>\n",
        "We kept half.",
    )
    assert post.edited_at is not None
    assert (post.number, post.version, post.revision_count) == (2, 3, 1)
    (revision,) = post.revisions.all()
    assert (revision.number, revision.source, revision.editor) == (1, "We kept **everything**.", ben)
    assert revision.html == "<p>We kept <strong>everything</strong>.</p>\n"


def test_the_page_shows_it_and_says_that_it_was_edited(as_, ada, ben, post):
    before = as_(ada).get(post.thread.get_absolute_url()).content.decode()
    assert "history/" not in before
    edit(as_(ben), post, "We kept half.")
    page = as_(ada).get(post.thread.get_absolute_url()).content.decode()
    assert "We kept half." in page and "everything" not in page
    assert f"/posts/{post.pk}/history/" in page


def test_tabs_hear_of_it(ben, post, after_commit, published):
    with after_commit():
        posts.edit(actor=ben, post=post, source="We kept half.")
    ((topic, payload),) = published
    assert topic == post.thread.topic
    assert (payload["from"], payload["version"]) == (2, 3)
    assert [(changed["id"], changed["number"], changed["version"]) for changed in payload["posts"]] == [(post.pk, 2, 3)]
    assert "We kept half." in payload["posts"][0]["html"]


def test_the_history_has_every_text(as_, ada, ben, post):
    for source in ("Second text.", "Third text."):
        edit(as_(ben), post, source)
    page = as_(ada).get(f"/posts/{post.pk}/history/").content.decode()
    assert "everything" in page and "Second text." in page and "Third text." in page
    assert list(post.revisions.values_list("number", flat=True)) == [1, 2]


def test_the_history_is_for_members(as_, ada, open_space):
    thread = make.thread(open_space, ada)
    assert as_(None).get(f"/posts/{thread.posts.get().pk}/history/").status_code == 403


@pytest.mark.parametrize("source", ["We kept **everything**.", "\r\n We kept **everything**.  \r\n"])
def test_the_same_text_again_changes_nothing(source, as_, ben, post, verbs):
    assert edit(as_(ben), post, source).status_code == 302
    post.refresh_from_db()
    assert (post.version, post.edited_at, post.revision_count) == (2, None, 0)
    assert not PostRevision.objects.exists()
    assert "post.edited" not in verbs()


def test_a_double_press_keeps_one_revision(as_, ben, post):
    for _ in range(2):
        edit(as_(ben), post, "We kept half.")
    assert post.revisions.count() == 1


@pytest.mark.parametrize("who", ["ada", "mo", "sal", "cleo"])
def test_nobody_edits_the_words_of_another(who, as_, post, request):
    client = as_(request.getfixturevalue(who))
    assert client.get(f"/posts/{post.pk}/edit/").status_code == 403
    assert edit(client, post, "Something else.").status_code == 403
    post.refresh_from_db()
    assert post.source == "We kept **everything**."


def test_who_may_not_post_here_any_more_can_not_edit_either(as_, ben, thread, post):
    type(ben).objects.filter(pk=ben.pk).update(standing="newcomer")
    assert edit(as_(ben), post, "Buy now.").status_code == 403
    post.refresh_from_db()
    assert post.revision_count == 0


def test_where_only_officers_reply_now_a_supplier_member_can_not_edit(as_, sal, thread, members_space):
    post = make.reply(thread, sal)
    type(members_space).objects.filter(pk=members_space.pk).update(may_reply="officers")
    assert edit(as_(sal), post, "Buy now.").status_code == 403


def test_edits_have_the_pace_of_posts(as_, ben, post, settings):
    settings.POSTS_PER_MINUTE = 2
    client = as_(ben)
    assert edit(client, post, "Second text.").status_code == 302
    assert edit(client, post, "Third text.").status_code == 302
    response = edit(client, post, "Fourth text.")
    assert response.status_code == 422 and "wait a minute" in response.content.decode()
    assert response.context["form"]["source"].value() == "Fourth text."


@pytest.mark.parametrize("source", ["", "x" * 20_001])
def test_the_preview_of_what_can_not_be_posted_says_so_and_keeps_it(as_, ben, post, source):
    response = edit(as_(ben), post, source, preview="1")
    assert response.status_code == 422
    assert response.context["form"].errors["source"]
    assert response.context["form"]["source"].value() == source


def test_a_visitor_does_not_learn_of_it(client, post):
    """Asked to sign in, whether there is such a post or not."""
    for address in (f"/posts/{post.pk}/edit/", "/posts/987654/edit/"):
        response = client.post(address, {"source": "Something else."})
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address}"
    post.refresh_from_db()
    assert post.revision_count == 0


def test_a_post_that_one_may_not_read_any_more_is_absent(as_, ben, officers_thread):
    post = make.reply(officers_thread, ben)
    type(ben).objects.filter(pk=ben.pk).update(standing="newcomer")
    assert edit(as_(ben), post, "Something else.").status_code == 404


def test_a_locked_thread_keeps_its_words(as_, ben, mo, post):
    threads.lock(actor=mo, thread=post.thread, locked=True)
    response = edit(as_(ben), post, "Something else.")
    assert response.status_code == 403
    assert "locked" in response.content.decode()


def test_a_moderator_edits_their_own_words_in_a_locked_thread(as_, mo, thread):
    post = make.reply(thread, mo)
    threads.lock(actor=mo, thread=thread, locked=True)
    assert edit(as_(mo), post, "What I meant to say.").status_code == 302


def test_a_deleted_post_can_not_be_edited(as_, ben, post):
    posts.delete(actor=ben, post=post)
    assert edit(as_(ben), post, "Something else.").status_code == 403


def test_an_empty_text_is_refused_and_the_post_stays(as_, ben, post):
    response = edit(as_(ben), post, " ")
    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    post.refresh_from_db()
    assert post.revision_count == 0


def test_a_form_without_its_field_is_refused(as_, ben, post):
    assert as_(ben).post(f"/posts/{post.pk}/edit/", {}).status_code == 422


def test_preview_changes_nothing(as_, ben, post):
    response = edit(as_(ben), post, "We kept *half*.", preview="1")
    assert response.status_code == 200
    assert "<em>half</em>" in response.content.decode()
    post.refresh_from_db()
    assert post.revision_count == 0


def test_nobody_is_told_but_who_is_newly_mentioned(ada, ben, mo, sal, post, after_commit, told, mailoutbox):
    with after_commit():
        posts.edit(actor=ben, post=post, source="Ask @mo-farrell.")
    assert told(mo) == ["post.mentioned"]
    assert told(ada) == told(sal) == told(ben) == []
    with after_commit():
        posts.edit(actor=ben, post=post, source="Ask @mo-farrell, please.")
    assert len(told(mo)) == 1
    assert [mail.to for mail in mailoutbox] == [[mo.email]]

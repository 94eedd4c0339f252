"""A member starts a thread."""

import uuid

import pytest

from community.models import Post, Thread
from tests import make

pytestmark = pytest.mark.django_db

TITLE = "How did you leave the old system?"


@pytest.fixture
def form(text):
    def fields(**changed):
        return text("We want to **know**.", title=TITLE, tags="Legacy, #exit plans") | changed

    return fields


def test_an_officer_starts_a_thread(as_, ada, members_space, form):
    response = as_(ada).post("/community/ai-and-assistants/start/", form())
    thread = Thread.objects.get()
    assert response.status_code == 302
    assert (
        response["Location"] == thread.get_absolute_url() == f"/threads/{thread.pk}/how-did-you-leave-the-old-system/"
    )
    assert (thread.title, thread.author, thread.space) == (TITLE, ada, members_space)
    assert thread.tag_names == ["legacy", "exit-plans"]
    assert {tag.slug for tag in thread.tags.all()} == {"legacy", "exit-plans"}
    post = thread.posts.get()
    assert (post.number, post.version, thread.version, thread.post_count) == (1, 1, 1, 1)
    assert post.html == "<p>We want to <strong>know</strong>.</p>\n"
    assert post.text == "We want to know."


def test_the_space_counts_it_and_names_it_as_its_latest(ada, members_space):
    first = make.thread(members_space, ada, "The first of the threads")
    second = make.thread(members_space, ada, "The second of the threads")
    members_space.statistics.refresh_from_db()
    statistics = members_space.statistics
    assert (statistics.thread_count, statistics.post_count, statistics.latest_thread) == (2, 2, second)
    make.reply(first, ada)
    statistics.refresh_from_db()
    assert (statistics.thread_count, statistics.post_count, statistics.latest_thread) == (2, 3, first)


def test_the_same_form_twice_starts_one_thread(as_, ada, members_space, form):
    fields, client = form(), as_(ada)
    first = client.post("/community/ai-and-assistants/start/", fields)
    second = client.post("/community/ai-and-assistants/start/", fields)
    assert first["Location"] == second["Location"]
    assert Thread.objects.count() == Post.objects.count() == 1


def test_the_same_form_for_another_space_is_refused_and_the_text_stays(as_, ada, members_space, open_space, form):
    fields = form()
    assert as_(ada).post("/community/ai-and-assistants/start/", fields).status_code == 302
    again = as_(ada).post("/community/what-we-learned/start/", fields)
    assert again.status_code == 422
    assert "This form was sent before, for something else." in again.content.decode()
    assert again.context["form"]["source"].value() == fields["source"]
    assert Thread.objects.count() == 1
    fields["token"] = again.context["form"]["token"].value()
    assert as_(ada).post("/community/what-we-learned/start/", fields).status_code == 302, "It can be sent again"


def test_another_author_may_have_the_same_token(as_, ada, ben, members_space, form):
    fields = form()
    for member in (ada, ben):
        assert as_(member).post("/community/ai-and-assistants/start/", fields).status_code == 302
    assert Thread.objects.count() == 2


@pytest.mark.parametrize(("may_start", "who", "is_allowed"), [
    ("officers", "ada", True), ("officers", "sal", False), ("officers", "cleo", False), ("officers", "mo", True),
    ("members", "ada", True), ("members", "sal", True), ("members", "cleo", False), ("members", "mo", True),
    ("moderators", "ada", False), ("moderators", "sal", False), ("moderators", "mo", True),
])  # fmt: skip
def test_who_may_start_is_what_the_space_says(may_start, who, is_allowed, as_, form, request):
    make.space("Market", audience="members", may_start=may_start)
    client = as_(request.getfixturevalue(who))
    assert ("Start a thread" in client.get("/community/market/").content.decode()) == is_allowed
    response = client.post("/community/market/start/", form())
    assert (response.status_code, Thread.objects.count()) == ((302, 1) if is_allowed else (403, 0))


def test_a_refusal_says_why(as_, cleo, members_space, form):
    response = as_(cleo).post("/community/ai-and-assistants/start/", form())
    assert response.status_code == 403
    assert "once a moderator has verified where you work" in response.content.decode()


@pytest.mark.parametrize("who", ["sal", "cleo"])
def test_a_space_that_one_may_not_read_is_absent(who, as_, officers_space, form, request):
    client = as_(request.getfixturevalue(who))
    assert client.get("/community/officers-only/start/").status_code == 404
    assert client.post("/community/officers-only/start/", form()).status_code == 404
    assert client.post("/community/no-such-space/start/", form()).status_code == 404
    assert not Thread.objects.exists()


def test_an_ended_session_keeps_the_text(client, ada, open_space, form):
    """The form is sent after the session has ended: sign in, and all three fields are there again."""
    response = client.post("/community/what-we-learned/start/", form())
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/community/what-we-learned/start/"
    signed_in = client.post(response["Location"], {"login": ada.email, "password": "forum-demo-2026"})
    assert signed_in["Location"] == "/community/what-we-learned/start/"
    page = client.get(signed_in["Location"]).content.decode()
    assert TITLE in page and "We want to **know**." in page and "Legacy, #exit plans" in page
    assert not Thread.objects.exists()


@pytest.mark.parametrize(("changed", "field", "message"), [
    ({"title": ""}, "title", "at least 8 characters"),
    ({"title": "short"}, "title", "at least 8 characters"),
    ({"title": "x" * 151}, "title", "This is 1 character too long: the limit is 150."),
    ({"source": "   \n "}, "source", "Write something first."),
    ({"tags": "a, b, c, d, e, f"}, "tags", "There are 6 tags; there can be 5."),
    ({"tags": "<script>"}, "tags", "can’t be a tag"),
    ({"tags": "x" * 41}, "tags", "can’t be a tag"),
    ({"token": "nonsense"}, "token", "This form is too old."),
])  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    changed, field, message, as_, ada, members_space, form
):
    fields = form(**changed)
    response = as_(ada).post("/community/ai-and-assistants/start/", fields)
    assert response.status_code == 422
    shown = response.context["form"]
    assert message.replace("’", "'") in shown.errors[field][0].replace("’", "'")
    assert (shown["title"].value(), shown["source"].value(), shown["tags"].value()) == (
        fields["title"], fields["source"], fields["tags"],
    )  # fmt: skip
    assert not Thread.objects.exists()


def test_all_that_is_wrong_is_said_at_once(as_, ada, members_space, form):
    fields = form(title="short", source="- x\n" * 5000, tags="<script>")
    shown = as_(ada).post("/community/ai-and-assistants/start/", fields).context["form"]
    assert set(shown.errors) == {"title", "source", "tags"}
    shown = as_(ada).post("/community/ai-and-assistants/start/", fields | {"source": ""}).context["form"]
    assert set(shown.errors) == {"title", "source", "tags"}
    assert not Thread.objects.exists()


def test_only_who_is_mentioned_is_told_of_a_new_thread(ada, ben, mo, sal, members_space, after_commit, told, verbs):
    with after_commit():
        make.thread(members_space, ada, source="@ben-hartley, you have done this.")
    assert told(ben) == ["post.mentioned"]
    assert told(ada) == told(mo) == told(sal) == []
    assert verbs() == ["thread.started", "post.mentioned"]


def test_preview_of_the_whole_form_without_a_script(as_, ada, members_space, form):
    response = as_(ada).post("/community/ai-and-assistants/start/", form(preview="1"))
    assert response.status_code == 200
    assert "<p>We want to <strong>know</strong>.</p>" in response.content.decode()
    assert not Thread.objects.exists()


@pytest.mark.parametrize("source", ["", "x" * 20_001])
def test_the_preview_of_what_can_not_be_posted_says_so_and_keeps_it(as_, ada, members_space, form, source):
    response = as_(ada).post("/community/ai-and-assistants/start/", form(preview="1", source=source))
    assert response.status_code == 422
    assert response.context["form"].errors["source"]
    assert response.context["form"]["source"].value() == source
    assert not Thread.objects.exists()


def test_a_thread_with_a_reserved_or_foreign_title_has_an_address(ada, members_space, as_):
    for title in ("Changes!!", "日本語のタイトルですよ", "--------"):
        thread = make.thread(members_space, ada, title)
        assert as_(ada).get(thread.get_absolute_url()).status_code == 200, title


def test_a_suspended_author_can_not_start(ada, members_space):
    from community.actions import threads
    from lib.access import Denied

    ada.is_active = False
    ada.save()
    with pytest.raises(Denied, match="suspended"):
        threads.start(actor=ada, space=members_space, title=TITLE, source="Text", token=uuid.uuid4())

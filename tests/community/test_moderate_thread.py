"""The title and tags are changed; a moderator pins and locks a thread."""

import pytest

from community.actions import reading, threads
from members import inbox
from members.inbox import announcing
from members.models import Activity, Member
from tests import make

pytestmark = pytest.mark.django_db
NEW = {"title": "What leaving the old system cost", "tags": "cost, legacy"}


def post(client, thread, what, **fields):
    return client.post(f"/threads/{thread.pk}/{what}/", fields)


# --- Edit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "mo"])
def test_its_author_and_a_moderator_change_the_title_and_tags(who, as_, thread, request):
    response = post(as_(request.getfixturevalue(who)), thread, "edit", **NEW)
    thread.refresh_from_db()
    assert (
        response["Location"] == thread.get_absolute_url() == f"/threads/{thread.pk}/what-leaving-the-old-system-cost/"
    )
    assert (thread.title, thread.tag_names, thread.version) == (NEW["title"], ["cost", "legacy"], 2)
    assert {tag.slug for tag in thread.tags.all()} == {"cost", "legacy"}


@pytest.mark.parametrize("who", ["ben", "sal", "cleo"])
def test_nobody_else_changes_the_title(who, as_, thread, request):
    client = as_(request.getfixturevalue(who))
    assert client.get(f"/threads/{thread.pk}/edit/").status_code == 403
    assert post(client, thread, "edit", **NEW).status_code == 403
    thread.refresh_from_db()
    assert thread.version == 1


def test_its_author_can_not_change_a_locked_thread(as_, ada, mo, thread):
    threads.lock(actor=mo, thread=thread, locked=True)
    assert post(as_(ada), thread, "edit", **NEW).status_code == 403
    assert post(as_(mo), thread, "edit", **NEW).status_code == 302


def test_new_titles_have_a_pace(as_, ada, thread, settings):
    settings.POSTS_PER_MINUTE = 2
    client = as_(ada)
    answers = [
        client.post(f"/threads/{thread.pk}/edit/", {"title": f"The title of try {n}", "tags": ""}) for n in "123"
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 422]
    page = answers[-1].content.decode()
    assert "You have done this 2 times within a minute" in page and "The title of try 3" in page


def test_the_same_again_changes_nothing(as_, ada, thread, verbs):
    for _ in range(2):
        post(as_(ada), thread, "edit", **NEW)
    thread.refresh_from_db()
    assert thread.version == 2
    assert verbs().count("thread.edited") == 1


def test_what_is_wrong_with_the_title_is_said_and_the_tags_stay(as_, ada, thread):
    response = post(as_(ada), thread, "edit", title="No", tags="cost")
    page = response.content.decode()
    assert response.status_code == 422
    assert "at least 8 characters" in page and 'value="cost"' in page
    assert post(as_(ada), thread, "edit").status_code == 422
    both = post(as_(ada), thread, "edit", title="No", tags="<script>")
    assert set(both.context["form"].errors) == {"title", "tags"}


def test_tabs_hear_of_the_new_title_without_any_post(ada, thread, after_commit, published):
    with after_commit():
        threads.edit(actor=ada, thread=thread, title=NEW["title"], tags=[])
    ((_, payload),) = published
    assert (payload["from"], payload["version"], payload["posts"]) == (1, 2, [])
    assert payload["thread"]["title"] == NEW["title"]


def test_its_author_is_told_when_a_moderator_did_it(ada, ben, mo, thread, after_commit, told, mailoutbox):
    make.reply(thread, ben)
    with after_commit():
        threads.edit(actor=mo, thread=thread, title=NEW["title"], tags=[])
    assert told(ada) == ["thread.edited"]
    assert told(ben) == told(mo) == []
    assert not mailoutbox
    with after_commit():
        threads.edit(actor=ada, thread=thread, title="What it cost in the end", tags=[])
    assert told(ada) == ["thread.edited"]


# --- Pin and lock --------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "field"), [("pin", "pinned_at"), ("lock", "locked_at")])
def test_a_moderator_switches_it_on_and_off(what, field, as_, mo, thread):
    client = as_(mo)
    assert post(client, thread, what, on="1")["Location"] == thread.get_absolute_url()
    thread.refresh_from_db()
    assert (getattr(thread, field) is not None, thread.version) == (True, 2)
    post(client, thread, what, on="0")
    thread.refresh_from_db()
    assert (getattr(thread, field), thread.version) == (None, 3)


@pytest.mark.parametrize(("what", "field"), [("pin", "pinned_at"), ("lock", "locked_at")])
def test_two_presses_do_not_undo_each_other(what, field, as_, mo, thread, verbs):
    for _ in range(2):
        post(as_(mo), thread, what, on="1")
    thread.refresh_from_db()
    assert (getattr(thread, field) is not None, thread.version) == (True, 2)
    assert len([verb for verb in verbs() if verb.startswith(f"thread.{what}")]) == 1


@pytest.mark.parametrize("what", ["pin", "lock"])
@pytest.mark.parametrize("who", ["ada", "ben", "sal", "cleo"])
def test_only_moderators_do(who, what, as_, thread, request):
    response = post(as_(request.getfixturevalue(who)), thread, what, on="1")
    assert response.status_code == 403
    assert "Only moderators can do this." in response.content.decode()
    assert as_(request.getfixturevalue(who)).get(f"/threads/{thread.pk}/{what}/").status_code == 405


@pytest.mark.parametrize("what", ["pin", "lock"])
def test_an_administrator_does_what_a_moderator_does(what, as_, admin, thread):
    assert post(as_(admin), thread, what, on="1").status_code == 302


def test_pinned_threads_stand_above_on_the_first_page_only(as_, ada, mo, members_space, thread, settings):
    settings.THREADS_PER_PAGE = 2
    for number in range(4):
        make.thread(members_space, ada, f"A later thread, number {number}")
    threads.pin(actor=mo, thread=thread, pinned=True)
    client = as_(ada)
    first, second, third = (client.get(f"/community/ai-and-assistants/?page={page}") for page in (1, 2, 3))
    assert first.context["threads"][0].pk == thread.pk
    assert len(first.context["threads"]) == 3
    assert thread.pk not in [t.pk for t in second.context["threads"]]
    assert third.status_code == 404


def lines(client) -> list[tuple[str, bool]]:
    """What the inbox says, and whether it is read."""
    context = client.get("/inbox/").context
    return [(line.text, bool(told.read_at)) for told, line in [*context["new"], *context["earlier"]]]


LOCKED = "A moderator locked your thread “How did you leave the old system?”."
OPENED = "A moderator opened your thread “How did you leave the old system?” again."


def test_a_lock_is_told_to_who_started_the_thread_only(as_, ada, ben, mo, thread, after_commit, mailoutbox):
    make.reply(thread, ben)
    with after_commit():
        threads.lock(actor=mo, thread=thread, locked=True)
    assert lines(as_(ada)) == [(LOCKED, False)] and lines(as_(ben)) == []
    inbox.mark_read(ada)
    with after_commit():
        threads.lock(actor=mo, thread=thread, locked=False)
    assert lines(as_(ada)) == [(OPENED, False), (LOCKED, True)]
    assert not mailoutbox


def test_locking_again_and_again_is_one_line_that_says_what_holds_now(as_, ada, mo, thread, after_commit):
    for locked in (True, False, True, False):
        with after_commit():
            threads.lock(actor=mo, thread=thread, locked=locked)
    assert lines(as_(ada)) == [(OPENED, False)]
    assert Member.objects.get(pk=ada.pk).unread_count == 1


def test_what_is_announced_late_does_not_say_what_is_no_more(as_, ada, mo, thread, after_commit):
    threads.lock(actor=mo, thread=thread, locked=True)
    with after_commit():
        threads.lock(actor=mo, thread=thread, locked=False)
    announcing.announce.call(Activity.objects.get(verb="thread.locked").pk)
    assert lines(as_(ada)) == [(OPENED, False)]


def test_many_new_titles_are_one_line_too(as_, ada, mo, thread, after_commit):
    for title in ("One title", "Another title"):
        with after_commit():
            threads.edit(actor=mo, thread=thread, title=title, tags=[])
    assert lines(as_(ada)) == [("The title or tags of your thread “Another title” were changed.", False)]


def test_who_reads_the_thread_has_read_these_lines(as_, ada, mo, thread, after_commit):
    with after_commit():
        threads.lock(actor=mo, thread=thread, locked=True)
        threads.edit(actor=mo, thread=thread, title="Another title", tags=[])
    reading.mark_read(reader=ada, thread=thread, number=1)
    assert all(is_read for _, is_read in lines(as_(ada)))


def test_nobody_is_told_of_a_pin(ada, mo, thread, after_commit, told):
    with after_commit():
        threads.pin(actor=mo, thread=thread, pinned=True)
    assert told(ada) == []


def test_whoever_may_not_start_threads_here_any_more_can_not_change_one(as_, ada, admin, members_space, thread):
    make.decide_readers(members_space, admin, may_start="moderators")
    assert post(as_(ada), thread, "edit", **NEW).status_code == 403
    thread.refresh_from_db()
    assert thread.version == 1

"""What is kept (docs/decisions/0007) never outlives what it says, and reaches nobody whom it is not for."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.test.utils.form_data import rich_text

from cdoforum.models import SiteSettings
from community.actions import posts, reading, threads
from community.models import SpacePage, Thread
from members.actions import settings as settings_actions
from tests import make

pytestmark = pytest.mark.django_db
LISTS = ["/", "/community/", "/community/what-we-learned/", "/community/tags/exit/"]
SIGNED_OUT = "You are signed out."


@pytest.fixture
def thread(open_space, ada):
    """Ada's thread, which visitors read as well."""
    return make.thread(open_space, ada, "What leaving cost us", tags=["exit"])


@pytest.fixture
def row(as_):
    """row(address, member) → the first row of the list at this address, as the member (None: a visitor) sees it."""

    def look(address: str, member=None) -> str:
        return re.search(r'<li class="thread.*?</li>', as_(member).get(address).content.decode(), re.DOTALL)[0]

    return look


@pytest.fixture
def page(as_):
    """page(thread, member, number) → a page of the thread, as the member (None: a visitor) sees it."""

    def look(thread, member=None, number=1) -> str:
        address = f"{thread.get_absolute_url()}?page={number}"
        return as_(member).get(address, follow=True).content.decode()

    return look


# --- Changes of a thread ---------------------------------------------------------------------------


def new_title(thread, ada, mo):
    threads.edit(actor=ada, thread=thread, title="What leaving saved us", tags=["exit"])


def lock(thread, ada, mo):
    threads.lock(actor=mo, thread=thread, locked=True)


def new_post(thread, ada, mo):
    make.reply(thread, mo, "Less than staying.")


CHANGES = {new_title: "What leaving saved us", lock: "Locked:", new_post: "<b>2</b><span>posts</span>"}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_list_shows_a_change_of_a_thread_at_once(change, address, row, thread, ada, mo):
    assert CHANGES[change] not in row(address)
    change(thread, ada, mo)
    assert CHANGES[change] in row(address)


CHANGES_OF_PAGE = {
    new_title: "What leaving saved us</h1>",
    lock: '<div class="notice" data-thread-locked>',
    new_post: "Less than staying.",
}


@pytest.mark.parametrize("change", CHANGES_OF_PAGE, ids=lambda change: change.__name__)
def test_a_visitors_page_shows_a_change_of_the_thread_at_once(change, page, thread, ada, mo):
    assert CHANGES_OF_PAGE[change] not in page(thread)
    change(thread, ada, mo)
    assert CHANGES_OF_PAGE[change] in page(thread)


# --- Changes of a post -----------------------------------------------------------------------------


def edit(post, mo):
    posts.edit(actor=post.author, post=post, source="Other words.")


def delete(post, mo):
    posts.delete(actor=post.author, post=post)


def remove(post, mo):
    posts.delete(actor=mo, post=post, reason="Rule 2.")


@pytest.mark.parametrize("who", ["ada", None])
@pytest.mark.parametrize("change", [edit, delete, remove], ids=lambda change: change.__name__)
def test_words_that_were_changed_or_taken_away_are_gone_at_once(change, who, page, thread, ada, ben, mo):
    reader = ada if who else None
    post = make.reply(thread, ben, "The first words.")
    assert "The first words." in page(thread, reader)
    change(post, mo)
    assert "The first words." not in page(thread, reader)


def test_the_mark_of_a_visitors_page_changes_with_a_post(as_, thread, ben, mo):
    post = make.reply(thread, ben, "The first words.")
    marks = [as_(None).get(thread.get_absolute_url())["ETag"]]
    for change in (edit, remove):
        change(post, mo)
        answer = as_(None).get(thread.get_absolute_url(), headers={"If-None-Match": marks[-1]})
        assert answer.status_code == 200
        marks.append(answer["ETag"])
    assert len(set(marks)) == 3


def test_the_links_of_posts_follow_a_new_title(page, thread, ada, ben, mo):
    answered = f'{thread.get_absolute_url()}#post-1"'
    make.reply(thread, ben, reply_to=1)
    assert answered in page(thread, ben)
    new_title(thread, ada, mo)
    thread.refresh_from_db()
    assert answered not in page(thread, ben)
    assert f'{thread.get_absolute_url()}#post-1"' in page(thread, ben)


@pytest.fixture
def two_pages(settings, thread, ben):
    """A thread with two full pages of one post each, by Ada and by Ben."""
    settings.POSTS_PER_PAGE = 1
    make.reply(thread, ben, "The first words.")
    return thread


def test_each_page_has_a_latest_change_of_its_own(page, two_pages, ada):
    last = two_pages.posts.get(number=2)
    for words in ("The second words.", "The third words."):
        posts.edit(actor=last.author, post=last, source=words)
        assert "We want to know." in page(two_pages, ada, 1)
        assert words in page(two_pages, ada, 2)


def test_threads_of_one_title_are_kept_apart(page, open_space, thread, ada, ben, mo):
    """And each has a latest change of its own: both threads come to version 2, one without a new post."""
    other = make.thread(open_space, ada, thread.title, "Of other things.")
    assert "We want to know." in page(thread, ada)
    assert "Of other things." in page(other, ada)
    lock(thread, ada, mo)
    assert "We want to know." in page(thread, ada)
    make.reply(other, ben, "The first words.")
    assert "The first words." in page(other, ada)


def edit_on_the_other_page(thread, ada, mo):
    edit(thread.posts.get(number=2), mo)


def delete_on_the_other_page(thread, ada, mo):
    delete(thread.posts.get(number=2), mo)


@pytest.mark.parametrize(
    "change",
    [new_post, lock, edit_on_the_other_page, delete_on_the_other_page],
    ids=lambda change: change.__name__,
)
def test_a_page_is_kept_while_its_own_posts_stay_as_they_are(change, as_, two_pages, ada, mo):
    reader = as_(ada)
    for number in (2, 1):  # so that the second is not new to her, and no marker is written
        reader.get(two_pages.get_absolute_url(), {"page": number})
    change(two_pages, ada, mo)
    with CaptureQueriesContext(connection) as captured:
        answer = reader.get(two_pages.get_absolute_url())
    assert "We want to know." in answer.content.decode()
    assert not [query["sql"] for query in captured if '"community_post"."html"' in query["sql"]]
    assert len(captured) <= 6


# --- What no version tells of ----------------------------------------------------------------------


@pytest.fixture
def wait(monkeypatch):
    """wait(seconds): as if so much time had passed for what is kept."""
    passed, now = [0.0], time.time
    monkeypatch.setattr(time, "time", lambda: now() + passed[0])

    def pass_by(seconds: float):
        passed[0] += seconds

    return pass_by


@pytest.mark.parametrize("kept_for", [29, 59])
def test_a_new_name_is_everywhere_after_a_minute(kept_for, wait, as_, thread, ada, ben):
    """However what is kept is made of what was kept before."""
    make.reply(thread, ben, "Less than staying.")
    places = [(member, address) for member in (ada, None) for address in (*LISTS, thread.get_absolute_url())]
    for member, address in places:
        if member or address in LISTS:
            assert "Ada Okafor" in as_(member).get(address).content.decode()
    settings_actions.change_profile(actor=ada, name="Ada Brown")
    wait(kept_for)
    as_(None).get(thread.get_absolute_url())
    wait(61 - kept_for)
    for member, address in places:
        seen = as_(member).get(address).content.decode()
        assert "Ada Brown" in seen and "Ada Okafor" not in seen, address


# --- One row, many readers -------------------------------------------------------------------------


def test_a_row_says_what_is_new_to_each_reader(row, thread, ada, ben, mo):
    make.reply(thread, ada, "And one thing more.")
    reading.mark_read(reader=ben, thread=Thread.objects.get(), number=1)
    address = "/community/what-we-learned/"
    assert "1 new" in row(address, ben)
    assert "2 new" in row(address, mo)
    assert " new" not in row(address, ada)
    reading.mark_read(reader=ben, thread=Thread.objects.get(), number=2)
    assert " new" not in row(address, ben)


@pytest.mark.parametrize("address", ["/", "/community/", "/community/tags/exit/"])
def test_a_row_names_the_space_where_lists_are_of_many_and_not_in_the_space(address, row, thread):
    assert "What we learned" not in row("/community/what-we-learned/")
    assert "What we learned" in row(address)
    assert "What we learned" not in row("/community/what-we-learned/")


@pytest.mark.parametrize("who", ["ada", None])
def test_each_page_of_each_thread_is_its_own(who, settings, page, as_, thread, open_space, ada, mo):
    settings.POSTS_PER_PAGE = 1
    make.reply(thread, mo, "Less than staying.")
    other = make.thread(open_space, ada, "Another story", "Of other things.")
    make.reply(other, mo)
    reader = ada if who else None
    assert "We want to know." in page(thread, reader)
    assert "Of other things." in page(other, reader)
    second = as_(reader).get(thread.get_absolute_url(), {"page": 2}).content.decode()
    assert "Less than staying." in second
    home = as_(reader).get("/").content.decode()
    assert "What leaving cost us" in home and "Another story" in home


# --- Visitors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"title": "What we unlearned"}, {"slug": "what-we-unlearned"}, {"guidelines": "Name the year."}],
    ids=lambda changes: "".join(changes),
)
def test_a_visitors_page_shows_a_change_of_the_space_at_once(changes, page, thread, open_space):
    (new,) = changes.values()
    assert new not in page(thread)
    make.publish_space(open_space, **changes)
    assert new in page(thread)


@pytest.mark.parametrize("lose", [{"audience": "members"}, {"audience": "group"}, None], ids=str)
def test_a_kept_page_is_not_served_once_visitors_may_not_read_it(lose, as_, thread, open_space, admin):
    visitor = as_(None)
    answer = visitor.get(thread.get_absolute_url())
    assert answer.status_code == 200
    if lose:
        make.decide_readers(open_space, admin, **lose)
    else:
        SpacePage.objects.get(pk=open_space.pk).unpublish()
    for headers in ({}, {"If-None-Match": answer["ETag"]}):
        assert visitor.get(thread.get_absolute_url(), headers=headers).status_code == 404


@pytest.fixture
def leaver(as_, ben):
    """Somebody who has just signed out, and has not read the message about it."""
    client = as_(ben)
    client.post("/accounts/logout/")
    return client


def test_a_visitors_message_is_shown_although_the_page_is_kept(page, thread, leaver):
    assert SIGNED_OUT not in page(thread)
    assert SIGNED_OUT in leaver.get(thread.get_absolute_url()).content.decode()


def test_a_visitors_message_reaches_nobody_else(page, thread, leaver):
    assert SIGNED_OUT in leaver.get(thread.get_absolute_url()).content.decode()
    assert SIGNED_OUT not in page(thread)


# --- The site's settings ---------------------------------------------------------------------------


def test_a_new_notice_is_on_the_next_page(as_, admin):
    editor = as_(admin)
    assert "We are away" not in editor.get("/").content.decode()
    fields = {"contact_email": "", "notice": rich_text("<p>We are away on Sunday.</p>")}
    editor.post(f"/cms/settings/cdoforum/sitesettings/{SiteSettings.load().pk}/", fields)
    assert "We are away on Sunday." in editor.get("/").content.decode()

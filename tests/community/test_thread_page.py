"""Reading a thread: its pages, lasting addresses, and what reading costs."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.actions import posts
from community.models import Post
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=1)


@pytest.fixture
def pages(settings, thread, ada, ben):
    """A thread of 7 posts on pages of 3."""
    settings.POSTS_PER_PAGE = 3
    for number in range(2, 8):
        make.reply(thread, (ada, ben)[number % 2], f"This is text {number}.", now=LONG_AGO)
    thread.refresh_from_db()
    return thread


def numbers(response) -> list[int]:
    return [int(number) for number in re.findall(r'data-number="(\d+)"', response.content.decode())]


def test_pages_are_by_number(as_, ada, pages):
    client = as_(ada)
    for page, expected in {1: [1, 2, 3], 2: [4, 5, 6], 3: [7]}.items():
        assert numbers(client.get(pages.get_absolute_url(), {"page": page})) == expected


@pytest.mark.parametrize(("page", "first"), [
    ("0", 1), ("-1", 1), ("abc", 1), ("", 1), ("²", 1), ("9" * 50, 1), ("99", 7), ("1.5", 1), ("\x00", 1),
])  # fmt: skip
def test_a_nonsense_page_is_the_first_and_one_past_the_end_the_last(page, first, as_, ada, pages):
    response = as_(ada).get(pages.get_absolute_url(), {"page": page})
    assert response.status_code == 200
    assert numbers(response)[0] == first


@pytest.mark.parametrize("reply", ["abc", "²", "-1", "9" * 50, ""])
def test_a_nonsense_reply_answers_the_whole_thread(reply, as_, ada, thread):
    response = as_(ada).get(thread.get_absolute_url(), {"reply": reply})
    assert response.status_code == 200
    assert response.context["form"]["reply_to"].value() is None


def test_a_post_keeps_its_address(as_, ada, ben, pages):
    post = pages.posts.get(number=5)
    address = pages.url_of(5)
    assert address == f"{pages.get_absolute_url()}?page=2#post-5"
    second = pages.posts.get(number=2)
    posts.delete(actor=second.author, post=second)
    for _ in range(4):
        make.reply(pages, ben)
    response = as_(ada).get(address.partition("#")[0])
    assert 'id="post-5"' in response.content.decode() and "This is text 5." in response.content.decode()
    assert address in as_(ada).get(f"/posts/{post.pk}/").content.decode()


def test_any_other_slug_leads_to_the_right_one_and_keeps_the_query(as_, ada, pages):
    client = as_(ada)
    for address in (f"/threads/{pages.pk}/", f"/threads/{pages.pk}/an-older-title/"):
        response = client.get(f"{address}?page=2&reply=4")
        assert (response.status_code, response["Location"]) == (302, f"{pages.get_absolute_url()}?page=2&reply=4")
    assert client.get(f"/threads/{pages.pk}/an-older-title/")["Location"] == pages.get_absolute_url()


@pytest.mark.parametrize("thread_id", ["0", "987654", "99999999999", "9" * 19, "9" * 30, "9" * 5000])
def test_an_unknown_thread_is_absent_however_large_its_number(thread_id, as_, ada):
    client = as_(ada)
    for address in ("/threads/{}/", "/threads/{}/x/", "/threads/{}/changes/?since=0", "/posts/{}/"):
        assert client.get(address.format(thread_id)).status_code == 404


def test_the_page_says_what_a_script_needs(as_, ada, mo, pages):
    page = as_(ada).get(pages.get_absolute_url(), {"page": 3}).content.decode()
    assert f'data-thread="{pages.pk}" data-version="7" data-page="3" data-pages="3" data-last-page' in page
    assert f'data-viewer="{ada.pk}"' in page and "data-moderator" not in page
    assert "data-moderator" in as_(mo).get(pages.get_absolute_url()).content.decode()


def test_posts_are_the_same_for_every_reader(as_, ada, ben, mo, pages):
    found = set()
    for member in (ada, ben, mo):
        for cache in caches.all():  # so that each reader's posts are made for them
            cache.clear()
        found.add(as_(member).get(pages.get_absolute_url()).context["posts"])
    assert len(found) == 1


def test_a_visitor_reads_what_is_open_and_is_asked_to_sign_in(as_, ada, open_space):
    thread = make.thread(open_space, ada)
    page = as_(None).get(thread.get_absolute_url()).content.decode()
    assert "We want to know." in page
    assert f"/accounts/login/?next={thread.get_absolute_url()}" in page
    assert "data-composer" not in page


def test_a_page_of_another_is_not_kept_by_shared_caches(as_, ada, thread):
    response = as_(ada).get(thread.get_absolute_url())
    assert "Cookie" in response.get("Vary", "")


# --- What it costs --------------------------------------------------------------------------------


def queries_of(client, address) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len([query for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_a_repeated_visit_asks_few_questions_however_many_posts_there_are(as_, ada, ben, members_space, thread):
    long = make.thread(members_space, ada, "A thread with many posts in it")
    for number in range(45):
        make.reply(long, (ada, ben)[number % 2], now=LONG_AGO + timedelta(minutes=number))
    client, counts = as_(ada), {}
    for address in (thread.get_absolute_url(), long.get_absolute_url(), f"{long.get_absolute_url()}?page=3"):
        client.get(address)
        counts[address] = queries_of(client, address)
    assert len(set(counts.values())) == 1, counts
    assert max(counts.values()) <= 6, counts


def test_a_first_visit_does_not_ask_for_each_post(as_, ben, mo, members_space, thread):
    for _ in range(15):
        make.reply(thread, ben, now=LONG_AGO)
    client, counts = as_(mo), []
    for other in (make.thread(members_space, ben, "Any other thread at all"), thread, make.thread(members_space, ben)):
        counts.append(queries_of(client, other.get_absolute_url()))
    assert counts[1] == counts[2]  # the first one found nothing ready


def test_a_visitor_asks_fewer(as_, ada, open_space):
    thread = make.thread(open_space, ada)
    client = as_(None)
    client.get(thread.get_absolute_url())
    assert queries_of(client, thread.get_absolute_url()) <= 3


def lists(client, addresses) -> dict[str, int]:
    for address in addresses:
        client.get(address)
    return {address: queries_of(client, address) for address in addresses}


def test_lists_ask_few_questions_however_many_threads_there_are(as_, ada, ben, members_space, open_space):
    """The list of threads ≤ 6, the home page ≤ 8."""
    budgets = {"/community/ai-and-assistants/": 6, "/community/": 6, "/community/tags/exit/": 6, "/": 8}
    client = as_(ada)
    make.thread(members_space, ada, tags=["exit"])
    make.event("The first event")
    few = lists(client, budgets)
    for number in range(12):
        space, author = (members_space, open_space)[number % 2], (ada, ben)[number % 2]
        make.thread(space, author, f"Thread number {number}", tags=["exit"], now=LONG_AGO)
    for number in range(3):
        make.event(f"Event {number}")
    many = lists(client, budgets)
    assert few == many
    assert {address: count for address, count in many.items() if count > budgets[address]} == {}


def test_no_two_posts_share_a_number(ada, thread):
    text = {"source": "x", "html": "x", "text": "x"}
    with pytest.raises(IntegrityError):
        Post.objects.create(
            thread=thread, number=1, version=9, author=ada, created_at=LONG_AGO, token=uuid.uuid4(), **text
        )


def test_a_visitor_who_has_the_page_gets_its_mark_only(client, open_space, ada):
    thread = make.thread(open_space, ada)
    first = client.get(thread.get_absolute_url())
    again = client.get(thread.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    make.reply(thread, ada)
    changed = client.get(thread.get_absolute_url(), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]

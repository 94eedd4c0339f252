"""/feeds/: what everyone may read, whoever asks."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from cdoforum.feeds import NEWEST
from community.models import SpacePage
from events.models import EventPage
from tests import make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ROLES = [None, "cleo", "sal", "ada", "ben", "mo", "eve", "admin"]


def entries(client, name) -> list:
    response = client.get(f"/feeds/{name}/")
    assert response.status_code == 200 and response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def words(entry, name) -> str:
    return entry.findtext(f"{ATOM}{name}")


def titles(client, name) -> list[str]:
    return [words(entry, "title") for entry in entries(client, name)]


@pytest.mark.parametrize("role", ROLES)
def test_threads_of_open_spaces_alone_whoever_asks(role, request, as_, ada, ben, mo, admin):
    spaces = {audience: make.space(audience, audience=audience) for audience in ["everyone", "members", "officers"]}
    spaces["group"] = make.space("group", audience="group", invited=[ben])
    spaces["unpublished"] = make.space("unpublished", audience="everyone")
    for name, space in spaces.items():
        make.thread(space, ben if name == "group" else ada, f"For {name}")
    SpacePage.objects.filter(pk=spaces["unpublished"].pk).update(live=False)
    assert titles(as_(role and request.getfixturevalue(role)), "threads") == ["For everyone"]


def test_an_entry_of_a_thread(client, open_space, ada, ben):
    began = timezone.now().replace(microsecond=0) - timedelta(days=2)
    thread = make.thread(open_space, ada, "What the archive cost us", "Too much.", tags=["archives"], now=began)
    entry = entries(client, "threads")[0]
    assert words(entry, "summary") == f"1 post in {open_space.title}, the latest by Ada Okafor."
    make.reply(thread, ben, now=began + timedelta(days=1))
    entry = entries(client, "threads")[0]
    address = f"http://testserver{thread.get_absolute_url()}"
    assert words(entry, "title") == "What the archive cost us"
    assert entry.find(f"{ATOM}link").get("href") == address
    assert words(entry, "id") == f"http://127.0.0.1:8000/threads/{thread.pk}/"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada Okafor"
    assert words(entry, "published") == began.isoformat()
    assert words(entry, "updated") == (began + timedelta(days=1)).isoformat()
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["archives"]
    assert words(entry, "summary") == f"2 posts in {open_space.title}, the latest by Ben Hartley."


def test_the_threads_with_the_latest_posts_come_first_and_no_more_than_the_newest(client, open_space, ada, settings):
    settings.POSTS_PER_MINUTE = 1_000
    began = timezone.now() - timedelta(days=2)
    threads = [
        make.thread(open_space, ada, f"Thread {number}", now=began + timedelta(minutes=number))
        for number in range(NEWEST + 1)
    ]
    make.reply(threads[5], ada, now=timezone.now())
    found = titles(client, "threads")
    assert found[:2] == ["Thread 5", f"Thread {NEWEST}"] and len(found) == NEWEST and "Thread 0" not in found


@pytest.mark.parametrize("role", ROLES)
def test_coming_events_that_are_open_to_everyone_alone_whoever_asks(role, request, as_):
    for open_to in ["everyone", "members", "officers"]:
        make.event(f"For {open_to}", open_to=open_to)
    make.event("A draft", open_to="everyone", live=False)
    make.event("Over", open_to="everyone", starts_in=timedelta(days=-2))
    make.event("Going on", open_to="everyone", starts_in=timedelta(minutes=-30))
    client = as_(role and request.getfixturevalue(role))
    assert titles(client, "events") == ["Going on", "For everyone"]
    assert make.JOINING_URL not in client.get("/feeds/events/").content.decode()


def test_an_entry_of_an_event(client):
    event = make.event("Leaving legacy", open_to="everyone", summary="What to ask.")
    first, last = timezone.now().replace(microsecond=0) - timedelta(days=9), timezone.now().replace(microsecond=0)
    EventPage.objects.filter(pk=event.pk).update(first_published_at=first, last_published_at=last)
    entry = entries(client, "events")[0]
    assert [words(entry, name) for name in ["title", "summary"]] == ["Leaving legacy", "What to ask."]
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{event.get_absolute_url()}"
    assert words(entry, "published") == first.isoformat() and words(entry, "updated") == last.isoformat()


@pytest.mark.parametrize("name", ["threads", "events"])
def test_a_feed_of_nothing_is_a_feed(client, name):
    assert entries(client, name) == []

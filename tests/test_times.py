"""Times say the full date in the page, all in one way; a script makes them relative (tests/journeys/test_times.py)."""

import re
from datetime import UTC, datetime

import pytest

from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
FULL = "12 March 2026, 14:05"


@pytest.fixture
def thread(ada, members_space):
    return make.thread(members_space, ada, now=NOW)


@pytest.mark.parametrize("address", ["/", "/community/", "/community/ai-and-assistants/", "the thread"])
def test_every_time_of_a_page_is_the_full_date(address, as_, ben, thread):
    page = as_(ben).get(thread.get_absolute_url() if address == "the thread" else address).content.decode()
    times = re.findall(r"<time (.*?)>(.*?)</time>", page)
    assert times
    for attributes, words in times:
        assert (words, f'title="{FULL}"' in attributes, "data-ago" in attributes) == (FULL, True, True)


def test_a_list_says_who_started_a_thread_and_when_the_last_post_came(as_, ada, ben, thread):
    make.reply(thread, ben, now=NOW)
    page = as_(ben).get("/community/ai-and-assistants/").content.decode()
    words = " ".join(re.sub(r"<.*?>", " ", page).split())
    assert f"Started by Ada Okafor, Camden Last post {FULL}" in words

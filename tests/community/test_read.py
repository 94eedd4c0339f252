"""How far a member has read: markers, unread counts, and the bell."""

import pytest

from community.actions import reading
from community.models import ReadMarker
from members.models import Member, Notification
from tests import make

pytestmark = pytest.mark.django_db


def marker(member, thread) -> int | None:
    return ReadMarker.objects.filter(member=member, thread=thread).values_list("number", flat=True).first()


def unread_in_lists(client) -> dict[str, int]:
    return {
        address: response.context["threads"][0].unread_count
        for address in ("/community/", "/community/ai-and-assistants/", "/", "/community/tags/exit/")
        for response in [client.get(address)]
    }


def test_opening_a_thread_marks_what_the_page_shows(as_, ada, ben, thread, settings):
    settings.POSTS_PER_PAGE = 2
    for _ in range(3):
        make.reply(thread, ada)
    client = as_(ben)
    client.get(thread.get_absolute_url())
    assert marker(ben, thread) == 2
    client.get(thread.get_absolute_url(), {"page": 2})
    assert marker(ben, thread) == 4


def test_an_author_has_read_what_they_wrote(ada, ben, thread):
    make.reply(thread, ben)
    assert (marker(ada, thread), marker(ben, thread)) == (1, 2)


def test_a_marker_never_goes_back(as_, ada, ben, thread, settings):
    settings.POSTS_PER_PAGE = 2
    for _ in range(3):
        make.reply(thread, ada)
    client = as_(ben)
    client.get(thread.get_absolute_url(), {"page": 2})
    client.get(thread.get_absolute_url())
    client.post(f"/threads/{thread.pk}/read/", {"number": "1"})
    assert marker(ben, thread) == 4


def test_a_tab_says_how_far_it_was_read(as_, ada, ben, thread):
    make.reply(thread, ada)
    response = as_(ben).post(f"/threads/{thread.pk}/read/", {"number": "2"})
    assert (response.status_code, marker(ben, thread)) == (204, 2)


def test_nobody_reads_further_than_there_are_posts(as_, ben, thread):
    as_(ben).post(f"/threads/{thread.pk}/read/", {"number": "999999"})
    assert marker(ben, thread) == 1


@pytest.mark.parametrize("number", ["", "0", "-1", "abc", "²", "9" * 40, "\x00"])
def test_a_nonsense_number_is_refused(number, as_, ben, thread):
    assert as_(ben).post(f"/threads/{thread.pk}/read/", {"number": number}).status_code == 400
    assert marker(ben, thread) is None


def test_a_visitor_leaves_no_marker(as_, ada, open_space):
    thread = make.thread(open_space, ada)
    client = as_(None)
    client.get(thread.get_absolute_url())
    assert client.post(f"/threads/{thread.pk}/read/", {"number": "1"}).status_code == 204
    assert ReadMarker.objects.count() == 1  # its author's


def test_a_thread_that_one_may_not_read_is_absent(as_, sal, officers_thread):
    assert as_(sal).post(f"/threads/{officers_thread.pk}/read/", {"number": "1"}).status_code == 404
    assert marker(sal, officers_thread) is None


def test_lists_say_how_many_posts_are_new(as_, ada, ben, members_space):
    thread = make.thread(members_space, ada, tags=["exit"])
    client = as_(ben)
    assert set(unread_in_lists(client).values()) == {1}  # a thread that one has never opened is new as a whole
    client.get(thread.get_absolute_url())
    assert set(unread_in_lists(client).values()) == {0}
    for _ in range(3):
        make.reply(thread, ada)
    assert set(unread_in_lists(client).values()) == {3}
    assert "3 new" in client.get("/community/").content.decode()
    assert set(unread_in_lists(as_(ada)).values()) == {0}


def test_old_threads_that_one_never_opened_are_not_new(as_, ada, ben, members_space, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    make.thread(members_space, ada, tags=["exit"], now=timezone.now() - timedelta(days=15))
    assert set(unread_in_lists(as_(ben)).values()) == {0}


def test_what_was_said_before_one_joined_is_not_new(as_, ada, members_space):
    make.thread(members_space, ada, tags=["exit"])
    newcomer = make.officer("Late Comer", council="Hull")
    assert set(unread_in_lists(as_(newcomer)).values()) == {0}


def test_visitors_have_nothing_unread(as_, ada, open_space):
    make.thread(open_space, ada)
    assert as_(None).get("/community/").context["threads"][0].unread_count == 0


def test_the_page_leads_to_the_first_post_one_has_not_read(as_, ada, ben, thread, settings):
    settings.POSTS_PER_PAGE = 2
    client = as_(ben)
    client.get(thread.get_absolute_url())
    for _ in range(3):
        make.reply(thread, ada)
    response = client.get(thread.get_absolute_url())
    assert (response.context["first_unread"], response.context["first_unread_url"]) == (
        2,
        f"{thread.get_absolute_url()}#post-2",
    )
    response = client.get(thread.get_absolute_url(), {"page": 2})
    assert response.context["first_unread_url"] == f"{thread.get_absolute_url()}?page=2#post-3"
    assert client.get(thread.get_absolute_url()).context["first_unread"] is None


# --- The bell -------------------------------------------------------------------------------------


def bell(member) -> int:
    return Member.objects.get(pk=member.pk).unread_count


def test_reading_to_the_end_clears_the_bell_of_this_thread_only(as_, ada, ben, members_space, thread, after_commit):
    other = make.thread(members_space, ada, "Another thread of hers")
    with after_commit():
        make.reply(thread, ben, "@ada-okafor, so do we.")
        make.reply(thread, ben)
        make.reply(other, ben)
    assert bell(ada) == 3
    as_(ada).get(thread.get_absolute_url())
    assert bell(ada) == 1
    assert Notification.objects.get(member=ada, read_at=None).collapse_key == f"{other.topic}:replies"


def test_reading_a_part_leaves_the_bell(as_, ada, ben, thread, after_commit, settings):
    settings.POSTS_PER_PAGE = 2
    with after_commit():
        for _ in range(3):
            make.reply(thread, ben)
    as_(ada).get(thread.get_absolute_url())
    assert bell(ada) == 1
    as_(ada).get(thread.get_absolute_url(), {"page": 2})
    assert bell(ada) == 0


def test_reading_twice_counts_once(as_, ada, ben, thread, after_commit):
    with after_commit():
        make.reply(thread, ben)
    for _ in range(2):
        reading.mark_read(reader=ada, thread=thread.__class__.objects.get(), number=2)
    assert bell(ada) == 0


def test_open_tabs_hear_of_the_cleared_bell(as_, ada, ben, thread, after_commit, published):
    with after_commit():
        make.reply(thread, ben)
    published.clear()
    with after_commit():
        as_(ada).get(thread.get_absolute_url())
    assert published == [(f"member:{ada.pk}", {"unread": 0})]

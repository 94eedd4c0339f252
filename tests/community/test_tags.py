"""Tags: what threads are about, across spaces."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def listed(client, tag) -> list[str] | None:
    response = client.get(f"/community/tags/{tag}/")
    return [thread.title for thread in response.context["threads"]] if response.status_code == 200 else None


def test_a_tag_lists_its_threads_latest_first(as_, ada, members_space, open_space):
    make.thread(members_space, ada, "The first of the threads", tags=["cyber"])
    make.thread(open_space, ada, "The second of the threads", tags=["cyber", "legacy"])
    assert listed(as_(ada), "cyber") == ["The second of the threads", "The first of the threads"]
    assert listed(as_(ada), "legacy") == ["The second of the threads"]


def test_a_tag_tells_nothing_of_what_one_may_not_read(as_, ada, sal, officers_space, open_space):
    make.thread(officers_space, ada, "What officers only should read", tags=["secret-plan", "cyber"])
    make.thread(open_space, ada, "What everyone may read", tags=["cyber"])
    assert listed(as_(sal), "cyber") == ["What everyone may read"]
    assert listed(as_(sal), "secret-plan") is None
    assert listed(as_(sal), "no-such-tag") is None
    assert listed(as_(ada), "secret-plan") == ["What officers only should read"]


@pytest.mark.parametrize(("typed", "kept"), [
    ("Cyber", ["cyber"]),
    ("cyber, CYBER, Cyber", ["cyber"]),
    ("#shared services", ["shared-services"]),
    (" a ,, b ,", ["a", "b"]),
    ("", []),
])  # fmt: skip
def test_tags_are_written_in_one_way(typed, kept, as_, ada, members_space, text):
    as_(ada).post("/community/ai-and-assistants/start/", text(title="A title that is long enough", tags=typed))
    assert members_space.threads.get().tag_names == kept


@pytest.mark.parametrize("typed", ["<b>", "a/b", "ünïcode", "-", "a--b", "x" * 41, "💥", "a\x00b", "a,b,c,d,e,f"])
def test_what_can_not_be_a_tag_is_refused_and_kept_in_the_form(typed, as_, ada, members_space, text):
    response = as_(ada).post(
        "/community/ai-and-assistants/start/", text(title="A title that is long enough", tags=typed)
    )
    assert response.status_code == 422
    assert response.context["form"].errors["tags"]
    assert response.context["form"]["tags"].value() == typed


def test_a_thread_that_lost_its_tag_is_not_listed_any_more(as_, ada, members_space):
    from community.actions import threads

    thread = make.thread(members_space, ada, tags=["cyber"])
    threads.edit(actor=ada, thread=thread, title=thread.title, tags=["legacy"])
    assert listed(as_(ada), "cyber") is None
    assert listed(as_(ada), "legacy") == [thread.title]


def test_many_pages_of_a_tag(as_, ada, members_space, settings):
    settings.THREADS_PER_PAGE = 2
    for number in range(3):
        make.thread(members_space, ada, f"Thread number {number}", tags=["cyber"])
    client = as_(ada)
    assert len(client.get("/community/tags/cyber/").context["threads"]) == 2
    assert len(client.get("/community/tags/cyber/?page=2").context["threads"]) == 1
    assert client.get("/community/tags/cyber/?page=3").status_code == 404


def test_a_tag_is_found_however_its_letters_are_written(as_, ada, members_space):
    make.thread(members_space, ada, tags=["cyber"])
    assert as_(ada).get("/community/tags/Cyber/").url == "/community/tags/cyber/"
    assert as_(ada).get("/community/tags/Cyber/", follow=True).status_code == 200

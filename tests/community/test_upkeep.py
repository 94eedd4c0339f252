"""The operator's commands: counting again what is counted, and rendering again what was rendered."""

from io import StringIO

import pytest
from django.core.management import call_command

from community.actions import upkeep
from community.models import Post, SpaceStatistics, Thread
from tests import make

pytestmark = pytest.mark.django_db


def run(command, *arguments) -> list[str]:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def threads(ada, ben, members_space, officers_space):
    """Two threads of two posts each, in the members' space, and one of one post in the officers'."""
    made = [make.thread(members_space, ada, title) for title in ("The first of two", "The second of two")]
    for thread in made:
        make.reply(thread, ben)
    return [*made, make.thread(officers_space, ada, "Another space's thread")]


def counters() -> list:
    of_threads = Thread.objects.order_by("pk").values_list("pk", "post_count", "version")
    of_spaces = SpaceStatistics.objects.order_by("space").values_list(
        "space", "thread_count", "post_count", "latest_thread"
    )
    return [*of_threads, *of_spaces]


def test_when_all_is_right_nothing_is_said_or_changed(threads, cleo):
    before = counters()
    assert run("recount") == run("recount", "--fix") == ["Every counter is right."]
    assert counters() == before


@pytest.mark.parametrize(
    ("wrong", "sentences"),
    [
        ({"post_count": 7}, ["Thread {0} says 7 posts and has 2.", "Thread {1} says 7 posts and has 2."]),
        (
            {"version": 1},
            [f"Thread {{{n}}} is at version 1 and has a post of version 2." for n in (0, 1)],
        ),
    ],
)
def test_wrong_counters_of_threads_are_named_and_put_right(threads, wrong, sentences):
    before = counters()
    Thread.objects.filter(pk__in=[thread.pk for thread in threads[:2]]).update(**wrong)
    named = [sentence.format(*(thread.pk for thread in threads)) for sentence in sentences]
    assert run("recount") == [*named, "2 differ. `manage.py recount --fix` corrects them."]
    assert counters() != before
    assert run("recount", "--fix") == [*named, "2 corrected, where a counter can be."]
    assert counters() == before


def test_a_gap_between_posts_is_for_a_person_to_look_at(threads):
    Post.objects.filter(thread=threads[0], number=2).update(number=4)
    for arguments in ([], ["--fix"]):
        named = run("recount", *arguments)[0]
        assert named == f"Thread {threads[0].pk} has 2 posts numbered up to 4: look at it by hand."
    assert Thread.objects.get(pk=threads[0].pk).post_count == 2


def test_wrong_counters_of_a_space_are_named_and_put_right(threads, members_space, officers_space):
    before = counters()
    SpaceStatistics.objects.filter(space=members_space).update(thread_count=5, post_count=9, latest_thread=threads[0])
    named = [
        "Space “AI and assistants” says thread_count 5; it is 2.",
        "Space “AI and assistants” says post_count 9; it is 4.",
        "Space “AI and assistants” says latest_thread The first of two; it is The second of two.",
    ]
    assert run("recount")[:-1] == named
    assert counters() != before
    assert run("recount", "--fix")[:-1] == named
    assert counters() == before


def test_a_space_that_has_lost_its_counters_gets_them_back(threads, officers_space):
    before = counters()
    SpaceStatistics.objects.filter(space=officers_space).delete()
    assert len(run("recount", "--fix")) == 4
    assert counters() == before


def written() -> list:
    return list(Post.objects.order_by("pk").values_list("pk", "html", "text", "version"))


@pytest.mark.parametrize("batch", [1, 500])
def test_posts_are_rendered_with_the_rules_of_today(threads, ada, ben, monkeypatch, batch):
    monkeypatch.setattr(upkeep, "BATCH", batch)
    make.reply(threads[0], ben, "**Thank you**, @ada-okafor.")
    before = written()
    Post.objects.filter(thread=threads[0]).update(html="<p>The rules of then.</p>", text="The rules of then.")
    assert run("render_posts") == ["Done: 3 posts changed."]
    assert written() == before
    assert run("render_posts") == ["Done: 0 posts changed."]


def test_rendering_goes_on_after_a_post(threads):
    Post.objects.update(html="<p>The rules of then.</p>")
    ids = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    assert run("render_posts", "--after", str(ids[2])) == [f"Done: {len(ids) - 3} posts changed."]
    assert set(Post.objects.filter(html="<p>The rules of then.</p>").values_list("pk", flat=True)) == set(ids[:3])


def test_a_post_that_could_not_be_written_today_stays_as_it_was(threads):
    first, second = Post.objects.order_by("pk")[:2]
    Post.objects.filter(pk=first.pk).update(source="&" * 20_000, html="<p>The rules of then.</p>")
    Post.objects.filter(pk=second.pk).update(html="<p>The rules of then.</p>")
    assert run("render_posts") == ["Done: 1 posts changed."]
    first.refresh_from_db()
    assert first.html == "<p>The rules of then.</p>"

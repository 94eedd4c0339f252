"""/search/: finds by words, shows nobody more than they may read, and is not upset by anything."""

import html
import re

import pytest
from wagtail.models import Page

from cdoforum.models import ContentPage, HomePage
from community import search
from community.actions import posts, threads
from community.models import SpacePage
from lib import search_words
from tests import make
from tests.parsed import dangers

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(members_space, ada):
    return make.thread(members_space, ada, "What the archive cost us", "We migrated our archives to a cheaper store.")


@pytest.fixture(autouse=True)
def any_pace(settings):
    settings.POSTS_PER_MINUTE = 1_000


def find(client, q, **more):
    response = client.get("/search/", {"q": q} | more)
    assert response.status_code == 200
    return response


def count(client, q) -> int:
    return find(client, q).context["results"].count


# --- Words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("q", "is_found"), [
    ("archive", True), ("ARCHIVES", True), ("migrating", True), ("migrate", True), ("cheaper store", True),
    ("store cheaper", True), ("cost", True), ("cathedral", False), ("archive cathedral", False), ("chiv", False),
])  # fmt: skip
def test_every_word_has_to_be_there_in_any_form(q, is_found, as_, ada, archive):
    assert count(as_(ada), q) == (1 if is_found else 0)


@pytest.mark.parametrize("q", [
    "", " ", "-", '"', '""', "(", ")", "((((", "*", "a*", "AND", "OR", "NOT", "archive AND",
    "archive OR cathedral", "NEAR(a b)",
    '"archive', 'arch"ive', "title:archive", "{title} : x", "^archive", "archive -cost", "archive & cost",
    "archive | !cost",
    "archive:*", "<->", "'", "''", "\\", "%", "_", ";", "--", "/*", "\x00", "a\x00b", "' OR 1=1 --",
    "x" * 10_000, "word " * 500,
    "日本語", "🏛️", "\u202e", "é", "archive's", "o’brien", "C++", "G-Cloud 14", "&amp;", "\ufffd",
    "<script>alert(1)</script>",
    "\u0130", "ﬁ", "1", "0x00", "+", "~", "@ada", "#tag", "archive,cost", "[archive]",
])  # fmt: skip
def test_no_sign_upsets_it(q, as_, ada, archive):
    response = find(as_(ada), q)
    assert dangers(response.content.decode()) == []


@pytest.mark.parametrize(
    "q", ['"archive"', "archive -cost", "(archive)", "archive*", "title:archive cost", "archive & cost"]
)
def test_signs_are_only_separators(q, as_, ada, members_space):
    make.thread(members_space, ada, "The title of the archive cost", "Archive cost.")
    assert count(as_(ada), q) == 1


@pytest.mark.parametrize("page", ["0", "-1", "abc", "²", "9" * 40, "99", "\x00"])
def test_no_page_number_upsets_it(page, as_, ada, archive):
    results = find(as_(ada), "archive", page=page).context["results"]
    assert (results.count, len(results.found), results.page.number) == (1, 1, 1)


def test_what_was_typed_stays_in_the_field(as_, ada):
    page = find(as_(ada), 'a "quoted" <word> & more').content.decode()
    assert 'a "quoted" <word> & more' in html.unescape(page)
    assert "<word>" not in page


def test_an_empty_search_says_what_is_searched(client):
    assert "You search in what you can read" in find(client, "").content.decode()


def test_nothing_found_says_what_to_do(client):
    assert "Try fewer or other words" in find(client, "cathedral").content.decode()


# --- What is shown ---------------------------------------------------------------------------------


def test_matches_are_marked_and_what_people_wrote_is_escaped(as_, ada, members_space):
    make.thread(
        members_space, ada, "A <b>bold</b> archive title", "Try `<script>alert(1)</script>` in our archive & more"
    )
    (result,) = find(as_(ada), "archive").context["results"].found
    assert result.title == "A &lt;b&gt;bold&lt;/b&gt; <mark>archive</mark> title"
    assert result.excerpt == "Try &lt;script&gt;alert(1)&lt;/script&gt; in our <mark>archive</mark> &amp; more"
    assert dangers(find(as_(ada), "archive").content.decode()) == []


def test_a_tag_that_matches_is_marked(as_, ada, members_space):
    make.thread(members_space, ada, "What it cost us", "Less than before.", tags=["shared-services", "cyber"])
    page = find(as_(ada), "services").content.decode()
    assert ">shared-<mark>services</mark></a>" in page and ">cyber</a>" in page


def test_some_words_may_stand_in_the_title_and_some_in_the_first_post(as_, ada, members_space):
    thread = make.thread(members_space, ada, "Leaving the zebra behind", "It took us a quarter.")
    make.reply(thread, ada, "And a giraffe.")
    results = find(as_(ada), "zebra quarter").context["results"]
    assert [(result.post.thread, result.post.number) for result in results.found] == [(thread, 1)]
    assert find(as_(ada), "zebra giraffe").context["results"].count == 0


def test_small_words_are_no_obstacle(as_, ada, members_space):
    make.thread(members_space, ada, "Leaving a zebra behind", "It took us long.")
    assert find(as_(ada), "what about the zebra").context["results"].count == 1


def test_what_matches_elsewhere_is_marked_too(as_, ada, elsewhere):
    make.event("A <i>cathedral</i> & more", open_to="everyone")
    page = find(as_(ada), "Cathedral").content.decode()
    assert "Our <mark>cathedral</mark> promise" in page
    assert "A <mark>cathedral</mark> round table" in page
    assert "A &lt;i&gt;<mark>cathedral</mark>&lt;/i&gt; &amp; more" in page


def test_an_excerpt_says_where_it_was_cut(as_, ada, members_space):
    make.thread(members_space, ada, "What we kept", f"{'before ' * 60}our archive{' after' * 60}")
    (result,) = find(as_(ada), "archive").context["results"].found
    assert result.excerpt.startswith("…before") and result.excerpt.endswith("after…")
    assert "our <mark>archive</mark> after" in result.excerpt


def test_the_marks_of_the_index_can_not_be_forged(as_, ada, members_space):
    make.thread(members_space, ada, "An \x02archive\x03 of ours", "Our \x02\x02archive\x03 has \x02 signs.")
    (result,) = find(as_(ada), "signs").context["results"].found
    for shown in (result.title, result.excerpt):
        assert shown.count("<mark>") == shown.count("</mark>") and "\x02" not in shown


def test_a_result_leads_to_its_post(as_, ada, ben, archive, settings):
    settings.POSTS_PER_PAGE = 2
    for _ in range(2):
        make.reply(archive, ben, "Nothing of that.")
    make.reply(archive, ben, "Our cathedral was dearer.")
    (result,) = find(as_(ada), "cathedral").context["results"].found
    assert result.url == f"{archive.get_absolute_url()}?page=2#post-4"


def test_a_title_counts_more_than_a_text(as_, ada, members_space):
    make.thread(
        members_space, ada, "Something quite different", "One word on the cathedral, among many others that matter."
    )
    make.thread(members_space, ada, "The cathedral and its digital team", "We want to know.")
    found = find(as_(ada), "cathedral").context["results"].found
    assert found[0].post.thread.title == "The cathedral and its digital team"


def test_many_results_come_on_pages(as_, ada, archive):
    for number in range(search.PER_PAGE + 3):
        make.reply(archive, ada, f"Cathedral number {number}", now=archive.created_at)
    first, second = (find(as_(ada), "cathedral", page=page).context["results"] for page in (1, 2))
    assert (first.count, first.page.last, len(first.found), len(second.found)) == (
        search.PER_PAGE + 3,
        2,
        search.PER_PAGE,
        3,
    )
    assert not {result.post.pk for result in first.found} & {result.post.pk for result in second.found}


# --- Access ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "expected"), [
    (None, 1), ("cleo", 2), ("sal", 2), ("eve", 2), ("ada", 3), ("ben", 4), ("mo", 4),
])  # fmt: skip
def test_only_what_one_may_read_is_found_and_counted(
    who, expected, as_, request, mo, open_space, members_space, officers_space, group_space
):
    for space in (open_space, members_space, officers_space, group_space):
        make.thread(space, mo, f"Cathedral of {space.title}", f"The cathedral of {space.title}.")
    results = find(as_(request.getfixturevalue(who) if who else None), "cathedral").context["results"]
    assert results.count == len(results.found) == expected


def test_what_one_may_not_read_does_not_push_away_what_one_may(as_, sal, mo, open_space, officers_space):
    """The one readable match stands behind more unreadable ones than a page, or the ranking, takes."""
    make.thread(open_space, mo, "The oldest thread of all", "A cathedral.")
    thread = make.thread(officers_space, mo, "Cathedral cathedral cathedral", "Cathedral cathedral cathedral.")
    for _ in range(search.PER_PAGE + 5):
        make.reply(thread, mo, "Cathedral cathedral cathedral cathedral.", now=thread.created_at)
    results = find(as_(sal), "cathedral").context["results"]
    assert (results.count, [result.post.thread.title for result in results.found]) == (1, ["The oldest thread of all"])


def test_an_unpublished_space_is_not_found(as_, ada, archive, members_space):
    SpacePage.objects.filter(pk=members_space.pk).update(live=False)
    assert count(as_(ada), "archive") == 0


def test_a_visitor_where_nothing_is_open_finds_nothing(client, archive):
    assert count(client, "archive") == 0


# --- What changes ----------------------------------------------------------------------------------


def test_an_edited_post_is_found_by_its_new_words_only(as_, ada, archive):
    post = make.reply(archive, ada, "We chose a cathedral.")
    posts.edit(actor=ada, post=post, source="We chose a chapel.")
    assert (count(as_(ada), "cathedral"), count(as_(ada), "chapel")) == (0, 1)


def test_a_deleted_post_is_not_found(as_, ada, archive):
    post = make.reply(archive, ada, "We chose a cathedral.")
    posts.delete(actor=ada, post=post)
    assert count(as_(ada), "cathedral") == 0


def test_a_deleted_first_post_leaves_the_title_only(as_, ada, archive):
    posts.delete(actor=ada, post=archive.posts.get())
    (result,) = find(as_(ada), "archive").context["results"].found
    assert "migrated" not in result.excerpt
    assert count(as_(ada), "migrated") == 0


def test_a_changed_title_is_found_by_its_new_words_only(as_, ada, members_space):
    thread = make.thread(members_space, ada, "What the cathedral cost us")
    threads.edit(actor=ada, thread=thread, title="What the chapel cost us", tags=[])
    assert (count(as_(ada), "cathedral"), count(as_(ada), "chapel")) == (0, 1)


def test_a_thread_is_found_by_its_tags(as_, ada, members_space):
    thread = make.thread(
        members_space, ada, "What the archive cost us", "We moved.", tags=["shared-services", "legacy"]
    )
    make.reply(thread, ada, "Nothing to add.")
    for q in ("legacy", "legacies", "shared-services", "services archive", "legacy moved"):
        assert count(as_(ada), q) == 1, q
    threads.edit(actor=ada, thread=thread, title=thread.title, tags=["cyber"])
    assert (count(as_(ada), "legacy"), count(as_(ada), "cyber")) == (0, 1)


# --- Pages, events, suppliers ----------------------------------------------------------------------


@pytest.fixture
def elsewhere(sal, eve):
    page = ContentPage(title="Our cathedral promise", slug="promise", introduction="How we stay neutral.")
    HomePage.objects.get().add_child(instance=page)
    make.event("A cathedral round table", open_to="everyone")
    make.event("A cathedral for officers only", open_to="officers")
    make.supplier_listing(
        sal, strapline="Cathedral software.", description="We make software for every cathedral in the land."
    )
    return page


def also_found(client, q) -> dict[str, list[str]]:
    context = find(client, q).context
    return {
        "events": sorted(event.title for event in context["events"]),
        "suppliers": [str(supplier) for supplier in context["suppliers"]],
        "spaces": [space.title for space in context["spaces"]],
        "pages": [page.title for page in context["content_pages"]],
    }


def test_pages_events_and_suppliers_are_found_too(as_, ada, elsewhere):
    found = also_found(as_(ada), "cathedral")
    assert found["pages"] == ["Our cathedral promise"]
    assert found["events"] == ["A cathedral for officers only", "A cathedral round table"]
    assert len(found["suppliers"]) == 1


def test_events_that_one_may_not_see_are_not_found(as_, sal, elsewhere):
    for client in (as_(sal), as_(None)):
        assert also_found(client, "cathedral")["events"] == ["A cathedral round table"]


def test_spaces_are_found_by_name_by_who_may_read_them(as_, ada, sal, officers_space, open_space):
    officers_space.title, open_space.title = "Cathedral officers", "Open cathedrals"
    officers_space.save()
    open_space.save()
    assert sorted(also_found(as_(ada), "Cathedral")["spaces"]) == ["Cathedral officers", "Open cathedrals"]
    assert also_found(as_(ada), "cathedral officers")["spaces"] == ["Cathedral officers"]
    for client in (as_(sal), as_(None)):
        assert also_found(client, "cathedral")["spaces"] == ["Open cathedrals"]


def test_unpublished_and_private_pages_are_not_found(client, elsewhere):
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=Page.objects.get(pk=elsewhere.pk), restriction_type="login")
    assert also_found(client, "cathedral")["pages"] == []
    PageViewRestriction.objects.all().delete()
    ContentPage.objects.get().unpublish()
    assert also_found(client, "cathedral")["pages"] == []


def test_the_words_are_taken_apart_as_people_mean_them():
    assert search_words.words_of("Don’t stop: G-Cloud 14, naïve_test (x)") == [
        "don’t",
        "stop",
        "g",
        "cloud",
        "14",
        "naïve",
        "test",
        "x",
    ]
    assert search_words.words_of("a " * 50) == ["a"] * search_words.MAX_WORDS
    assert search_words.words_of("\"'()*-") == []


def test_results_cost_few_queries(as_, ada, archive, django_assert_max_num_queries):
    for number in range(12):
        make.reply(archive, ada, f"Cathedral number {number}", now=archive.created_at)
    client = as_(ada)
    find(client, "cathedral")
    with django_assert_max_num_queries(12):
        find(client, "cathedral")


def test_nothing_of_the_results_is_html_of_people(as_, ada, members_space):
    make.thread(members_space, ada, "Cathedral <img src=x onerror=alert(1)>", "<iframe src=//x></iframe> cathedral")
    page = find(as_(ada), "cathedral").content.decode()
    assert not re.search(r"<(img src=x|iframe)", page)

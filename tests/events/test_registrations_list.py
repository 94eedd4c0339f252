"""Editors see who is coming, in the CMS and in a spreadsheet."""

import csv
import io

import pytest

from events.actions import registrations
from events.cms.registrations import neutral
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(ada, ben, cleo):
    """One place: Ada has it, Ben waits; Cleo gave one back."""
    event = make.event(capacity=1)
    make.registration(event, cleo)
    registrations.cancel(actor=cleo, event=event)
    make.registration(event, ada)
    make.registration(event, ben)
    return event


def test_the_list_shows_who_comes_who_waits_and_who_cancelled(event, eve, as_):
    words = as_(eve).get(f"/cms/events/{event.pk}/registrations/").content.decode()
    order = [words.index(name) for name in ["Ada Okafor", "Ben Hartley", "Cleo Marsh"]]
    assert order == sorted(order)
    assert "Chief Digital Officer, Camden" in words and "1 of 1" in words
    assert "ada@camden.example" not in words


def test_the_spreadsheet(event, eve, as_):
    response = as_(eve).get(f"/cms/events/{event.pk}/registrations.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8" and "no-store" in response["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["Name"], row["Registration"]) for row in rows] == [
        ("Ada Okafor", "Registered"),
        ("Ben Hartley", "On the waiting list"),
        ("Cleo Marsh", "Cancelled"),
    ]
    assert "@" not in response.content.decode()


def test_each_event_has_its_own_list(event, eve, as_):
    other = make.event("Another")
    page = as_(eve).get(f"/cms/events/{other.pk}/registrations/").content.decode()
    assert "Registrations for Another" in page and "Ada Okafor" not in page


def test_a_name_is_no_formula(ada, eve, as_):
    type(ada).objects.filter(pk=ada.pk).update(name='=HYPERLINK("https://evil.example")', job_title="+1")
    event = make.event()
    make.registration(event, ada)
    content = as_(eve).get(f"/cms/events/{event.pk}/registrations.csv").content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(content)))[1]
    assert row[0].startswith("'=HYPERLINK") and row[1].startswith("'+1")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_formulas_are_neutralised(cell):
    assert neutral(cell) == f"'{cell}"


def test_other_words_stay_as_they_are():
    assert neutral("Ada Okafor") == "Ada Okafor" and neutral("") == ""


@pytest.mark.parametrize("role", ["ada", "cleo", "sal", "mo", None])
@pytest.mark.parametrize("what", ["registrations/", "registrations.csv", "cancel/"])
def test_nobody_else_sees_them(event, role, what, request, as_):
    response = as_(request.getfixturevalue(role) if role else None).get(f"/cms/events/{event.pk}/{what}")
    assert response.status_code in {302, 403, 404}
    assert "Ben Hartley" not in response.content.decode()


def test_an_event_that_is_not_there(eve, as_):
    for what in ["registrations/", "registrations.csv", "cancel/"]:
        assert as_(eve).get(f"/cms/events/9999/{what}").status_code == 404


def test_the_ways_to_it(event, eve, as_):
    editor, address = as_(eve), f"/cms/events/{event.pk}/registrations/"
    for page in [
        f"/cms/pages/{event.get_parent().pk}/",
        f"/cms/pages/{event.pk}/edit/",
        "/cms/",
        event.get_absolute_url(),
    ]:
        assert address in editor.get(page).content.decode(), page
    assert f"/cms/events/{event.pk}/cancel/" in editor.get(f"/cms/pages/{event.pk}/edit/").content.decode()


def test_the_first_page_of_the_cms_says_how_full_events_are(event, eve, as_):
    words = as_(eve).get("/cms/").content.decode()
    assert "Coming events" in words and event.title in words and "1 of 1" in words


def test_the_list_costs_the_same_for_few_and_many(eve, as_, django_assert_max_num_queries):
    event, editor, address = make.event(), as_(eve), "/cms/events/{}/registrations/"
    editor.get(address.format(event.pk))
    for _ in range(15):
        make.registration(event, make.officer())
    with django_assert_max_num_queries(25):
        editor.get(address.format(event.pk))


def test_a_moderator_sees_the_link_to_join_but_no_way_to_the_list(event, mo, as_):
    words = as_(mo).get(event.get_absolute_url()).content.decode()
    assert make.JOINING_URL in words and "registrations" not in words

"""Finding suppliers and officers: neutral order, filters with counts, search."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from directory.presenters.facets import Row, narrow
from directory.queries import listings, search_suppliers
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def suppliers(db):
    companies = {
        "Tidefield": {"people": 18, "topics": ["forms", "open-source"], "strapline": "Open-source forms."},
        "North Quay": {"people": 44, "topics": ["social-care"], "frameworks": ["G-Cloud 14", "Vertical"]},
        "Cantref": {"people": 7, "topics": ["welsh-language", "forms"], "frameworks": []},
        "Loomstead": {
            "people": 310,
            "topics": ["finance"],
            "description": "Ledgers and purchasing, O'Brien & Sons' way.",
        },
    }
    return {
        name: make.supplier_listing(make.supplier_member(f"Seller of {name}", company=name), **text)
        for name, text in companies.items()
    }


def names(html: str, among) -> list[str]:
    """In the order in which they stand on the page."""
    found = [(html.find(f"{name}</a>"), name) for name in among]
    return [name for place, name in sorted(found) if place >= 0]


def test_the_order_is_the_published_rule_and_changes_with_the_day(suppliers, as_):
    today = date(2026, 11, 23)
    for day in (today, today + timedelta(days=1)):
        found = [card.name for card in listings.suppliers(None_viewer(), chosen=nothing(), day=day).page.rows]
        slugs = {name: listing.supplier.slug for name, listing in suppliers.items()}
        assert found == sorted(
            suppliers, key=lambda name: sha256(f"{day.isoformat()}:{slugs[name]}".encode()).hexdigest()
        )
    orders = {
        tuple(
            card.name
            for card in listings.suppliers(None_viewer(), chosen=nothing(), day=today + timedelta(days=n)).page.rows
        )
        for n in range(10)
    }
    assert len(orders) > 3
    assert "sha256sum" in as_(None).get("/directory/").content.decode()


def test_a_filter_says_what_it_counts(suppliers, as_, ada, ben):
    make.officer_listing(ada)
    for address, words in (("/directory/", "1 supplier"), ("/directory/officers/", "1 officer")):
        page = as_(ben).get(address).content.decode().replace('<span class="visually-hidden">', "")
        assert f"<span>{words}</span>" in page and "listings</span>" not in page


def None_viewer():
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def nothing():
    return {name: set() for name in listings.SUPPLIER_GROUPS}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Tidefield", "North Quay", "Cantref", "Loomstead"}),
        ("?topic=forms", {"Tidefield", "Cantref"}),
        ("?topic=forms&topic=finance", {"Tidefield", "Cantref", "Loomstead"}),
        ("?topic=forms&size=micro", {"Cantref"}),
        ("?size=small", {"Tidefield", "North Quay"}),
        ("?framework=Vertical", {"North Quay"}),
        ("?q=ledgers", {"Loomstead"}),
        ("?q=tidefield", {"Tidefield"}),
        ("?q=forms", {"Tidefield", "Cantref"}),
        ("?q=forms&size=micro", {"Cantref"}),
        ("?q=O'Brien+%26+-Sons", {"Loomstead"}),
        ("?q=%22%28%29-*", {"Tidefield", "North Quay", "Cantref", "Loomstead"}),
        ("?q=AND+OR+NOT", set()),
        ("?topic=nonsense", set()),
    ],
)
def test_narrowing(query, expected, suppliers, as_):
    page = as_(None).get(f"/directory/{query}").content.decode()
    assert set(names(page, suppliers)) == expected
    assert f"{len(expected)} supplier" in page
    if not expected:
        assert "No supplier fits" in page


def test_counts_say_what_one_would_see():
    rows = [
        Row(1, "a", {"topic": frozenset({"x", "y"}), "size": frozenset({"s"})}),
        Row(2, "b", {"topic": frozenset({"x"}), "size": frozenset({"m"})}),
        Row(3, "c", {"topic": frozenset({"z"}), "size": frozenset({"m"})}),
    ]
    groups = {"topic": "Topic", "size": "Size"}
    chosen = {"topic": {"x"}, "size": {"m"}}
    found, counted = narrow(rows, groups, chosen, {})
    assert [row.pk for row in found] == [2]
    counts = {(group.name, option.value): option.count for group in counted for option in group.options}
    assert counts == {("topic", "x"): 1, ("topic", "y"): 0, ("topic", "z"): 1, ("size", "s"): 1, ("size", "m"): 1}
    for (name, value), count in counts.items():
        alone, _ = narrow(rows, groups, chosen | {name: {value}}, {})
        assert len(alone) == count


def test_a_long_list_of_topics_is_folded(suppliers, as_):
    for number in range(12):
        make.supplier_listing(make.supplier_member(company=f"Company {number}"), topics=[f"topic-{number}"])
    page = as_(None).get("/directory/?topic=topic-11").content.decode()
    assert " more</summary>" in page and 'value="topic-11" checked' in page


def test_the_forums_search_finds_listings(suppliers, as_, sal):
    make.supplier_listing(sal, status="submitted", strapline="Ledgers nobody may see yet.")
    assert [listing.name for listing in search_suppliers(None_viewer(), "ledgers")] == ["Loomstead"]
    assert list(search_suppliers(None_viewer(), '"-(')) == []
    assert "Loomstead" in as_(None).get("/search/?q=ledgers").content.decode()


def test_pages_of_a_long_list(as_, sal):
    for number in range(25):
        make.officer_listing(make.officer(f"Officer {number}", council=f"Council {number}"))
    first, second = (as_(sal).get(f"/directory/officers/?page={page}").content.decode() for page in (1, 2))
    seen = [{number for number in range(25) if f"Council {number}<" in page} for page in (first, second)]
    assert len(seen[0]) == 20 and len(seen[1]) == 5 and not seen[0] & seen[1]


def test_officers_by_region_kind_and_topic(as_, sal):
    leeds = make.organisation("Leeds", region="Yorkshire", authority_type="Metropolitan district")
    make.officer_listing(make.member("Ben Hartley", standing="officer", organisation=leeds), topics=["websites"])
    make.officer_listing(make.officer("Ada Okafor", council="Camden"))
    for query in ("?region=Yorkshire", "?kind=Metropolitan district", "?topic=websites"):
        page = as_(sal).get(f"/directory/officers/{query}").content.decode()
        assert "1 officer<" in page and "Leeds" in page and "Camden" not in page


def test_an_empty_directory_says_so(as_, sal, ada):
    assert "No suppliers yet" in as_(None).get("/directory/").content.decode()
    assert "Nobody is here yet" in as_(sal).get("/directory/officers/").content.decode()
    assert "Be the first" in as_(ada).get("/directory/officers/").content.decode()


def test_visitors_are_not_shown_the_way_to_officers(as_, cleo, sal):
    for reader, shown in ((None, False), (cleo, False), (sal, True)):
        assert ('href="/directory/officers/"' in as_(reader).get("/directory/").content.decode()) is shown

"""What machines look for at fixed addresses tells of nothing that a visitor may not read."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests import make

pytestmark = pytest.mark.django_db


def addresses(client) -> set[str]:
    """All that the sitemap names, by following its index."""
    return {place for section in places(client, "/sitemap.xml") for place in places(client, section)}


def places(client, path: str) -> set[str]:
    found = ElementTree.fromstring(client.get(path).content).findall(".//{*}loc")
    return {urlsplit(place.text).path for place in found}


@pytest.mark.parametrize("who", [None, "ada", "mo"])
def test_the_sitemap_names_what_a_visitor_may_read_whoever_asks(who, request, as_, client, ada, ben, sal, mo):
    spaces = {audience: make.space(f"For {audience}", audience=audience) for audience in ["everyone", "officers"]}
    spaces["group"] = make.space("For a group", audience="group", invited=[ada])
    threads = {audience: make.thread(space, ada) for audience, space in spaces.items()}
    events = {to: make.event(f"An event for {to}", open_to=to) for to in ["everyone", "members"]}
    listing = make.supplier_listing(sal)
    named = addresses(as_(who and request.getfixturevalue(who)))
    assert {
        threads["everyone"].get_absolute_url(),
        spaces["everyone"].get_absolute_url(),
        events["everyone"].get_absolute_url(),
        listing.get_absolute_url(),
    } <= named
    assert not named & {
        threads["officers"].get_absolute_url(),
        threads["group"].get_absolute_url(),
        spaces["officers"].get_absolute_url(),
        events["members"].get_absolute_url(),
    }
    assert all(client.get(address).status_code == 200 for address in named)


def test_robots_are_told_what_to_leave_and_where_the_sitemap_is(client):
    said = client.get("/robots.txt")
    assert said["Content-Type"].startswith("text/plain")
    lines = said.content.decode().splitlines()
    assert "Disallow: /accounts/" in lines and "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines
    assert not any(line in {"Disallow: /", "Disallow: /community/"} for line in lines)


def test_a_password_manager_finds_where_a_password_is_changed(client):
    assert client.get("/.well-known/change-password")["Location"] == "/accounts/password/change/"


def test_the_icon_is_found_without_a_page(client):
    assert client.get(client.get("/favicon.ico")["Location"]).status_code == 200


def test_where_to_report_a_hole_is_said_once_the_operator_has_named_it(client, settings):
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = "mailto:security@council.example"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    said = dict(line.split(": ", 1) for line in lines)
    assert said["Contact"] == "mailto:security@council.example"
    left = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)

"""/: the home page."""

import pytest

from cdoforum.models import HomePage
from tests import make

pytestmark = pytest.mark.django_db


def test_the_home_page_is_what_editors_published(client):
    page = HomePage.objects.get()
    page.heading = "A heading of ours"
    page.save_revision()
    assert "A heading of ours" not in client.get("/").content.decode()
    page.save_revision().publish()
    assert "A heading of ours" in client.get("/").content.decode()


@pytest.mark.parametrize("role", [None, "ada", "eve", "admin"])
def test_an_unpublished_home_page_is_absent_for_everyone(role, request, as_):
    HomePage.objects.get().unpublish()
    assert as_(role and request.getfixturevalue(role)).get("/").status_code == 404


def test_it_shows_what_waits_for_this_officers_answer(ada, ben, sal, mo, as_):
    make.introduction(sal, ada, status="forwarded")
    make.introduction(sal, ben)  # which no moderator has forwarded yet
    words = "BrightWave asks for an introduction"
    assert words in as_(ada).get("/").content.decode()
    for member in [None, ben, sal, mo]:
        assert words not in as_(member).get("/").content.decode()

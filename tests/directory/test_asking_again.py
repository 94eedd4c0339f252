"""Until when nobody is asked again: to the day, between these two, and only after an answer."""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from directory.actions import introductions as actions
from directory.actions import listings, officer_listings
from lib.access import Denied
from tests import make

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
FORM = {"purpose": "Case work", "message": "Could you show us?"}


def rival():
    member = make.supplier_member("Robin Rival", company="Quillhouse")
    make.supplier_listing(member)
    return member


def at(introduction, moment):
    """As though it had been answered at this moment."""
    type(introduction).objects.filter(pk=introduction.pk).update(moved_at=moment)


@pytest.mark.parametrize(
    ("status", "first_day"),
    [
        ("accepted", (2027, 3, 11)),
        ("declined", (2027, 3, 11)),
        ("not_now", (2026, 9, 10)),
        ("expired", (2026, 6, 11)),
    ],
)
def test_the_day_that_is_said_is_the_first_on_which_one_may_ask(status, first_day, sal, ada, as_):
    introduction = make.introduction(sal, ada, status=status)
    at(introduction, datetime(2026, 3, 10, 15, tzinfo=LONDON))
    day = datetime(*first_day, tzinfo=LONDON)
    with pytest.raises(Denied, match=rf"You can ask again from {day.day} {day:%B %Y}\."):
        make.introduction(sal, ada, now=day - timedelta(minutes=1))
    if status != "accepted":
        said = f"BrightWave can ask this officer again from {day.day} {day:%B %Y}."
        assert said in as_(sal).get(f"/introductions/{introduction.pk}/").content.decode()
    assert make.introduction(sal, ada, now=day).status == "submitted"


def test_an_answer_is_between_these_two_alone(sal, ada, ben):
    make.introduction(sal, ada, status="declined")
    assert make.introduction(rival(), ada).status == "submitted"
    assert make.introduction(sal, ben).status == "submitted"


def test_so_is_a_request_that_is_under_way(sal, ada, ben):
    make.introduction(sal, ada)
    assert make.introduction(rival(), ada).status == "submitted"
    assert make.introduction(sal, ben).status == "submitted"


def test_what_an_officer_wrote_is_no_answer(as_, sal, ada):
    listing = make.supplier_listing(sal)
    letter = actions.ask_supplier(actor=ada, listing=listing, token=uuid.uuid4(), **FORM)
    assert "can ask this officer again" not in as_(sal).get(f"/introductions/{letter.pk}/").content.decode()
    assert make.introduction(sal, ada).status == "submitted"


def test_an_officer_may_write_after_a_month_and_others_at_once(sal, ada, ben):
    listing, now = make.supplier_listing(sal), timezone.now()

    def write(officer, **when):
        return actions.ask_supplier(
            actor=officer, listing=listing, token=uuid.uuid4(), now=now + timedelta(**when), **FORM
        )

    write(ada, days=0)
    assert write(ben, days=0).officer == ben
    with pytest.raises(Denied, match="You wrote to BrightWave on"):
        write(ada, days=29, hours=23)
    assert write(ada, days=30).officer == ada


def test_who_was_asked_lately_may_still_write(sal, ada):
    asked = make.introduction(sal, ada, status="declined")
    assert actions.ask_supplier(actor=ada, listing=asked.supplier.listing, token=uuid.uuid4(), **FORM).officer == ada


def stops_taking_requests(sal, ada):
    make.officer_listing(ada, accepts=False)


GONE_SINCE = {
    "the supplier took its listing out": (lambda sal, ada: listings.withdraw(actor=sal), "approved its listing"),
    "the officer left the directory": (lambda sal, ada: officer_listings.opt_out(actor=ada), "does not take requests"),
    "the officer takes no more requests": (stops_taking_requests, "does not take requests"),
}


@pytest.mark.parametrize("status", ["draft", "returned"])
@pytest.mark.parametrize("case", GONE_SINCE)
def test_what_was_written_before_is_not_sent_after(case, status, as_, sal, ada, mo):
    happens, said = GONE_SINCE[case]
    introduction = make.introduction(sal, ada, status=status)
    happens(sal, ada)
    response = as_(sal).post(f"/introductions/{introduction.pk}/submit/")
    assert response.status_code == 403 and said in response.content.decode()
    introduction.refresh_from_db()
    assert introduction.status == status

"""What editors type is cleaned as members' text is, so that every output can hold it."""

from xml.etree import ElementTree

import icalendar
import pytest

from events.models import EventPage
from tests.events import forms

pytestmark = pytest.mark.django_db

# A vertical tab, a character that is none, half of one's place, a zero-width space, and one that turns the text around.
UNWANTED = ["\x0b", "\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\u200b", "\u202e", "\u0085", "\ufeff"]


@pytest.mark.parametrize("unwanted", UNWANTED, ids=lambda one: f"U+{ord(one):04X}")
def test_no_field_of_an_event_keeps_what_an_output_can_not_hold(unwanted, as_, eve, client):
    typed = f"Round{unwanted} table{unwanted}"
    body = [("heading", typed), ("paragraph", forms.rich_text(f"<p>{typed}</p>"))]
    made = forms.create(
        as_(eve),
        title=typed, summary=typed, venue=typed, address=f"{typed}\nLeeds", attendance="both", seo_title=typed,
        search_description=typed, body=body,
    )  # fmt: skip
    event = EventPage.objects.get(pk=made.pk)
    stored = [event.title, event.summary, event.venue, event.address, event.seo_title, event.search_description]
    assert unwanted not in "".join([*stored, event.draft_title, str(event.body.render_as_block())])
    assert str(event.body.render_as_block()).count("Round table") == 2

    feed = client.get("/feeds/events/").content
    assert ElementTree.fromstring(feed).findtext(".//{*}entry/{*}title") == "Round table"
    calendar = client.get(f"/events/{event.slug}/event.ics").content
    assert icalendar.Calendar.from_ical(calendar).events[0]["SUMMARY"] == "Round table"
    assert client.get(f"/events/{event.slug}/").status_code == 200


def test_a_title_of_unseen_characters_is_none(as_, eve):
    response = as_(eve).post(forms.add_url(), forms.event_form(title="\u200b\u202e"))
    assert response.status_code == 200 and "blank" in str(forms.errors(response))
    assert not EventPage.objects.exists()


def test_letters_have_one_form(as_, eve):
    made = forms.create(as_(eve), title="Sia\u0302n and Y\u0302 Gweithdy")
    assert made.title == "Si\u00e2n and \u0176 Gweithdy"

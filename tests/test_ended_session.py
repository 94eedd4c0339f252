"""Whatever somebody was writing when their session ended is in its form again when they have signed in."""

import pytest

from tests import make, parsed

WORDS = "What took me half an hour to write."


@pytest.fixture
def thread(ada, officers_space):
    return make.thread(officers_space, ada)


@pytest.fixture
def forms(ada, sal, thread):
    """name → whose form, where, and the field with the long text"""
    introduction = make.introduction(sal, ada, status="forwarded")
    returned = make.introduction(sal, make.officer("Una Poe", council="Hull"), status="returned")
    other = make.officer_listing(make.officer("Vic Shaw", council="Fife"))
    return {
        "a new thread": (ada, "/community/officers-only/start/", "source"),
        "a reply": (ada, f"/threads/{thread.pk}/reply/", "source"),
        "a changed post": (ada, f"/posts/{thread.posts.get().pk}/edit/", "source"),
        "a request": (sal, f"/introductions/new/?officer={other.public_id}", "message"),
        "a request to a supplier": (ada, "/directory/suppliers/brightwave/ask/", "message"),
        "a returned request": (sal, f"/introductions/{returned.pk}/edit/", "message"),
        "a yes": (ada, f"/introductions/{introduction.pk}/accept/", "words"),
        "a no": (ada, f"/introductions/{introduction.pk}/decline/", "words"),
        "a not now": (ada, f"/introductions/{introduction.pk}/not-now/", "words"),
        "a supplier's listing": (sal, "/directory/listing/edit/", "description"),
        "an officer's listing": (ada, "/directory/my-listing/", "works_on"),
        "a profile": (ada, "/settings/profile/", "bio"),
    }


FORMS = [
    "a new thread",
    "a reply",
    "a changed post",
    "a request",
    "a request to a supplier",
    "a returned request",
    "a yes",
    "a no",
    "a not now",
    "a supplier's listing",
    "an officer's listing",
    "a profile",
]


@pytest.mark.parametrize("name", FORMS)
def test_the_text_waits(client, forms, name):
    member, address, field = forms[name]
    client.force_login(member)
    member.sessions.all().delete()
    refused = client.post(address, {field: WORDS})
    assert refused.status_code == 302
    assert refused["Location"].startswith("/accounts/login/?next=")

    signed_in = client.post(refused["Location"], {"login": member.email, "password": "forum-demo-2026"})
    page = client.get(signed_in["Location"].partition("#")[0], follow=True)
    assert page.status_code == 200
    assert page.context["form"][field].value() == WORDS

    again = client.get(page.request["PATH_INFO"], {"officer": address.rpartition("=")[2]})
    assert again.context["form"][field].value() != WORDS, "It is handed out once"


@pytest.mark.parametrize("name", FORMS)
def test_the_form_says_whose_it_is(client, forms, name):
    """So that what waits is given to nobody else: tests/members/test_held_for_one.py."""
    member, address, _ = forms[name]
    client.force_login(member)
    page = client.get(address.removesuffix("reply/"), follow=True).content.decode()
    assert {"type": "hidden", "name": "writer", "value": str(member.pk)} in [
        attributes for tag, attributes in parsed.elements(page) if tag == "input"
    ]

"""A form is sent for whoever it was made for, and not for whoever has signed in at the browser since then."""

import re
import uuid

import pytest
from django.test import Client

from community.models import Post, Thread
from directory.models import Introduction
from events.models import Registration
from tests import make

pytestmark = pytest.mark.django_db
WORDS = "We keep the record beside the model."


@pytest.fixture
def world(ada, ben, sal, mo, members_space):
    thread = make.thread(members_space, ada)
    listing = make.supplier_listing(sal)
    make.officer_listing(ada)
    make.event("A round table", slug="round-table")
    return {"thread": thread.pk, "post": thread.posts.get().pk, "supplier": listing.supplier.slug}


FORMS = [
    ("/community/ai-and-assistants/start/", "source"),
    ("/threads/{thread}/reply/", "source"),
    ("/threads/{thread}/edit/", "title"),
    ("/posts/{post}/edit/", "source"),
    ("/settings/profile/", "bio"),
    ("/directory/my-listing/", "works_on"),
    ("/directory/suppliers/{supplier}/ask/", "message"),
    ("/events/round-table/register/", "note"),
]


@pytest.mark.parametrize(("address", "field"), FORMS)
def test_a_form_of_ada_that_ben_sends_is_refused_and_its_text_is_shown(address, field, world, as_, ada, ben):
    before = _state()
    typed = {field: WORDS, "token": uuid.uuid4(), "writer": ada.pk, "password": "never shown"}
    response = as_(ben).post(address.format(**world), typed)
    page = response.content.decode()
    assert response.status_code == 403
    assert "signed in as Ben Hartley now" in page and WORDS in page and "never shown" not in page
    assert _state() == before


def _state():
    counts = [model.objects.count() for model in (Post, Thread, Registration, Introduction)]
    return [*counts, *Post.objects.values_list("source"), *Thread.objects.values_list("title", "version")]


def test_the_composers_script_is_told_and_keeps_the_text(world, as_, ada, ben):
    response = as_(ben).post(
        f"/threads/{world['thread']}/reply/",
        {"source": WORDS, "token": uuid.uuid4(), "writer": ada.pk},
        headers={"Accept": "application/json"},
    )
    assert response.status_code == 403 and "signed in as Ben Hartley now" in response.json()["error"]
    assert Post.objects.count() == 1


def test_ones_own_form_is_sent(world, as_, ben):
    typed = {"source": WORDS, "token": uuid.uuid4(), "writer": ben.pk}
    assert as_(ben).post(f"/threads/{world['thread']}/reply/", typed).status_code == 302
    assert Post.objects.count() == 2


@pytest.mark.parametrize("address", [
    "/threads/{thread}/", "/posts/{post}/edit/", "/posts/{post}/delete/", "/community/ai-and-assistants/start/",
    "/settings/profile/", "/settings/", "/directory/my-listing/", "/events/round-table/", "/inbox/", "/accounts/email/",
    "/directory/suppliers/{supplier}/ask/", "/cms/pages/1/",
])  # fmt: skip
def test_every_form_that_writes_says_for_whom_it_was_made(address, world, as_, ada, mo):
    member = mo if address.startswith("/cms/") else ada
    page = as_(member).get(address.format(**world), follow=True).content.decode()
    forms = [form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'method="post"' in form.lower()]
    assert all(f'name="writer" value="{member.pk}"' in form for form in forms)


def test_a_form_whose_token_is_out_of_date_shows_what_was_typed(world, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    response = client.post("/community/ai-and-assistants/start/", {"title": "A question", "source": WORDS})
    page = response.content.decode()
    assert response.status_code == 403 and "Please send it again" in page
    assert WORDS in page and "A question" in page
    assert Thread.objects.count() == 1

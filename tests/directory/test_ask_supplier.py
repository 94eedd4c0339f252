"""An officer writes to a supplier: no moderator, and the officer's details by the officer's own act."""

import uuid

import pytest
from django.core import mail

from directory.models import Introduction
from lib.tokens import SENT_BEFORE
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
PATH = "/directory/suppliers/brightwave/ask/"


@pytest.fixture(autouse=True)
def listing(sal):
    return make.supplier_listing(sal)


def form(**values):
    return {"purpose": "Case work", "message": "Could you show us?", "token": uuid.uuid4()} | values


def test_both_have_the_others_details_at_once(as_, ada, sal, mo, ben, django_capture_on_commit_callbacks):
    pat = make.supplier_member("Pat Colleague", company="BrightWave", email="pat@brightwave.example")
    rival = make.supplier_member("Robin Rival", company="Quillhouse", email="robin@quillhouse.example")
    warning = as_(ada).get(PATH).content.decode()
    assert "your name, your role and your e-mail address" in warning and ada.email in warning
    with django_capture_on_commit_callbacks(execute=True):
        page = as_(ada).post(PATH, form(), follow=True).content.decode()
    assert "hello@brightwave.example" in page
    introduction = Introduction.objects.get()
    for reader in (sal, pat):
        seen = as_(reader).get(f"/introductions/{introduction.pk}/").content.decode()
        assert ada.name in seen and ada.email in seen
    for reader in (ben, rival):
        assert as_(reader).get(f"/introductions/{introduction.pk}/").status_code == 404
    assert sorted(m.to[0] for m in mail.outbox) == sorted([ada.email, sal.email, pat.email])
    to_sal = next(m for m in mail.outbox if m.to == [sal.email])
    assert ada.email in to_sal.body and to_sal.subject == "Ada Okafor would like to talk to BrightWave"
    assert Activity.objects.latest("pk").verb == "introduction.asked"
    assert "BrightWave" in as_(ada).get("/introductions/").content.decode()
    assert "Ada Okafor wrote to BrightWave" in as_(sal).get("/introductions/").content.decode()


def test_the_same_form_sent_twice_writes_once(as_, ada):
    data = form()
    assert as_(ada).post(PATH, data).url == as_(ada).post(PATH, data).url
    assert Introduction.objects.count() == 1


def test_the_same_form_for_another_supplier_is_refused_and_the_text_stays(as_, ada):
    make.supplier_listing(make.supplier_member("Robin Rival", company="Quillhouse"))
    other, data = "/directory/suppliers/quillhouse/ask/", form()
    as_(ada).post(PATH, data)
    refused = as_(ada).post(other, data | {"message": "And you?"})
    assert refused.status_code == 422 and SENT_BEFORE in refused.content.decode()
    assert refused.context["form"]["message"].value() == "And you?"
    fresh = refused.context["form"]["token"].value()
    assert as_(ada).post(other, data | {"message": "And you?", "token": fresh}).status_code == 302
    assert set(Introduction.objects.values_list("supplier__slug", "message")) == {
        ("brightwave", data["message"]),
        ("quillhouse", "And you?"),
    }


def test_a_form_that_is_too_old_can_be_sent_again(as_, ada):
    fresh = as_(ada).post(PATH, form(token="x")).context["form"]["token"].value()
    assert as_(ada).post(PATH, form(token=fresh)).status_code == 302


def test_once_a_month_is_enough_and_the_page_says_so(as_, ada):
    as_(ada).post(PATH, form())
    assert "You wrote to BrightWave on" in as_(ada).get(PATH).content.decode()
    assert "You wrote to BrightWave on" in as_(ada).get("/directory/suppliers/brightwave/").content.decode()
    assert as_(ada).post(PATH, form()).status_code == 403
    assert Introduction.objects.count() == 1


@pytest.mark.parametrize("values", [{"purpose": ""}, {"message": ""}, {"token": "x"}, {"message": "x" * 2001}])
def test_what_is_wrong_is_said(values, as_, ada):
    assert as_(ada).post(PATH, form(**values)).status_code == 422
    assert not Introduction.objects.exists()


@pytest.mark.parametrize("who", ["cleo", "sal", "mo", "eve"])
def test_only_officers_write(who, as_, cleo, sal, mo, eve):
    assert as_({"cleo": cleo, "sal": sal, "mo": mo, "eve": eve}[who]).post(PATH, form()).status_code == 404


def test_it_neither_counts_nor_pauses_the_suppliers_own_requests(as_, ada, sal):
    from django.utils import timezone

    from directory.rules.quota import quota

    as_(ada).post(PATH, form())
    assert quota(sal.organisation, timezone.now()).used == 0
    assert make.introduction(sal, ada).status == "submitted"

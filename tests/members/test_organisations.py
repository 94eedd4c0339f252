"""Organisations in the CMS, with the domains by which officers are verified."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from lib.access import Denied
from members.actions import organisations
from members.models import Member, Organisation
from tests import make

EMPTY = dict.fromkeys(["authority_type", "authority_code", "gss_code", "website", "closed_on"], "")
FORM = EMPTY | {
    "kind": "public_body",
    "name": "Gwynedd Council",
    "short_name": "Gwynedd",
    "domains": "gwynedd.example\n@gwynedd-two.example",
    "region": "North Wales",
    "nation": "Wales",
}


def domains(organisation):
    return set(organisation.email_domains.values_list("domain", flat=True))


def test_moderator_adds_one_with_domains(mo, as_, verbs):
    response = as_(mo).post("/cms/organisations/new/", FORM)
    assert response.status_code == 302, response.context["form"].errors
    body = Organisation.objects.get(slug="gwynedd")
    assert domains(body) == {"gwynedd.example", "gwynedd-two.example"}
    assert body.authority_code is None
    assert verbs() == ["organisation.added"]


def test_two_without_a_code_are_no_conflict(mo, as_):
    client = as_(mo)
    client.post("/cms/organisations/new/", FORM)
    client.post("/cms/organisations/new/", FORM | {"domains": ""})
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"gwynedd", "gwynedd-2"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"domains": "gmail.com"}, "Anybody can have an address at gmail.com"),
        ({"domains": "camden.example"}, "camden.example belongs to Camden."),
        ({"domains": "no domain"}, "Write a domain such as"),
        ({"kind": "supplier"}, "Only the people of public bodies"),
        ({"name": ""}, "This field is required."),
        ({"gss_code": "E09000007000"}, "at most 9 characters"),
    ],
)
def test_nonsense_is_answered_and_nothing_is_kept(mo, camden, as_, changes, message):
    response = as_(mo).post("/cms/organisations/new/", FORM | changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Organisation.objects.filter(short_name="Gwynedd").exists()


def test_changes_and_takes_a_domain_away(mo, camden, as_, verbs):
    client = as_(mo)
    page = client.get(f"/cms/organisations/edit/{camden.pk}/").content.decode()
    assert "camden.example" in page
    values = FORM | {"name": "London Borough of Camden", "short_name": "Camden", "domains": "camden.gov.example"}
    assert client.post(f"/cms/organisations/edit/{camden.pk}/", values).status_code == 302
    camden.refresh_from_db()
    assert (camden.name, camden.slug) == ("London Borough of Camden", "camden")
    assert domains(camden) == {"camden.gov.example"}
    assert verbs() == ["organisation.changed"]


def test_new_domain_verifies_who_waits_there(mo, stroud, cleo, waiting_cleo, after_commit, told, mailoutbox):
    stranger = make.member("Una Known", email="una@newcomer.example")
    EmailAddress.objects.filter(user=stranger).update(verified=False)
    with after_commit():
        organisations.change(actor=mo, organisation=stroud, values={}, domains=["newcomer.example"])
    assert Member.objects.get(pk=cleo.pk).organisation == stroud
    assert Member.objects.get(pk=stranger.pk).is_newcomer
    assert told(cleo) == ["member.verified"]


def test_kind_of_one_with_members_stays(mo, ada):
    with pytest.raises(ValidationError):
        organisations.change(actor=mo, organisation=ada.organisation, values={"kind": "supplier"})


def test_nobody_else_writes(ada, eve, camden, as_):
    for actor in (ada, eve):
        assert as_(actor).post("/cms/organisations/new/", FORM).status_code == (302 if actor.may_use_cms else 404)
        with pytest.raises(Denied):
            organisations.add(actor=actor, values={"name": "X", "short_name": "X", "kind": "supplier"})
    assert not Organisation.objects.filter(short_name="Gwynedd").exists()


def test_none_can_be_deleted(mo, admin, camden, as_):
    for actor in (mo, admin):
        as_(actor).post(f"/cms/organisations/delete/{camden.pk}/")
    assert Organisation.objects.filter(pk=camden.pk).exists()


def test_chooser_finds_and_adds(mo, ada, camden, as_):
    make.supplier("Camden Software")
    client = as_(mo)
    page = client.get("/cms/organisation-chooser/results/", {"q": "camd", "kind": "public_body"}).content.decode()
    assert ">Camden<" in page.replace("\n", "").replace(" ", "")
    assert "Camden Software" not in page
    nothing = client.get("/cms/organisation-chooser/results/", {"q": "leeds", "kind": "public_body"}).content.decode()
    assert "Camden" not in nothing
    response = client.post(
        "/cms/organisation-chooser/create/",
        {"kind": "public_body", "name": "Dumfries Council", "short_name": "Dumfries", "domains": "dumfries.example"},
    )
    assert response.json()["step"] == "chosen"
    assert domains(Organisation.objects.get(short_name="Dumfries")) == {"dumfries.example"}
    refused = client.post(
        "/cms/organisation-chooser/create/",
        {"kind": "public_body", "name": "Free", "short_name": "Free", "domains": "gmail.com"},
    )
    assert refused.json()["step"] == "reshow_creation_form"
    assert "Anybody can have an address" in refused.json()["htmlFragment"]
    assert as_(ada).get("/cms/organisation-chooser/results/", {"q": "camd"}).status_code == 404


def test_new_domain_verifies_nobody_who_is_suspended_or_verified_already(mo, stroud, after_commit):
    suspended = make.member("Una Known", email="una@stroud.example", is_active=False)
    elsewhere = make.officer("Ina Known", council="Leeds", email="ina@stroud.example")
    seller = make.supplier_member("Ola Known", email="ola@stroud.example")
    with after_commit():
        organisations.change(actor=mo, organisation=stroud, values={}, domains=["stroud.example"])
    assert Member.objects.get(pk=suspended.pk).is_newcomer
    assert Member.objects.get(pk=elsewhere.pk).organisation.name == "Leeds"
    assert Member.objects.get(pk=seller.pk).is_supplier_member

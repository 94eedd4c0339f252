"""Organisations in the CMS, with the domains by which officers are verified."""

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from lib.access import Denied
from members.actions import organisations
from members.models import Activity, Member, Organisation
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

NOW = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
ALL = FORM | {
    "authority_type": "Unitary authority",
    "authority_code": "GWN",
    "gss_code": "W06000002",
    "website": "https://gwynedd.example",
    "closed_on": "2030-03-31",
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
        organisations.change(actor=mo, organisation=stroud, values={}, domains=["newcomer.example"], now=NOW)
    cleo = Member.objects.get(pk=cleo.pk)
    assert (cleo.organisation, cleo.verified_at) == (stroud, NOW)
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


def kept(organisation) -> dict:
    """What is kept of the form's fields, the domains apart."""
    organisation.refresh_from_db()
    return {name: getattr(organisation, name) for name in ALL if name != "domains"}


def meant(form) -> dict:
    return {name: text for name, text in form.items() if name != "domains"} | {
        "closed_on": date.fromisoformat(form["closed_on"])
    }


def test_every_field_is_kept_and_can_be_changed(mo, as_):
    client = as_(mo)
    client.post("/cms/organisations/new/", ALL)
    body = Organisation.objects.get(slug="gwynedd")
    assert kept(body) == meant(ALL)
    others = {name: f"{text}2" for name, text in ALL.items()}
    others |= {"kind": "supplier", "gss_code": "W06000003", "website": "https://www.gwynedd.example", "domains": ""}
    others |= {"closed_on": "2031-03-31"}
    client.post(f"/cms/organisations/edit/{body.pk}/", others)
    assert kept(body) == meant(others)
    fields = Activity.objects.get(verb="organisation.changed").data["fields"]
    assert fields == [*sorted(name for name in ALL if name != "domains"), "email_domains"]


def test_a_form_that_changes_nothing_is_no_activity(mo, as_):
    client = as_(mo)
    client.post("/cms/organisations/new/", FORM)
    body = Organisation.objects.get(slug="gwynedd")
    client.post(f"/cms/organisations/edit/{body.pk}/", FORM | {"domains": "gwynedd-two.example\ngwynedd.example"})
    assert [activity.verb for activity in Activity.objects.all()] == ["organisation.added"]


def test_a_domain_more_leaves_the_others(mo, camden):
    organisations.change(actor=mo, organisation=camden, values={}, domains=["camden.example", "camden-two.example"])
    assert domains(camden) == {"camden.example", "camden-two.example"}
    assert Activity.objects.get().data == {"fields": ["email_domains"]}


def test_a_body_with_members_can_change_apart_from_its_kind(mo, ada):
    organisations.change(actor=mo, organisation=ada.organisation, values={"region": "London"})
    assert Organisation.objects.get(pk=ada.organisation_id).region == "London"


def test_a_supplier_needs_no_domain(mo, as_):
    as_(mo).post("/cms/organisations/new/", FORM | {"kind": "supplier", "domains": ""})
    assert Organisation.objects.get(slug="gwynedd").is_supplier


@pytest.mark.parametrize(
    ("name", "slug"), [("李", "organisation"), ("x" * 100, "x" * 100), ("½" * 100, "12" * 50), ("Leeds", "leeds-2")]
)
def test_its_address_is_made_of_its_short_name(mo, name, slug):
    make.organisation("Leeds")
    values = {"kind": "public_body", "name": "Some body", "short_name": name}
    assert organisations.add(actor=mo, values=values).slug == slug


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"short_name": ""}, {"gss_code": "E09000007000"}, {"kind": "charity"}, {"website": "x"}]
)
def test_action_refuses_nonsense_too(mo, stroud, values):
    given = {"kind": "public_body", "name": "Gwynedd Council", "short_name": "Gwynedd"}
    with pytest.raises(ValidationError) as refused:
        organisations.add(actor=mo, values=given | values)
    assert set(refused.value.message_dict) == set(values)
    with pytest.raises(ValidationError):
        organisations.change(actor=mo, organisation=stroud, values=values)
    assert not Activity.objects.exists()


def test_a_body_that_is_added_verifies_who_waits_there(mo, waiting_cleo, as_, after_commit):
    with after_commit():
        as_(mo).post("/cms/organisations/new/", FORM | {"domains": "newcomer.example"})
    assert Member.objects.get(pk=waiting_cleo.pk).organisation.short_name == "Gwynedd"

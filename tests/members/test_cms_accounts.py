"""Accounts in the CMS's settings, for administrators."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from members.actions import accounts, verification
from members.actions.erasure import erase
from members.models import Activity, Member

FORM = {"email": "new@forum.example", "name": "New Editor", "job_title": "", "password1": ""}


def test_lists_and_searches(admin, ada, ben, as_):
    client = as_(admin)
    page = client.get("/cms/users/").content.decode()
    assert "Ada Okafor" in page
    assert "Ben Hartley" in page
    results = client.get("/cms/users/results/?q=hartley").content.decode()
    assert "Ben Hartley" in results
    assert "Ada Okafor" not in results


@pytest.mark.parametrize("who", ["mo", "eve", "ada"])
def test_nobody_else_gets_in(request, who, ben, as_):
    member = request.getfixturevalue(who)
    client = as_(member)
    for path in ("/cms/users/", "/cms/users/new/", f"/cms/users/edit/{ben.pk}/", "/cms/groups/"):
        assert client.get(path).status_code == (302 if member.may_use_cms else 404)
    client.post(f"/cms/users/edit/{ben.pk}/", FORM | {"is_superuser": "on"})
    assert not Member.objects.get(pk=ben.pk).is_superuser


def test_adds_an_editor_with_a_confirmed_address(admin, as_, verbs):
    editors = Group.objects.get(name="Editors")
    response = as_(admin).post("/cms/users/new/", FORM | {"groups": [editors.pk], "password1": "slate-harbour-lantern"})
    assert response.status_code == 302, response.context["form"].errors
    member = Member.objects.get(email="new@forum.example")
    assert (member.handle, member.standing) == ("new-editor", "newcomer")
    assert list(member.groups.all()) == [editors]
    assert member.check_password("slate-harbour-lantern")
    assert EmailAddress.objects.get(user=member).verified
    assert verbs() == ["member.administered"]


def test_changes_groups_and_writes_down_what(admin, ada, as_):
    moderators = Group.objects.get(name="Moderators")
    values = {
        "email": ada.email,
        "name": ada.name,
        "job_title": ada.job_title,
        "groups": [moderators.pk],
        "password1": "",
    }
    assert as_(admin).post(f"/cms/users/edit/{ada.pk}/", values).status_code == 302
    assert Member.objects.get(pk=ada.pk).is_moderator
    assert Member.objects.get(pk=ada.pk).is_officer
    assert Activity.objects.get().data == {"fields": ["groups"]}


def test_changed_address_is_the_one_to_sign_in_with(admin, ada, as_, client):
    values = {"email": "Ada.O@Camden.example", "name": ada.name, "job_title": "", "password1": ""}
    as_(admin).post(f"/cms/users/edit/{ada.pk}/", values)
    response = client.post("/accounts/login/", {"login": "ada.o@camden.example", "password": "forum-demo-2026"})
    assert (response.status_code, response.url) == (302, "/")
    assert [a.email for a in EmailAddress.objects.filter(user=ada)] == ["ada.o@camden.example"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "ada@camden.example"}, "Another member has this address."),
        ({"email": "nonsense"}, "Write an e-mail address"),
        ({"name": ""}, "Write a name."),
        ({"password1": "short"}, "too short"),
    ],
)
def test_nonsense_is_answered(admin, ada, as_, changes, message):
    response = as_(admin).post("/cms/users/new/", FORM | changes)
    assert response.status_code == 200
    assert message in response.content.decode()
    assert Member.objects.count() == 2


def test_administrator_can_not_take_own_rights(admin, as_):
    as_(admin).post(
        f"/cms/users/edit/{admin.pk}/", {"email": admin.email, "name": "Admin", "job_title": "", "password1": ""}
    )
    member = Member.objects.get(pk=admin.pk)
    assert (member.is_superuser, member.name) == (True, "Admin")
    with pytest.raises(Exception, match="your own rights"):
        accounts.change_member(actor=admin, member=admin, values={"is_superuser": False})


def test_a_refusal_is_on_the_form_with_what_was_typed(admin, ada, as_):
    erase(actor=ada)
    values = {"email": "ada@else.example", "name": "Typed Name", "job_title": "", "password1": ""}
    page = as_(admin).post(f"/cms/users/edit/{ada.pk}/", values).content.decode()
    assert "This account has been deleted." in page
    assert "ada@else.example" in page
    assert Member.objects.get(pk=ada.pk).name == "A former member"


@pytest.mark.parametrize("action", ["delete", "set_active_state", "assign_role"])
def test_bulk_actions_that_would_go_past_our_rules_do_nothing(admin, ada, as_, action):
    moderators = Group.objects.get(name="Moderators")
    as_(admin).post(
        f"/cms/bulk/members/member/{action}/?id={ada.pk}", {"mark_as_active": "False", "role": moderators.pk}
    )
    member = Member.objects.get(pk=ada.pk)
    assert member.is_active
    assert not member.groups.exists()


def test_no_member_is_deleted(admin, ada, as_):
    as_(admin).post(f"/cms/users/delete/{ada.pk}/")
    assert Member.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize("who", ["admin", "mo", "eve"])
def test_own_account_page_works_without_first_and_last_name(request, who, as_):
    client = as_(request.getfixturevalue(who))
    page = client.get("/cms/account/").content.decode()
    assert "first_name" not in page
    assert client.get("/cms/").status_code == 200


def test_what_nobody_sees_is_left_out(admin, as_):
    client = as_(admin)
    page = client.post("/cms/users/new/", FORM | {"name": "\u200b\u3164"}).content.decode()
    assert "Write a name." in page
    client.post("/cms/users/new/", FORM | {"name": "New \u202erotidE", "job_title": "\u2800"})
    member = Member.objects.get(email="new@forum.example")
    assert (member.name, member.job_title) == ("New rotidE", "")
    with pytest.raises(ValidationError, match="Write a name"):
        accounts.change_member(actor=admin, member=member, values={"name": "\u2060"})
    accounts.change_member(actor=admin, member=member, values={"job_title": "Edi\u200btor"})
    assert Member.objects.get(pk=member.pk).job_title == "Editor"


def test_open_tabs_ask_for_access_again(admin, ada, as_, after_commit, monkeypatch):
    dropped = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: dropped.append(whom))
    with after_commit():
        accounts.change_member(actor=admin, member=ada, values={"name": ada.name}, groups=[])
    assert dropped == []
    with after_commit():
        accounts.change_member(actor=admin, member=ada, values={}, groups=Group.objects.filter(name="Editors"))
    assert dropped == [{"member_id": ada.pk}]


def sign_in(client, email, password="forum-demo-2026"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def edited(member, **changes):
    kept = {"email": member.email, "name": member.name, "job_title": member.job_title, "password1": ""}
    return kept | {"groups": [group.pk for group in member.groups.all()]} | changes


def test_adds_an_administrator_who_can_sign_in_at_once(admin, as_, client):
    form = FORM | {"job_title": "Editor in chief", "is_superuser": "on", "password1": "slate-harbour-lantern"}
    as_(admin).post("/cms/users/new/", form)
    member = Member.objects.get(email="new@forum.example")
    assert (member.job_title, member.is_superuser) == ("Editor in chief", True)
    address = EmailAddress.objects.get(user=member)
    assert (address.email, address.verified, address.primary) == (member.email, True, True)
    assert sign_in(client, member.email, "slate-harbour-lantern").url == "/"
    assert Activity.objects.get().data == {"fields": ["added"]}


def test_sets_a_password_and_ends_the_old_one(admin, ada, as_, client):
    as_(admin).post(f"/cms/users/edit/{ada.pk}/", edited(ada, password1="slate-harbour-lantern"))
    assert "is not right" in sign_in(client, ada.email).content.decode()
    assert sign_in(client, ada.email, "slate-harbour-lantern").status_code == 302
    assert Activity.objects.get().data == {"fields": ["password"]}


def test_a_new_address_is_the_members_only_one_and_nobody_elses_changes(admin, ada, ben, as_):
    as_(admin).post(f"/cms/users/edit/{ada.pk}/", edited(ada, email="ada.o@camden.example"))
    addresses = set(EmailAddress.objects.values_list("email", "user", "verified", "primary"))
    assert {("ada.o@camden.example", ada.pk, True, True), (ben.email, ben.pk, True, True)} <= addresses


def test_a_new_name_confirms_no_address(admin, ada, as_):
    EmailAddress.objects.filter(user=ada).update(verified=False)
    as_(admin).post(f"/cms/users/edit/{ada.pk}/", edited(ada, name="Ada O."))
    assert not EmailAddress.objects.get(user=ada).verified


def test_who_is_a_moderator_no_more_has_no_bell_for_what_moderators_do(admin, mo, cleo, as_, after_commit):
    with after_commit():
        verification.ask(actor=cleo, organisation="Elsewhere")
    assert Member.objects.get(pk=mo.pk).unread_count == 1
    as_(admin).post(f"/cms/users/edit/{mo.pk}/", edited(mo, groups=[]))
    assert Member.objects.get(pk=mo.pk).unread_count == 0

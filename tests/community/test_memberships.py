"""Who belongs to a space of invited members: invite, remove, leave."""

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from community.actions import memberships
from community.models import SpaceMembership, SpacePage
from lib.access import Denied
from members.models import Activity
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/community/reorganisation/members/"


@pytest.fixture
def dropped(monkeypatch):
    """Which sockets were sent away."""
    said = []
    monkeypatch.setattr("lib.live.drop", lambda **whom: said.append(whom))
    return said


@pytest.fixture
def organiser(group_space):
    member = make.officer("Olu Adeyemi", council="Bristol")
    make.membership(group_space, member, role="organiser")
    return member


def members(space) -> set[str]:
    return {row.member.name for row in space.memberships.select_related("member")}


@pytest.mark.parametrize("who", ["mo", "organiser", "admin"])
def test_a_moderator_and_an_organiser_invite(who, as_, ada, group_space, request, after_commit, verbs):
    client = as_(request.getfixturevalue(who))
    assert as_(ada).get("/community/reorganisation/").status_code == 404
    for _ in range(2):  # twice is once
        with after_commit():
            response = client.post(PAGE, {"member": f"@{ada.handle}", "role": "member"})
        assert response.status_code == 302
    assert as_(ada).get("/community/reorganisation/").status_code == 200
    assert verbs().count("space.member_invited") == 1


def test_the_invited_member_is_told_and_nobody_else(mo, ada, ben, organiser, group_space, after_commit):
    with after_commit():
        memberships.invite(actor=mo, space=group_space, member=ada)
    assert [message.to for message in mail.outbox] == [[ada.email]]
    assert "invited to the space “Reorganisation”" in mail.outbox[0].subject
    for member, unread in ((ada, 1), (ben, 0), (organiser, 0), (mo, 0)):
        member.refresh_from_db()
        assert member.unread_count == unread


def test_whoever_may_not_read_it_yet_is_told_nothing(mo, cleo, group_space, after_commit):
    with after_commit():
        memberships.invite(actor=mo, space=group_space, member=cleo)
    assert mail.outbox == []
    cleo.refresh_from_db()
    assert cleo.unread_count == 0


def test_the_line_in_the_inbox_goes_with_the_membership(mo, ada, as_, group_space, after_commit):
    with after_commit():
        memberships.invite(actor=mo, space=group_space, member=ada)
    assert "You were invited to the space “Reorganisation”" in as_(ada).get("/inbox/").content.decode()
    with after_commit():
        memberships.remove(actor=mo, space=group_space, member=ada)
    assert "Reorganisation" not in as_(ada).get("/inbox/").content.decode()
    ada.refresh_from_db()
    assert ada.unread_count == 0


@pytest.mark.parametrize(("who", "status"), [("ada", 404), ("sal", 404), ("cleo", 404), ("eve", 404), ("ben", 403)])
def test_nobody_else_invites(who, status, as_, ada, group_space, request):
    member = request.getfixturevalue(who)
    response = as_(member).post(PAGE, {"member": f"@{ada.handle}", "role": "member"})
    assert response.status_code == status
    assert members(group_space) == {"Ben Hartley"}
    if status == 403:
        assert "Only moderators and the organisers of this space" in response.content.decode()


def test_an_organiser_of_one_space_invites_to_no_other(as_, organiser, ada, group_space):
    other = make.space("Other", audience="group", invited=[organiser])
    with pytest.raises(Denied):
        memberships.invite(actor=organiser, space=other, member=ada)


def test_a_stranger_learns_nothing_of_the_space(ada, ben, group_space):
    from django.http import Http404

    for act in (memberships.invite, memberships.remove):
        with pytest.raises(Http404):
            act(actor=ada, space=group_space, member=ben)
    assert members(group_space) == {"Ben Hartley"}


@pytest.mark.parametrize("handle", ["@nobody", "", "@ben hartley", "\x00", "@" * 300])
def test_an_unknown_handle_is_said_beside_its_field(handle, as_, mo, group_space):
    response = as_(mo).post(PAGE, {"member": handle, "role": "member"})
    assert response.status_code == 422
    assert response.context["form"].errors["member"]


def test_a_role_that_does_not_exist_is_refused(as_, mo, ada, group_space):
    response = as_(mo).post(PAGE, {"member": ada.handle, "role": "king"})
    assert response.status_code == 422 and members(group_space) == {"Ben Hartley"}


def test_a_member_gets_another_role(as_, mo, ben, group_space, verbs):
    as_(mo).post(PAGE, {"member": ben.handle, "role": "organiser"})
    assert group_space.memberships.get().role == "organiser"
    assert "space.role_changed" in verbs() and "space.member_invited" not in verbs()


def test_only_a_space_of_invited_members_has_any(as_, mo, ada, members_space):
    assert as_(mo).get("/community/ai-and-assistants/members/").status_code == 404
    with pytest.raises(Denied, match="Only a space for invited members"):
        memberships.invite(actor=mo, space=members_space, member=ada)


@pytest.mark.parametrize("who", ["mo", "organiser"])
def test_whoever_is_removed_loses_it_at_once(who, as_, ben, group_space, request, dropped, after_commit, verbs):
    client = as_(request.getfixturevalue(who))
    with after_commit():
        assert client.post(f"{PAGE}{ben.pk}/remove/").status_code == 302
    assert as_(ben).get("/community/reorganisation/").status_code == 404
    assert {"member_id": ben.pk} in dropped
    assert client.post(f"{PAGE}{ben.pk}/remove/").status_code == 404
    assert verbs().count("space.member_removed") == 1


def test_a_member_leaves(as_, ben, group_space, dropped, after_commit, verbs):
    client = as_(ben)
    assert "new invitation" in client.get(f"{PAGE}leave/").content.decode()
    with after_commit():
        assert client.post(f"{PAGE}leave/").status_code == 302
    assert client.get("/community/reorganisation/").status_code == 404
    assert {"member_id": ben.pk} in dropped
    assert memberships.leave(actor=ben, space=group_space) is False
    assert verbs().count("space.left") == 1


def test_publishing_and_older_revisions_leave_the_members_alone(mo, ada, ben, group_space):
    """Someone added stays after the next Publish; someone removed does not come back with an older revision."""
    old = SpacePage.objects.get(pk=group_space.pk).save_revision()
    memberships.invite(actor=mo, space=group_space, member=ada)
    memberships.remove(actor=mo, space=group_space, member=ben)
    make.publish_space(group_space, summary="Another summary.")
    assert members(group_space) == {"Ada Okafor"}
    old.publish()
    assert members(group_space) == {"Ada Okafor"}


def test_a_copy_of_a_space_has_no_members(group_space, admin):
    copied = SpacePage.objects.get(pk=group_space.pk).copy(update_attrs={"slug": "copied"}, user=admin)
    assert not SpaceMembership.objects.filter(space=copied).exists()


def test_a_supplier_reads_the_names_they_may_know_anyway(as_, sal, ben, mo, group_space):
    make.membership(group_space, sal)
    assert "Ben Hartley" not in as_(sal).get(PAGE).content.decode()
    make.thread(group_space, ben)
    assert "Ben Hartley" in as_(sal).get(PAGE).content.decode()


def test_the_list_beside_the_page_in_the_cms(as_, mo, eve, ada, ben, group_space):
    page = f"/cms/spaces/{group_space.pk}/members/"
    assert "Ben Hartley" in as_(mo).get(page).content.decode()
    assert as_(mo).post(page, {"member": f"@{ada.handle}", "role": "organiser"}).status_code == 302
    assert as_(mo).post(f"{page}{ben.pk}/remove/").status_code == 302
    assert members(group_space) == {"Ada Okafor"}
    for who in (ada, ben):
        assert as_(who).get(page).status_code == 404
    # An editor looks after the page, and not after who reads what its members say.
    assert as_(eve).post(page, {"member": f"@{ben.handle}", "role": "member"}).status_code == 404
    assert members(group_space) == {"Ada Okafor"}


def test_a_member_does_not_invite_because_there_is_an_organiser(as_, ada, ben, organiser, group_space):
    assert as_(ben).post(PAGE, {"member": f"@{ada.handle}", "role": "member"}).status_code == 403
    assert "Ada Okafor" not in members(group_space)


def test_a_moderator_invites_before_the_space_is_published(as_, mo, ada, group_space):
    SpacePage.objects.filter(pk=group_space.pk).update(live=False)
    memberships.invite(actor=mo, space=group_space, member=ada)
    assert "Ada Okafor" in members(group_space)


def test_what_happened_to_whom_is_written_down(mo, ada, ben, group_space):
    memberships.invite(actor=mo, space=group_space, member=ada, role="organiser")
    memberships.invite(actor=mo, space=group_space, member=ben, role="organiser")
    memberships.remove(actor=mo, space=group_space, member=ben)
    memberships.leave(actor=ada, space=group_space)
    about = [(row.verb, row.actor, row.data) for row in Activity.objects.order_by("pk")]
    assert about == [
        ("space.member_invited", mo, {"member": ada.pk, "role": "organiser"}),
        ("space.role_changed", mo, {"member": ben.pk, "role": "organiser"}),
        ("space.member_removed", mo, {"member": ben.pk}),
        ("space.left", ada, {"member": ada.pk}),
    ]


def test_there_are_two_roles(mo, ada, group_space):
    assert memberships.invite(actor=mo, space=group_space, member=ada).role == "member"
    with pytest.raises(ValidationError) as refused:
        memberships.invite(actor=mo, space=group_space, member=ada, role="king")
    assert refused.value.message_dict.keys() == {"role"}
    assert group_space.memberships.get(member=ada).role == "member"

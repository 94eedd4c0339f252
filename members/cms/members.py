"""Moderators' pages about members: who waits for verification, everybody, and what can be decided about one."""

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn

from lib.access import allows
from members import access, queries
from members.models import Member
from members.models.domains import domain_of

from . import audit, decisions
from .pages import IndexView, InspectView, ModeratorsViewSet, Summary

Standing = Member.Standing
HISTORY = 20  # rows on the page of one member; all of them are in the audit trail


def _state(member: Member) -> str:
    if member.is_suspended:
        return "Suspended"
    if member.verification_asked_at:
        return "Waits for verification"
    return member.get_standing_display()


class PeopleFilterSet(WagtailFilterSet):
    class Meta:
        model = Member
        fields = ["standing", "is_active"]


class _PeopleIndexView(IndexView):
    search_fields = ["name", "email", "claimed_organisation", "organisation__name"]
    inspect_url_name = "members_people:inspect"

    def get_list_more_buttons(self, instance):
        return [
            MenuItem(label, url=reverse(f"members_people:{name}", args=[instance.pk]), icon_name=icon, priority=number)
            for number, (name, label, icon) in enumerate(open_decisions(self.request.user, instance))
        ]

    def name_column(self):
        return self.title_column("name", "Name", sort_key="name", accessor=lambda m: m.byline.name)


class WaitingIndexView(_PeopleIndexView):
    page_title = "Waiting for verification"
    results_template_name = "members/cms/waiting_results.html"
    default_ordering = "verification_asked_at"

    @cached_property
    def columns(self):
        return [
            self.name_column(),
            Column("job_title", label="Job title"),
            Column("claimed_organisation", label="Says they work for", sort_key="claimed_organisation"),
            Column("domain", label="Address at", accessor=lambda m: domain_of(m.email)),
            DateColumn("verification_asked_at", label="Waiting since", sort_key="verification_asked_at"),
        ]

    def get_base_queryset(self):
        return queries.waiting().for_session().order_by()


class PeopleIndexView(_PeopleIndexView):
    page_title = "Members"
    default_ordering = "name"
    filterset_class = PeopleFilterSet

    @cached_property
    def columns(self):
        return [
            self.name_column(),
            Column("job_title", label="Job title"),
            Column(
                "organisation",
                label="Organisation",
                accessor=lambda m: m.organisation or "",
                sort_key="organisation__name",
            ),
            Column("state", label="Standing", accessor=_state, sort_key="standing"),
            DateColumn("date_joined", label="Joined", sort_key="date_joined"),
        ]

    def get_base_queryset(self):
        return Member.objects.filter(erased_at=None).for_session()


class PersonView(InspectView):
    page_title = "Member"
    template_name = "members/cms/person.html"

    def get_queryset(self):
        return Member.objects.filter(erased_at=None).select_related("organisation")

    def get_page_subtitle(self):
        return self.object.byline.name

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        member = self.object
        body = queries.public_body_of(domain_of(member.email))
        context |= {
            "person": member,
            "state": _state(member),
            "domain": domain_of(member.email),
            "domain_of": body,
            "known": queries.organisation_called(member.claimed_organisation),
            "has_confirmed": queries.has_confirmed_address(member),
            "decisions": open_decisions(self.request.user, member),
            "history": audit.rows(self.request.user).with_target(member)[:HISTORY],
            "all_history": f"{reverse('members_audit:index')}?member={member.pk}",
        }
        return context


def open_decisions(moderator: Member, member: Member) -> list[tuple[str, str, str]]:
    """(URL name, label, icon) of what this moderator may decide about this member now."""
    if not allows(access.check_power_over, moderator, member):
        return []
    found = []
    if member.is_newcomer:
        found += [
            ("verify_officer", "Verify as officer", "check"),
            ("verify_supplier_member", "Verify as supplier member", "check"),
        ]
        if member.verification_asked_at:
            found.append(("decline", "Decline", "cross"))
    else:
        found.append(("revoke", "Revoke verification", "undo"))
    found.append(("suspend", "Suspend", "lock") if member.is_active else ("restore", "Restore", "lock-open"))
    return found


class WaitingViewSet(ModeratorsViewSet):
    model = Member
    name = "members_waiting"
    url_prefix = "verification"
    icon = "user"
    menu_label = "Verification"
    index_view_class = WaitingIndexView


class PeopleViewSet(ModeratorsViewSet):
    model = Member
    name = "members_people"
    url_prefix = "people"
    icon = "group"
    menu_label = "All members"
    index_view_class = PeopleIndexView
    inspect_view_class = PersonView
    decision_view_classes = {
        "verify_officer": decisions.VerifyOfficerView,
        "verify_supplier_member": decisions.VerifySupplierMemberView,
        "decline": decisions.DeclineView,
        "revoke": decisions.RevokeView,
        "suspend": decisions.SuspendView,
        "restore": decisions.RestoreView,
    }


class WaitingSummary(Summary):
    order = 50
    icon = "user"
    one = "member waits for verification"
    many = "members wait for verification"
    url_name = "members_waiting:index"

    def count(self):
        return queries.waiting().count()

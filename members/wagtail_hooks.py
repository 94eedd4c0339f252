"""What Wagtail's admin gets from this app."""

from wagtail import hooks
from wagtail.admin.views.account import NameEmailSettingsPanel
from wagtail.admin.viewsets.base import ViewSetGroup

from members.cms import accounts
from members.cms.audit import AuditViewSet
from members.cms.members import PeopleViewSet, WaitingSummary, WaitingViewSet
from members.cms.organisations import OrganisationViewSet, organisation_chooser


class MembersGroup(ViewSetGroup):
    menu_label = "Members"
    menu_icon = "group"
    menu_order = 250
    items = (WaitingViewSet, PeopleViewSet, OrganisationViewSet, AuditViewSet)


@hooks.register("register_admin_viewset")
def register_members():
    return [MembersGroup(), organisation_chooser]


@hooks.register("construct_homepage_summary_items")
def say_who_waits(request, items):
    items.append(WaitingSummary(request))


for action in (accounts.NoBulkDelete, accounts.NoBulkActiveState, accounts.NoBulkRole):
    hooks.register("register_bulk_action", action, order=100)  # after Wagtail's own, whose place they take

# Wagtail's account page asks for a first and a last name, which a member doesn't have. Names are set at /settings/.
NameEmailSettingsPanel.is_active = lambda self: False

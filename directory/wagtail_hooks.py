"""What Wagtail's admin gets from this app."""

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup

from .cms.introductions import IntroductionsSummary, IntroductionsViewSet
from .cms.listings import ListingsSummary, ListingsViewSet


class DirectoryGroup(ViewSetGroup):
    menu_label = "Directory"
    menu_icon = "clipboard-list"
    menu_order = 260
    items = (IntroductionsViewSet, ListingsViewSet)


@hooks.register("register_admin_viewset")
def register_directory():
    return DirectoryGroup()


@hooks.register("construct_homepage_summary_items")
def say_what_waits(request, items):
    items.append(IntroductionsSummary(request))
    items.append(ListingsSummary(request))

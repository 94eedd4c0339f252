"""What Wagtail's admin gets from this app: spaces are pages there, and what was said in them can't be deleted."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page

from .cms import audit, spaces  # noqa: F401 (audit registers itself)
from .models import SpacePage, Thread


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("spaces/", include((spaces.urlpatterns, spaces.app_name)))]


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None):
    if page.pk and page.specific_class is SpacePage and spaces.may_decide(user, page.specific):
        readers, members = (reverse(f"community_cms:{name}", args=[page.pk]) for name in ("readers", "members"))
        yield Button("Who may read and post", readers, icon_name="view", priority=60)
        if user.is_moderator and page.specific.audience == SpacePage.Audience.GROUP:
            yield Button("Members", members, icon_name="group", priority=61)


@hooks.register("before_delete_page")
def keep_threads(request, page):
    return _refuse_deletion(request, [page])


@hooks.register("before_bulk_action")
def keep_threads_of_many(request, action_type, objects, action):
    if action_type == "delete" and issubclass(action.model, Page):
        return _refuse_deletion(request, objects)
    return None


def _refuse_deletion(request, pages):
    """A redirect with the reason if there are threads below one of the pages, else None."""
    for page in pages:
        if Thread.objects.filter(space__path__startswith=page.path).exists():
            messages.error(
                request,
                f"There are threads in “{page.title}”, so it can't be deleted. Unpublish it instead: then nobody sees "
                "it, and nothing is lost.",
            )
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None

"""What Wagtail's admin gets from this app: spaces are pages there, and what was said in them can't be deleted."""

from django.contrib import messages
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.models import Page

from .cms import audit  # noqa: F401 (imported so that it registers itself)
from .models import Thread


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

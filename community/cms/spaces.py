"""What stands beside a space in the CMS: who may read it, and its members."""

from copy import copy
from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from lib.access import allows
from lib.forms import posted, status_of, submit

from .. import access
from ..actions import memberships, spaces
from ..forms import InviteForm, ReadersForm
from ..models import SpacePage


def may_decide(viewer, space: SpacePage) -> bool:
    return allows(access.check_decide_readers, viewer, space, space.audience)


def _page(request, template: str, space: SpacePage, label: str, form, **context):
    return TemplateResponse(
        request,
        f"community/cms/{template}.html",
        {
            "space": space,
            "form": form,
            "header_title": f"{label}: {space.title}",
            "header_icon": "group",
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_explore", args=[space.get_parent().pk]), "label": "Spaces"},
                {"url": reverse("wagtailadmin_pages:edit", args=[space.pk]), "label": space.title},
                {"url": "", "label": label},
            ],
            **context,
        },
        status=status_of(form),
    )


def readers(request, space_id: int):
    """Who may read a space, start threads and reply."""
    space = get_object_or_404(SpacePage, pk=space_id)
    access.check_decide_readers(request.user, space, space.audience)
    form = ReadersForm(posted(request), instance=copy(space))
    if submit(request, form, partial(spaces.decide_readers, actor=request.user, space=space)):
        messages.success(request, f"“{space.title}”: saved who may read and post.")
        return redirect("wagtailadmin_pages:edit", space.pk)
    return _page(request, "readers", space, "Who may read and post", form)


def members(request, space_id: int):
    """Who belongs to a space of invited members: a moderator invites and removes."""
    space = get_object_or_404(SpacePage, pk=space_id)
    access.check_invite(request.user, space)
    form = InviteForm(posted(request), viewer=request.user)
    if invited := submit(request, form, partial(memberships.invite, actor=request.user, space=space)):
        messages.success(request, f"{invited.member.byline.name} is invited.")
        return redirect("community_cms:members", space.pk)
    return _page(
        request,
        "members",
        space,
        "Members",
        form,
        memberships=access.memberships(request.user, space),
    )


@require_POST
def remove(request, space_id: int, member_id: int):
    space = get_object_or_404(SpacePage, pk=space_id)
    membership = get_object_or_404(access.memberships(request.user, space), member=member_id)
    memberships.remove(actor=request.user, space=space, member=membership.member)
    messages.success(request, f"{membership.member.byline.name} is no longer a member of this space.")
    return redirect("community_cms:members", space.pk)


app_name = "community_cms"
urlpatterns = [
    path("<int:space_id>/readers/", readers, name="readers"),
    path("<int:space_id>/members/", members, name="members"),
    path("<int:space_id>/members/<int:member_id>/remove/", remove, name="remove"),
]

"""/community/<space>/members/: who belongs to a space of invited members; invite, remove, leave."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lib.access import allows
from lib.forms import form_page, posted, submit

from .. import access
from ..actions import memberships as actions
from ..forms import InviteForm


@login_required
def memberships(request, slug: str):
    """The members of a space, for those who may read it; organisers and moderators invite here."""
    space = access.members_of(request.user, slug)
    form = InviteForm(posted(request), viewer=request.user)
    if invited := submit(request, form, partial(actions.invite, actor=request.user, space=space)):
        messages.success(request, f"{invited.member.byline.name} can now read this space.")
        return redirect("community:memberships", slug)
    context = {
        "section": "community",
        "space": space,
        "memberships": access.memberships(request.user, space),
        "may_invite": allows(access.check_invite, request.user, space),
        "belongs": access.belongs_to(request.user, space),
    }
    return form_page(request, "community/memberships.html", form, **context)


@login_required
@require_POST
def remove(request, slug: str, member_id: int):
    space = access.members_of(request.user, slug)
    membership = get_object_or_404(access.memberships(request.user, space), member=member_id)
    actions.remove(actor=request.user, space=space, member=membership.member)
    messages.success(request, f"{membership.member.byline.name} can no longer read this space.")
    return redirect("community:memberships", slug)


@login_required
def leave(request, slug: str):
    """Asks first: a member who has left can come back only by a new invitation."""
    space = access.members_of(request.user, slug)
    if request.method == "POST":
        if actions.leave(actor=request.user, space=space):
            messages.success(request, f"You have left “{space.title}”.")
        return redirect("community:community")
    return render(request, "community/leave.html", {"section": "community", "space": space})

"""Who may see whom, and who may do what to whom."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lib.access import Denied

from .models import Member
from .models.people import EDITORS, MODERATORS

# What other apps add: "this viewer meets these members there anyway". See seen_through().
_meetings: list[Callable[[Member], Q]] = []


def seen_through(condition: Callable[[Member], Q]):
    """Registers a condition on Member, made for a viewer, by which that viewer meets an officer anyway.

    For example: the officer has posted in a space that the viewer may read. An app calls this once, when it starts.
    """
    _meetings.append(condition)
    return condition


def visible_members(viewer) -> QuerySet[Member]:
    """The members whose profile the viewer may open.

    Officers and moderators meet everybody. For the others officers and newcomers (who may be officers) stay unnamed
    until they have spoken where the viewer may read: a profile's number must not give away a name.
    """
    members = Member.objects.filter(erased_at=None).select_related("organisation")
    if not viewer.is_authenticated:
        return members.none()
    if viewer.is_moderator:
        return members
    members = members.active()
    if viewer.is_officer:
        return members
    allowed = Q(pk=viewer.pk) | Q(standing=Member.Standing.SUPPLIER)
    allowed |= Q(pk__in=Member.objects.filter(groups__name__in=[MODERATORS, EDITORS]).values("pk"))
    for condition in _meetings:
        allowed |= condition(viewer)
    return members.filter(allowed)


def member(viewer, pk: int) -> Member:
    """One member whose profile the viewer may open. Raises Http404 for all others, as for nobody."""
    return get_object_or_404(visible_members(viewer), pk=pk)


def check_moderator(actor):
    """Raises Denied for everyone but moderators and administrators."""
    if not (actor.is_authenticated and actor.is_moderator):
        raise Denied("Only moderators can do this.")


def check_administrator(actor):
    """Raises Denied for everyone but administrators."""
    if not (actor.is_authenticated and actor.is_superuser):
        raise Denied("Only administrators can do this.")


def check_power_over(actor, member: Member):
    """Raises Denied unless the actor is a moderator who may decide about this member.

    Nobody decides about themselves, and only an administrator about a moderator or another administrator.
    """
    check_moderator(actor)
    if actor.pk == member.pk:
        raise Denied("You can’t decide about your own account. Ask another moderator.")
    if member.erased_at:
        raise Denied("This account has been deleted.")
    if member.is_moderator and not actor.is_superuser:
        raise Denied("Only administrators may decide about a moderator’s account.")


def check_writer(viewer, writer: str):
    """A form is sent for whoever it was made for (`writer`, a member's pk), and not for who has signed in since."""
    if viewer.is_authenticated and writer and writer != str(viewer.pk):
        raise Denied(
            f"This form was opened by somebody else, and you are signed in as {viewer.byline.name} now. "
            "Nothing was sent. Copy the text, sign in as its author, and send it again."
        )

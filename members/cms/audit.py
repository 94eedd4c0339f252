"""The audit trail: who did what to what, and when. Nothing here can be changed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_filters
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from members.inbox.notices import NOTICES
from members.models import Activity, Member, Organisation
from members.models.activity import verb_in_words

from .pages import IndexView, ModeratorsViewSet

# What other apps add: "this moderator is not to read these rows". See leaves_out().
_left_out: list[Callable[[Member], Q]] = []


def leaves_out(condition: Callable[[Member], Q]):
    """Registers a condition on Activity, made for a moderator, under which that moderator doesn't see a row.

    For example: it is about a request of their own organisation, and names who answered it.
    """
    _left_out.append(condition)
    return condition


@dataclass(frozen=True, slots=True)
class Description:
    """What a row is about: in words, and the address at which a moderator opens it, if there is one."""

    words: str
    url: str = ""


# How other apps' things are spoken of: see describes().
_described: dict[type[Model], tuple[QuerySet, Callable[[Any], Description]]] = {}


def describes(things: QuerySet):
    """Registers how the audit trail speaks of things of one model: a function(thing) → Description.

    `things` fetches with them all that the function reads, so that many rows cost no more queries than one.
    """

    def register(describe_thing: Callable[[Any], Description]):
        _described[things.model] = (things, describe_thing)
        return describe_thing

    return register


@describes(Member.objects.select_related("organisation"))
def _member(member: Member) -> Description:
    if member.erased_at:
        return Description(member.byline.name)
    return Description(f"Member {member.byline.name}", reverse("members_people:inspect", args=[member.pk]))


@describes(Organisation.objects.all())
def _organisation(organisation: Organisation) -> Description:
    return Description(
        f"Organisation {organisation.short_name}", reverse("members_organisations:edit", args=[organisation.pk])
    )


def rows(moderator: Member) -> QuerySet[Activity]:
    """What this moderator may read of the trail, with what describe() needs."""
    found = Activity.objects.select_related("actor__organisation", "target_type").prefetch_related(
        GenericPrefetch("target", [things for things, _ in _described.values()])
    )
    for condition in _left_out:
        found = found.exclude(condition(moderator))
    return found


def describe(activity: Activity) -> Description:
    kind, target = activity.target_type.name.capitalize(), activity.target
    if target is None:
        return Description(f"{kind} {activity.target_id}, no longer there")
    if type(target) not in _described:
        return Description(f"{kind} {activity.target_id}: {target}")
    return _described[type(target)][1](target)


def _link(activity: Activity) -> str:
    found = describe(activity)
    return format_html('<a href="{}">{}</a>', found.url, found.words) if found.url else found.words


class AuditFilterSet(WagtailFilterSet):
    verb = django_filters.ChoiceFilter(
        label="What", choices=lambda: [(verb, verb_in_words(verb)) for verb in sorted(NOTICES)]
    )
    actor = django_filters.CharFilter(label="Who (name)", field_name="actor__name", lookup_expr="icontains")
    member = django_filters.NumberFilter(label="About the member with the number", method="of_member")

    class Meta:
        model = Activity
        fields = ["verb", "actor", "member"]

    def of_member(self, queryset, name, value):
        return queryset.filter(target_type__app_label="members", target_type__model="member", target_id=value)


class AuditIndexView(IndexView):
    page_title = "Audit trail"
    default_ordering = ("-created_at", "-pk")
    filterset_class = AuditFilterSet
    paginate_by = 50

    @cached_property
    def columns(self):
        return [
            DateColumn("created_at", label="When"),
            Column("actor", label="Who", accessor=lambda a: a.actor.byline.name if a.actor else "The forum itself"),
            Column("verb", label="What", accessor=lambda a: a.in_words),
            Column("target", label="To what", accessor=_link),
            Column("reason", label="Reason"),
        ]

    def get_base_queryset(self):
        return rows(self.request.user)


class AuditViewSet(ModeratorsViewSet):
    model = Activity
    name = "members_audit"
    url_prefix = "audit"
    icon = "history"
    menu_label = "Audit trail"
    index_view_class = AuditIndexView

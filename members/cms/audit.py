"""The audit trail: who did what to what, and when. Nothing here can be changed."""

from collections.abc import Callable

import django_filters
from django.db.models import Q
from django.urls import path
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSet

from members.inbox import NOTICES
from members.models import Activity, Member
from members.models.activity import verb_in_words

from .permissions import ModeratorsMenuItem, ModeratorsPolicy

# What other apps add: "this moderator is not to read these rows". See leaves_out().
_left_out: list[Callable[[Member], Q]] = []


def leaves_out(condition: Callable[[Member], Q]):
    """Registers a condition on Activity, made for a moderator, under which that moderator doesn't see a row.

    For example: it is about a request of their own organisation, and names who answered it.
    """
    _left_out.append(condition)
    return condition


class AuditFilterSet(WagtailFilterSet):
    verb = django_filters.ChoiceFilter(
        label="What", choices=lambda: [(verb, verb_in_words(verb)) for verb in sorted(NOTICES)]
    )
    actor = django_filters.CharFilter(label="Who (name)", field_name="actor__name", lookup_expr="icontains")
    member = django_filters.NumberFilter(label="About the member with the number", method="about_member")

    class Meta:
        model = Activity
        fields = ["verb", "actor", "member"]

    def about_member(self, queryset, name, value):
        return queryset.filter(target_type__app_label="members", target_type__model="member", target_id=value)


class AuditIndexView(generic.IndexView):
    model = Activity
    permission_policy = ModeratorsPolicy(Activity, {"view"})
    any_permission_required = ["view"]
    page_title = "Audit trail"
    header_icon = "history"
    index_url_name = "members_audit:index"
    index_results_url_name = "members_audit:index_results"
    default_ordering = ("-created_at", "-pk")
    filterset_class = AuditFilterSet
    paginate_by = 50

    @cached_property
    def columns(self):
        return [
            DateColumn("created_at", label="When"),
            Column("actor", label="Who", accessor=lambda a: a.actor.byline.name if a.actor else "The forum itself"),
            Column("verb", label="What", accessor=lambda a: a.in_words),
            Column("target", label="To what", accessor=_target),
            Column("reason", label="Reason"),
        ]

    def get_base_queryset(self):
        rows = Activity.objects.select_related("actor", "target_type").prefetch_related("target")
        for condition in _left_out:
            rows = rows.exclude(condition(self.request.user))
        return rows


def _target(activity: Activity) -> str:
    kind = activity.target_type.name.capitalize()
    target = activity.target
    if target is None:
        return f"{kind} {activity.target_id}, no longer there"
    byline = getattr(target, "byline", None)
    return f"{kind} {activity.target_id}: {byline.name if byline else target}"


class AuditViewSet(ViewSet):
    name = "members_audit"
    url_prefix = "audit"
    icon = "history"
    menu_label = "Audit trail"
    menu_item_class = ModeratorsMenuItem

    def get_urlpatterns(self):
        return [
            path("", AuditIndexView.as_view(), name="index"),
            path("results/", AuditIndexView.as_view(results_only=True), name="index_results"),
        ]

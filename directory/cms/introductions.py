"""The queue of introductions: read, forward, return, reject."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from lib.access import refusal
from members import inbox
from members.cms.audit import Description, describes, leaves_out
from members.cms.pages import IndexView, ModeratorsViewSet, Summary

from .. import access
from ..actions import introductions as actions
from ..models import Introduction, OfficerListing
from ..presenters.introductions import seen
from ..rules.quota import quota
from .queues import QueueDecisionView, QueueInspectView, ReasonForm, waiting_first

Status = Introduction.Status


@leaves_out
def _own_introductions(moderator) -> Q:
    """In the audit trail the row of a "no" would name the officer to the supplier's own moderator."""
    kind = ContentType.objects.get_for_model(Introduction)
    return Q(target_type=kind, target_id__in=access.concerning(moderator).values("pk"))


@describes(Introduction.objects.select_related("supplier").defer("purpose", "message"))
def _introduction(introduction: Introduction) -> Description:
    supplier = introduction.supplier.short_name
    words = f"Introduction {introduction.pk} {'of' if introduction.asks_officer else 'to'} {supplier}"
    return Description(
        words, reverse("directory_introductions:inspect", args=[introduction.pk]) if introduction.submitted_at else ""
    )


class IntroductionsFilterSet(WagtailFilterSet):
    class Meta:
        model = Introduction
        fields = ["status", "direction"]


class IntroductionsIndexView(IndexView):
    page_title = "Introductions"
    results_template_name = "directory/cms/introductions_results.html"
    search_fields = ["purpose", "supplier__name", "described_as"]
    filterset_class = IntroductionsFilterSet
    default_ordering = ("waits", "submitted_at")

    @cached_property
    def columns(self):
        return [
            self.title_column("purpose", "What for", sort_key="purpose"),
            Column(
                "supplier", label="Supplier", accessor=lambda one: one.supplier.short_name, sort_key="supplier__name"
            ),
            Column("officer", label="Officer", accessor="described_as"),
            Column("status", label="State", accessor=_state, sort_key="status"),
            DateColumn("submitted_at", label="Sent", sort_key="submitted_at"),
        ]

    def get_base_queryset(self):
        return waiting_first(access.decidable_introductions(self.request.user).select_related("supplier"))


def _state(introduction: Introduction) -> str:
    if introduction.status == Status.SUBMITTED:
        return "Waits for you"
    return introduction.get_status_display() if introduction.asks_officer else "Sent by the officer"


class IntroductionInspectView(QueueInspectView):
    page_title = "Introduction"
    template_name = "directory/cms/introduction.html"

    def get_queryset(self):
        return access.decidable_introductions(self.request.user).select_related(
            "supplier__listing", "officer__organisation", "asked_by__organisation"
        )

    def get_page_subtitle(self):
        return self.object.purpose

    def decisions(self):
        if self.object.status != Status.SUBMITTED:
            return []
        return [("forward", "Forward"), ("return", "Return"), ("reject", "Reject")]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        introduction, now = self.object, timezone.now()
        as_seen = seen(self.request.user, introduction)
        inbox.mark_read(self.request.user, about=[as_seen.about])
        of_supplier = Introduction.objects.filter(supplier=introduction.supplier, direction=introduction.direction)
        return context | {
            "introduction": as_seen,
            "state": _state(introduction),
            "refusal": introduction.status == Status.SUBMITTED and refusal(access.check_forward, introduction, now),
            "officer_listing": OfficerListing.objects.filter(member=introduction.officer).first(),
            "waiting_for_officer": Introduction.objects.filter(
                officer=introduction.officer, status=Status.FORWARDED
            ).count(),
            "quota": quota(introduction.supplier, now),
            "outcomes": _outcomes(of_supplier),
            "others": of_supplier.exclude(pk=introduction.pk)
            .filter(submitted_at__isnull=False)
            .order_by("-submitted_at")[:8],
        }


def _outcomes(introductions) -> list[tuple[str, int]]:
    """How often which outcome, of all that were sent."""
    labels = dict(Status.choices)
    counted = (
        introductions.filter(submitted_at__isnull=False).order_by("status").values_list("status").annotate(Count("pk"))
    )
    return [(labels[status], count) for status, count in counted]


class _IntroductionDecision(QueueDecisionView):
    def get_base_object_queryset(self):
        return access.decidable_introductions(self.request.user).select_related(
            "supplier", "officer__organisation", "officer__officer_listing"
        )

    def get_page_subtitle(self):
        return self.object.purpose

    def waits(self):
        return self.object.status == Status.SUBMITTED

    @cached_property
    def name_is_known(self) -> bool:
        """Whether the supplier reads in the listing who the officer is."""
        return access.shows_name(self.object.officer)

    @property
    def to_be_left_out(self) -> str:
        return "don’t give the officer’s address" if self.name_is_known else "don’t name the officer"

    def text(self):
        return [("What for", self.object.purpose), ("Message", self.object.message)] if self.waits() else []

    def anything_waits(self):
        return access.decidable_introductions(self.request.user).filter(status=Status.SUBMITTED).exists()


class ForwardView(_IntroductionDecision):
    page_title = "Forward to the officer"
    submit_label = "Forward"

    @cached_property
    def explanation(self) -> str:  # type: ignore[override]
        told = "The supplier is told that it was forwarded"
        unnamed = "" if self.name_is_known else ", and still doesn’t learn who the officer is"
        return f"The officer gets the request, with the name of who asks. {told}{unnamed}."

    def decide(self, form):
        actions.forward(actor=self.moderator, introduction=self.object, **form.cleaned_data)
        return "The request is with the officer."


class ReturnView(_IntroductionDecision):
    page_title = "Return to the supplier"
    submit_label = "Return"
    form_class = ReasonForm

    @cached_property
    def explanation(self) -> str:  # type: ignore[override]
        return (
            "The supplier can change the request and send it again. The officer isn’t told. "
            f"Write what is to be changed, and {self.to_be_left_out}."
        )

    def decide(self, form):
        actions.return_(actor=self.moderator, introduction=self.object, **form.cleaned_data)
        return "The request is with the supplier again."


class RejectView(_IntroductionDecision):
    page_title = "Reject"
    submit_label = "Reject"
    is_serious = True
    form_class = ReasonForm

    @cached_property
    def explanation(self) -> str:  # type: ignore[override]
        return (
            "The request ends here, and this can’t be undone. The officer isn’t told. "
            f"Write why, and {self.to_be_left_out}."
        )

    def decide(self, form):
        actions.reject(actor=self.moderator, introduction=self.object, **form.cleaned_data)
        return "The request is rejected, and the supplier told why."


class IntroductionsViewSet(ModeratorsViewSet):
    model = Introduction
    name = "directory_introductions"
    url_prefix = "introductions"
    icon = "mail"
    menu_label = "Introductions"
    index_view_class = IntroductionsIndexView
    inspect_view_class = IntroductionInspectView
    decision_view_classes = {"forward": ForwardView, "return": ReturnView, "reject": RejectView}


class IntroductionsSummary(Summary):
    order = 60
    icon = "mail"
    one = "introduction waits for a moderator"
    many = "introductions wait for a moderator"
    url_name = "directory_introductions:index"

    def count(self):
        return access.decidable_introductions(self.request.user).filter(status=Status.SUBMITTED).count()

"""The queue of suppliers' listings: read what would change, approve, return."""

from django.db.models import Case, IntegerField, Value, When
from django.urls import path, reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.base import ViewSet

from lib.access import allows
from members import inbox
from members.cms.audit import Description, describes
from members.cms.pages import IndexView, Summary
from members.cms.permissions import ModeratorsMenuItem, ModeratorsPolicy

from .. import access
from ..actions import listings as actions
from ..models import OfficerListing, SupplierListing
from ..presenters.proposals import differences
from ..queries.listings import waiting_listings
from .queues import QueueDecisionView, QueueInspectView, ReasonForm

QUEUE = "directory_listings"
LABEL = "Supplier listings"
POLICY = ModeratorsPolicy(SupplierListing, {"view"})
Status = SupplierListing.Status


@describes(SupplierListing.objects.select_related("supplier"))
def _listing(listing: SupplierListing) -> Description:
    return Description(f"Listing of {listing.supplier.short_name}", reverse(f"{QUEUE}:inspect", args=[listing.pk]))


@describes(OfficerListing.objects.select_related("member__organisation"))
def _officer_listing(listing: OfficerListing) -> Description:
    """Leads to the member: the listing's own page may not give the name to everybody who moderates."""
    return Description(
        f"Listing of {listing.member.byline.name}", reverse("members_people:inspect", args=[listing.member_id])
    )


class ListingsFilterSet(WagtailFilterSet):
    class Meta:
        model = SupplierListing
        fields = ["status", "size"]


class ListingsIndexView(IndexView):
    model = SupplierListing
    permission_policy = POLICY
    page_title = LABEL
    header_icon = "clipboard-list"
    index_url_name = f"{QUEUE}:index"
    index_results_url_name = f"{QUEUE}:index_results"
    inspect_url_name = f"{QUEUE}:inspect"
    results_template_name = "directory/cms/listings_results.html"
    search_fields = ["supplier__name", "strapline"]
    filterset_class = ListingsFilterSet
    default_ordering = ("waits", "moved_at")

    @cached_property
    def columns(self):
        return [
            self.title_column("name", "Supplier", sort_key="supplier__name"),
            Column("strapline", label="In one line", accessor=lambda one: one.proposal.get("strapline", one.strapline)),
            Column("status", label="State", accessor=_state, sort_key="status"),
            Column("is_public", label="Public", accessor=lambda one: "Yes" if one.is_public else "No"),
            DateColumn("moved_at", label="Since", sort_key="moved_at"),
        ]

    def get_base_queryset(self):
        waits = Case(When(status=Status.SUBMITTED, then=Value(0)), default=Value(1), output_field=IntegerField())
        return access.visible_proposals(self.request.user).annotate(waits=waits)


def _state(listing: SupplierListing) -> str:
    if listing.status == Status.SUBMITTED:
        return "Change waits for you" if listing.is_public else "Waits for you"
    return listing.get_status_display()


class ListingInspectView(QueueInspectView):
    model = SupplierListing
    permission_policy = POLICY
    queue = QUEUE
    page_title = "Supplier listing"
    header_icon = "clipboard-list"
    index_url_name = f"{QUEUE}:index"
    template_name = "directory/cms/listing.html"

    def get_queryset(self):
        return access.visible_proposals(self.request.user)

    def get_page_subtitle(self):
        return self.object.name

    def decisions(self):
        waits = self.object.status == Status.SUBMITTED
        if not (waits and allows(access.check_decide_listing, self.request.user, self.object)):
            return []
        return [("approve", "Approve"), ("return", "Return")]

    def get_context_data(self, **kwargs):
        inbox.mark_read(self.request.user, about=[f"listing:{self.object.pk}"])
        return super().get_context_data(**kwargs) | {
            "listing": self.object,
            "state": _state(self.object),
            "differences": differences(self.object),
        }


class _ListingDecision(QueueDecisionView):
    model = SupplierListing
    permission_policy = POLICY
    header_icon = "clipboard-list"
    queue = QUEUE
    queue_label = LABEL

    def get_base_object_queryset(self):
        return access.visible_proposals(self.request.user)

    def waits(self):
        return self.object.status == Status.SUBMITTED

    def text(self):
        return [(field.label, field.after) for field in differences(self.object)] if self.waits() else []

    def anything_waits(self):
        return waiting_listings().exists()


class ApproveView(_ListingDecision):
    page_title = "Approve"
    submit_label = "Approve"
    explanation = "The text becomes public as it stands, and the supplier’s members are told."

    def decide(self, form):
        actions.approve(actor=self.moderator, listing=self.object, **form.cleaned_data)
        return "The listing is public."


class ReturnListingView(_ListingDecision):
    page_title = "Return to the supplier"
    submit_label = "Return"
    form_class = ReasonForm
    explanation = (
        "The supplier can change the text and send it again. What is public stays so. Write what is to be changed."
    )

    def decide(self, form):
        actions.return_(actor=self.moderator, listing=self.object, **form.cleaned_data)
        return "The listing is with the supplier again."


class ListingsViewSet(ViewSet):
    name = QUEUE
    url_prefix = "supplier-listings"
    icon = "clipboard-list"
    menu_label = LABEL
    menu_item_class = ModeratorsMenuItem

    def get_urlpatterns(self):
        return [
            path("", ListingsIndexView.as_view(), name="index"),
            path("results/", ListingsIndexView.as_view(results_only=True), name="index_results"),
            path("<int:pk>/", ListingInspectView.as_view(), name="inspect"),
            path("<int:pk>/approve/", ApproveView.as_view(), name="approve"),
            path("<int:pk>/return/", ReturnListingView.as_view(), name="return"),
        ]


class ListingsSummary(Summary):
    order = 70
    icon = "clipboard-list"
    one = "supplier listing waits for a moderator"
    many = "supplier listings wait for a moderator"
    url_name = f"{QUEUE}:index"

    def count(self):
        return waiting_listings().count()

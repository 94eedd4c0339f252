"""The queue of suppliers' listings: read what would change, approve, return."""

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from lib.access import allows
from members import inbox
from members.cms.audit import Description, describes
from members.cms.pages import IndexView, ModeratorsViewSet, Summary

from .. import access
from ..actions import listings as actions
from ..models import OfficerListing, SupplierListing
from ..presenters.proposals import differences
from ..queries.listings import waiting_listings
from .queues import QueueDecisionView, QueueInspectView, ReasonForm, waiting_first

Status = SupplierListing.Status


@describes(SupplierListing.objects.select_related("supplier"))
def _listing(listing: SupplierListing) -> Description:
    return Description(
        f"Listing of {listing.supplier.short_name}", reverse("directory_listings:inspect", args=[listing.pk])
    )


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
    page_title = "Supplier listings"
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
        return waiting_first(access.visible_proposals(self.request.user))


def _state(listing: SupplierListing) -> str:
    if listing.status == Status.SUBMITTED:
        return "Change waits for you" if listing.is_public else "Waits for you"
    return listing.get_status_display()


class ListingInspectView(QueueInspectView):
    page_title = "Supplier listing"
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


class ListingsViewSet(ModeratorsViewSet):
    model = SupplierListing
    name = "directory_listings"
    url_prefix = "supplier-listings"
    icon = "clipboard-list"
    menu_label = "Supplier listings"
    index_view_class = ListingsIndexView
    inspect_view_class = ListingInspectView
    decision_view_classes = {"approve": ApproveView, "return": ReturnListingView}


class ListingsSummary(Summary):
    order = 70
    icon = "clipboard-list"
    one = "supplier listing waits for a moderator"
    many = "supplier listings wait for a moderator"
    url_name = "directory_listings:index"

    def count(self):
        return waiting_listings().count()

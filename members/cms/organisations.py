"""Organisations in the CMS admin: the list, the form with the e-mail domains, and the chooser."""

from django import forms
from django.db.models import Q
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from lib.forms import submit
from members.actions import organisations as actions
from members.models import Organisation

from .pages import SavedByAction
from .permissions import ModeratorsMenuItem, ModeratorsPolicy

register_permission_policy(Organisation, ModeratorsPolicy(Organisation, {"view", "add", "change"}))


class OrganisationForm(forms.ModelForm):
    domains = forms.CharField(
        label="E-mail domains",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "One a line, for example camden.gov.uk. Whoever confirms an address there becomes an officer of this body "
            "at once. Subdomains count only if they stand here, too. For public bodies only."
        ),
    )
    website = forms.URLField(required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = [
            "kind", "name", "short_name", "domains", "region", "nation", "authority_type", "authority_code", "gss_code",
            "website", "closed_on",
        ]  # fmt: skip
        widgets = {"closed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["domains"] = "\n".join(self.instance.email_domains.values_list("domain", flat=True))
        self.order_fields(self.Meta.fields)

    def clean_authority_code(self):
        return self.cleaned_data["authority_code"] or None

    def action_values(self) -> dict:
        values = dict(self.cleaned_data)
        return {"domains": values.pop("domains").split(), "values": values}


class ShortOrganisationForm(OrganisationForm):
    """What a moderator fills in while verifying somebody."""

    website = None

    class Meta(OrganisationForm.Meta):
        fields = ["kind", "name", "short_name", "domains"]


class OrganisationFilterSet(WagtailFilterSet):
    class Meta:
        model = Organisation
        fields = ["kind", "nation"]


class CreateView(SavedByAction, generic.CreateView):
    def act(self, form):
        return actions.add(actor=self.request.user, **form.action_values())


class EditView(SavedByAction, generic.EditView):
    def act(self, form):
        return actions.change(actor=self.request.user, organisation=self.object, **form.action_values())


class OrganisationViewSet(ModelViewSet):
    model = Organisation
    name = "members_organisations"
    url_prefix = "organisations"
    icon = "home"
    menu_label = "Organisations"
    menu_item_class = ModeratorsMenuItem
    add_view_class = CreateView
    edit_view_class = EditView
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = [
        "name",
        "short_name",
        Column("get_kind_display", label="Kind", sort_key="kind"),
        "region",
        "closed_on",
    ]
    filterset_class = OrganisationFilterSet
    search_fields = ["name", "short_name", "authority_code", "email_domains__domain"]
    search_backend_name = None
    ordering = "name"
    list_per_page = 50

    def get_form_class(self, for_update=False):
        return OrganisationForm


class ChooserFilterForm(BaseFilterForm):
    q = forms.CharField(
        label="Search",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Name or e-mail domain", "autocomplete": "off"}),
    )

    def filter(self, objects):
        if not (words := self.cleaned_data.get("q", "").strip()):
            return objects
        self.is_searching, self.search_query = True, words
        named = Q(name__icontains=words) | Q(short_name__icontains=words)
        return objects.filter(named | Q(email_domains__domain__icontains=words)).distinct()


class ChooseView(chooser_views.ChooseView):
    filter_form_class = ChooserFilterForm

    def get_creation_form_kwargs(self):
        return super().get_creation_form_kwargs() | {"initial": {"kind": self.request.GET.get("kind", "")}}


class ChooseResultsView(chooser_views.ChooseResultsView):
    filter_form_class = ChooserFilterForm


class ChooserCreateView(chooser_views.CreateView):
    def post(self, request):
        self.form = form = self.get_creation_form()
        organisation = submit(request, form, lambda **typed: actions.add(actor=request.user, **form.action_values()))
        return self.get_chosen_response(organisation) if organisation else self.get_reshow_creation_form_response()


class OrganisationChooserViewSet(ChooserViewSet):
    model = Organisation
    name = "members_organisation_chooser"
    url_prefix = "organisation-chooser"
    icon = "home"
    choose_one_text = "Choose an organisation"
    choose_another_text = "Choose another organisation"
    creation_tab_label = "Add an organisation"
    create_action_label = "Add organisation"
    creation_form_class = ShortOrganisationForm
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    create_view_class = ChooserCreateView
    url_filter_parameters = ["kind"]
    preserve_url_parameters = ["multiple", "kind"]


organisation_chooser = OrganisationChooserViewSet()

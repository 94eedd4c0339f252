"""One page for each decision of a moderator about a member."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cdoforum.lib.access import Denied
from members import queries
from members.actions import suspension, verification
from members.actions.reasons import MAX_LENGTH
from members.models import Member, Organisation
from members.models.domains import domain_of

from .organisations import organisation_chooser
from .permissions import ModeratorsPolicy


class DecisionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, BaseObjectMixin, FormView):
    """One decision about one member: asks for what it needs, and calls the action. Pressing twice is harmless."""

    model = Member
    permission_policy = ModeratorsPolicy(Member)
    permission_required = "view"
    template_name = "members/cms/decide.html"
    header_icon = "user"
    explanation = ""
    submit_label = ""
    is_serious = False
    back_to_queue = False

    def decide(self, form) -> str:
        """Calls the action. → what to tell the moderator."""
        raise NotImplementedError

    def get_base_object_queryset(self):
        return Member.objects.filter(erased_at=None).select_related("organisation")

    def get_page_subtitle(self):
        return self.object.byline.name

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse("members_people:index"), "label": "Members"},
            {"url": reverse("members_people:inspect", args=[self.object.pk]), "label": self.object.byline.name},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form):
        try:
            done = self.decide(form)
        except Denied as denied:
            form.add_error(None, denied.reason)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(self.request, done)
            if self.back_to_queue and queries.waiting().exists():
                return redirect("members_waiting:index")
            return redirect("members_people:inspect", self.object.pk)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "person": self.object,
            "explanation": self.explanation,
            "submit_label": self.submit_label,
            "is_serious": self.is_serious,
            "cancel_url": reverse("members_people:inspect", args=[self.object.pk]),
            "media": context["form"].media,
        }


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The member reads it, in the inbox and by e-mail. Say what would change your mind.",
        error_messages={"required": "Write the reason: the member reads it."},
    )


class NoteForm(forms.Form):
    reason = forms.CharField(
        label="A word to the member", required=False, max_length=MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class _OrganisationForm(forms.Form):
    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    organisation_kind: str

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = self.organisation_kind
        self.fields["organisation"] = forms.ModelChoiceField(
            queryset=Organisation.objects.filter(kind=self.organisation_kind),
            widget=organisation_chooser.widget_class(linked_fields={"kind": "#id_kind"}, show_edit_link=False),
            error_messages={
                "required": "Choose the organisation.",
                "invalid_choice": "Choose an organisation of this kind.",
            },
        )


class OfficerForm(_OrganisationForm):
    organisation_kind = Organisation.Kind.PUBLIC_BODY


class SupplierForm(_OrganisationForm):
    organisation_kind = Organisation.Kind.SUPPLIER


class _VerifyView(DecisionView):
    back_to_queue = True

    def get_initial(self):
        member = self.object
        known = queries.organisation_called(member.claimed_organisation) or queries.public_body_of(
            domain_of(member.email)
        )
        suits = known and known.kind == self.form_class.organisation_kind
        return {"kind": self.form_class.organisation_kind, **({"organisation": known.pk} if suits else {})}


class VerifyOfficerView(_VerifyView):
    page_title = "Verify as officer"
    explanation = "The member reads and posts in the spaces for officers from now on, and is told by e-mail."
    submit_label = "Verify as officer"
    form_class = OfficerForm

    def decide(self, form):
        organisation = form.cleaned_data["organisation"]
        member = verification.verify_officer(actor=self.request.user, member=self.object, organisation=organisation)
        return f"{member.byline.name} is an officer of {organisation.name}."


class VerifySupplierMemberView(_VerifyView):
    page_title = "Verify as supplier member"
    explanation = "The member speaks for this supplier from now on, with the mark Supplier beside the name."
    submit_label = "Verify as supplier member"
    form_class = SupplierForm

    def decide(self, form):
        organisation = form.cleaned_data["organisation"]
        member = verification.verify_supplier_member(
            actor=self.request.user, member=self.object, organisation=organisation
        )
        return f"{member.byline.name} is a member of {organisation.name}."


class DeclineView(DecisionView):
    page_title = "Decline"
    explanation = "The member stays a newcomer, reads your reason, and may ask again."
    submit_label = "Decline"
    form_class = ReasonForm
    back_to_queue = True

    def decide(self, form):
        verification.decline(actor=self.request.user, member=self.object, **form.cleaned_data)
        return "Declined. The member reads your reason."


class RevokeView(DecisionView):
    page_title = "Revoke verification"
    explanation = "The member is a newcomer again, at once and in every open tab. What they wrote stays."
    submit_label = "Revoke verification"
    form_class = ReasonForm
    is_serious = True

    def decide(self, form):
        verification.revoke(actor=self.request.user, member=self.object, **form.cleaned_data)
        return "The verification is taken back."


class SuspendView(DecisionView):
    page_title = "Suspend"
    explanation = (
        "The member is signed out everywhere and can’t sign in until you restore the account. What they wrote stays."
    )
    submit_label = "Suspend"
    form_class = ReasonForm
    is_serious = True

    def decide(self, form):
        suspension.suspend(actor=self.request.user, member=self.object, **form.cleaned_data)
        return "The member is suspended and signed out everywhere."


class RestoreView(DecisionView):
    page_title = "Restore"
    explanation = "The member can sign in again, with the standing from before."
    submit_label = "Restore"
    form_class = NoteForm

    def decide(self, form):
        suspension.restore(actor=self.request.user, member=self.object, **form.cleaned_data)
        return "The member can sign in again."


urlpatterns = [
    path("<int:pk>/verify-officer/", VerifyOfficerView.as_view(), name="verify_officer"),
    path("<int:pk>/verify-supplier/", VerifySupplierMemberView.as_view(), name="verify_supplier_member"),
    path("<int:pk>/decline/", DeclineView.as_view(), name="decline"),
    path("<int:pk>/revoke/", RevokeView.as_view(), name="revoke"),
    path("<int:pk>/suspend/", SuspendView.as_view(), name="suspend"),
    path("<int:pk>/restore/", RestoreView.as_view(), name="restore"),
]

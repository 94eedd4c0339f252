"""One page for each decision of a moderator about a member."""

from django import forms
from django.urls import reverse

from members import queries
from members.actions import suspension, verification
from members.models import Member, Organisation
from members.models.domains import domain_of

from .organisations import organisation_chooser
from .pages import DecisionView, reason_field


class _MemberDecision(DecisionView):
    back_to_queue = False

    def get_base_object_queryset(self):
        return Member.objects.filter(erased_at=None).select_related("organisation")

    def get_page_subtitle(self):
        return self.object.byline.name

    def text(self):
        return [("Works as", self.object.byline.detail), ("Says they work for", self.object.claimed_organisation)]

    def next_url(self):
        waits = self.back_to_queue and queries.waiting().exists()
        return reverse("members_waiting:index") if waits else self.inspect_url


class ReasonForm(forms.Form):
    reason = reason_field(
        reader="the member",
        help_text="The member reads it, in the inbox and by e-mail. Say what would change your mind.",
    )


class NoteForm(forms.Form):
    reason = reason_field(reader="the member", label="A word to the member", required=False)


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


class _VerifyView(_MemberDecision):
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
        member = verification.verify_officer(actor=self.moderator, member=self.object, organisation=organisation)
        return f"{member.byline.name} is an officer of {organisation.name}."


class VerifySupplierMemberView(_VerifyView):
    page_title = "Verify as supplier member"
    explanation = "The member speaks for this supplier from now on, with the mark Supplier beside the name."
    submit_label = "Verify as supplier member"
    form_class = SupplierForm

    def decide(self, form):
        organisation = form.cleaned_data["organisation"]
        member = verification.verify_supplier_member(
            actor=self.moderator, member=self.object, organisation=organisation
        )
        return f"{member.byline.name} is a member of {organisation.name}."


class DeclineView(_MemberDecision):
    page_title = "Decline"
    explanation = "The member stays a newcomer, reads your reason, and may ask again."
    submit_label = "Decline"
    form_class = ReasonForm
    back_to_queue = True

    def decide(self, form):
        verification.decline(actor=self.moderator, member=self.object, **form.cleaned_data)
        return "Declined. The member reads your reason."


class RevokeView(_MemberDecision):
    page_title = "Revoke verification"
    explanation = "The member is a newcomer again, at once and in every open tab. What they wrote stays."
    submit_label = "Revoke verification"
    form_class = ReasonForm
    is_serious = True

    def decide(self, form):
        verification.revoke(actor=self.moderator, member=self.object, **form.cleaned_data)
        return "The verification is taken back."


class SuspendView(_MemberDecision):
    page_title = "Suspend"
    explanation = (
        "The member is signed out everywhere and can’t sign in until you restore the account. What they wrote stays."
    )
    submit_label = "Suspend"
    form_class = ReasonForm
    is_serious = True

    def decide(self, form):
        suspension.suspend(actor=self.moderator, member=self.object, **form.cleaned_data)
        return "The member is suspended and signed out everywhere."


class RestoreView(_MemberDecision):
    page_title = "Restore"
    explanation = "The member can sign in again, with the standing from before."
    submit_label = "Restore"
    form_class = NoteForm

    def decide(self, form):
        suspension.restore(actor=self.moderator, member=self.object, **form.cleaned_data)
        return "The member can sign in again."

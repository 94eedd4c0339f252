"""Wagtail's Users in Settings, for administrators: accounts and groups. Its views write through our actions."""

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.users.views import users as wagtail_users
from wagtail.users.views.bulk_actions import AssignRoleBulkAction, DeleteBulkAction, SetActiveStateBulkAction
from wagtail.users.views.users import UserViewSet

from lib.forms import LineField
from members.actions import accounts
from members.models import Member

from .pages import SavedByAction


class AccountForm(forms.ModelForm):
    """The fields of an account. Standing and organisation come by verification, never from here."""

    password1 = forms.CharField(
        label="New password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Member
        fields = ["email", "name", "job_title", "is_superuser", "groups"]
        field_classes = {"name": LineField, "job_title": LineField}
        labels = {"is_superuser": "Administrator"}
        help_texts = {"is_superuser": "Administrators may do everything.", "groups": ""}
        widgets = {"groups": forms.CheckboxSelectMultiple}
        error_messages = {
            "email": {"invalid": "Write an e-mail address such as name@council.gov.uk."},
            "name": {"required": "Write a name."},
        }

    def __init__(self, *args, editing_self=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = Group.objects.order_by("name")
        if editing_self:
            del self.fields["is_superuser"]

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        taken = Member.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists()
        if (
            taken
            or EmailAddress.objects.filter(email__iexact=email, verified=True).exclude(user=self.instance.pk).exists()
        ):
            raise forms.ValidationError("Another member has this address.")
        return email

    def clean_password1(self):
        if password := self.cleaned_data["password1"]:
            validate_password(password, self.instance)
        return password

    def action_values(self):
        data = dict(self.cleaned_data)
        return {"groups": data.pop("groups"), "password": data.pop("password1") or None, "values": data}


class NewAccountForm(AccountForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = "Password"
        self.fields["password1"].help_text = "Leave it empty: the member then sets one with “Forgotten your password?”."


class IndexView(wagtail_users.IndexView):
    page_title = "Accounts"
    add_item_label = "Add an account"
    search_fields = ["name", "email"]
    default_ordering = "name"

    @property
    def columns(self):
        return [
            self._get_title_column("name", sort_key="name", get_url=self.get_edit_url),
            Column("email", label="E-mail address", sort_key="email"),
            Column("get_standing_display", label="Standing", sort_key="standing"),
            Column("is_superuser", accessor=lambda m: "Administrator" if m.is_superuser else "", label="Access"),
            Column("is_active", accessor=lambda m: "Active" if m.is_active else "Suspended", label="State"),
        ]

    def _get_title_column(self, field_name, **kwargs):
        kwargs.setdefault("label", "Name")
        return self._get_title_column_class(TitleColumn)(field_name, **kwargs)

    def get_base_queryset(self):
        return Member.objects.filter(erased_at=None)

    def order_queryset(self, queryset):
        return queryset.order_by(self.ordering or "name")


class CreateView(SavedByAction, wagtail_users.CreateView):
    def act(self, form):
        return accounts.add_member(actor=self.request.user, **form.action_values())


class EditView(SavedByAction, wagtail_users.EditView):
    def act(self, form):
        return accounts.change_member(actor=self.request.user, member=self.object, **form.action_values())


class DeleteView(wagtail_users.DeleteView):
    """Members are never deleted: what they wrote stays. They are suspended, or erase themselves."""

    def dispatch(self, request, *args, **kwargs):
        raise PermissionDenied


class AccountViewSet(UserViewSet):
    model = Member
    ordering = "name"
    index_view_class = IndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    template_prefix = ""
    copy_view_enabled = False
    menu_label = "Accounts"

    def get_form_class(self, for_update=False):
        return AccountForm if for_update else NewAccountForm


class _Refused:
    """Takes the place of one of Wagtail's bulk actions, which would write past our actions."""

    def check_perm(self, obj):
        return False


class NoBulkDelete(_Refused, DeleteBulkAction):
    pass


class NoBulkActiveState(_Refused, SetActiveStateBulkAction):
    pass


class NoBulkRole(_Refused, AssignRoleBulkAction):
    pass

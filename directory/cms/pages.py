"""What both queues share: a list, a page about one thing, and a page for each decision."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cdoforum.lib.access import Denied
from members.models import Member

from ..actions.writing import CHANGED_SINCE


class DecisionForm(forms.Form):
    """A decision that needs no words. `seen` is the version of the text that the moderator has read."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(DecisionForm):
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write the reason: the supplier reads it."},
    )


class QueueIndexView(generic.IndexView):
    any_permission_required = ["view"]
    paginate_by = 30
    search_backend_name = None

    def title_column(self, name, label, **kwargs):
        return self._get_title_column_class(TitleColumn)(name, label=label, get_url=self.get_inspect_url, **kwargs)


class QueueInspectView(generic.InspectView):
    """What a moderator needs to know to decide, and the decisions that are open."""

    any_permission_required = ["view"]
    queue = ""  # the URL namespace

    def get_queryset(self):
        """What this moderator may open. Wagtail's own page would open everything."""
        raise NotImplementedError

    def get_object(self, queryset=None):
        return get_object_or_404(self.get_queryset(), pk=self.pk)

    def decisions(self) -> list[tuple[str, str]]:
        """(URL name, label) of what can be decided now."""
        raise NotImplementedError

    header_buttons = ()  # the decisions stand below what is to be read first

    def get_fields(self):
        return []

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "decisions": [(self._address(name), label) for name, label in self.decisions()]
        }

    def _address(self, name: str) -> str:
        """Of a decision's page, which is to know what has been read here."""
        return f"{reverse(f'{self.queue}:{name}', args=[self.object.pk])}?{urlencode({'seen': self.object.version})}"


class DecisionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, BaseObjectMixin, FormView):
    """One decision about one thing. Pressing twice is harmless, and so is a colleague who was quicker.

    The text stands on the page, and the form carries which one: nobody decides about a text that came after it.
    """

    permission_required = "view"
    template_name = "directory/cms/decide.html"
    form_class: type[forms.Form] = DecisionForm
    queue = ""
    queue_label = ""
    explanation = ""
    submit_label = ""
    is_serious = False

    def decide(self, form) -> str:
        """Calls the action. → what to tell the moderator."""
        raise NotImplementedError

    def waits(self) -> bool:
        """Whether the thing is still to be decided about."""
        raise NotImplementedError

    def text(self) -> list[tuple[str, str]]:
        """(label, words) of what is decided about, as it is now."""
        raise NotImplementedError

    def anything_waits(self) -> bool:
        raise NotImplementedError

    @property
    def moderator(self) -> Member:
        return self.request.user  # type: ignore[return-value]  # the policy lets nobody else in

    @property
    def inspect_url(self) -> str:
        return reverse(f"{self.queue}:inspect", args=[self.object.pk])

    def get_page_subtitle(self):
        return str(self.object)

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            {"url": reverse(f"{self.queue}:index"), "label": self.queue_label},
            {"url": self.inspect_url, "label": str(self.object)},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request, *args, **kwargs):
        if self.waits() and request.GET.get("seen", self.object.version) != self.object.version:
            messages.warning(request, CHANGED_SINCE)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {"seen": self.object.version}

    def form_valid(self, form):
        try:
            done = self.decide(form)
        except Denied as denied:
            form.add_error(None, denied.reason)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(self.request, done)
            return redirect(reverse(f"{self.queue}:index") if self.anything_waits() else self.inspect_url)
        return self.form_invalid(form)

    def form_invalid(self, form):
        """With the text of now. Who had another before them is told so, and may press again."""
        self.object = self.get_object()
        has_changed = form.data.get("seen") != self.object.version
        if has_changed and self.waits() and CHANGED_SINCE not in form.non_field_errors():
            form.add_error(None, CHANGED_SINCE)
        form.data = {**form.data.dict(), "seen": self.object.version}
        return super().form_invalid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "text": self.text() if self.waits() else [],
            "explanation": self.explanation,
            "submit_label": self.submit_label,
            "is_serious": self.is_serious,
            "cancel_url": self.inspect_url,
        }


class Summary(Component):
    """ "3 introductions wait", on the CMS's first page."""

    template_name = "directory/cms/summary.html"
    icon = ""
    one = ""
    many = ""
    url_name = ""

    def __init__(self, request):
        self.request = request

    def is_shown(self):
        return self.request.user.is_moderator

    def count(self) -> int:
        raise NotImplementedError

    def get_context_data(self, parent_context):
        count = self.count()
        return {
            "count": count,
            "words": self.one if count == 1 else self.many,
            "icon": self.icon,
            "url": reverse(self.url_name),
        }

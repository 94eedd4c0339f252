"""What both queues share: a list, a page about one thing, and a page for each decision."""

from urllib.parse import urlencode

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic

from members.cms.pages import DecisionView

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


class QueueDecisionView(DecisionView):
    """The text stands on the page, and the form carries which one: nobody decides about a text that came after it."""

    form_class: type[forms.Form] = DecisionForm

    def waits(self) -> bool:
        """Whether the thing is still to be decided about."""
        raise NotImplementedError

    def anything_waits(self) -> bool:
        raise NotImplementedError

    def next_url(self):
        return reverse(f"{self.queue}:index") if self.anything_waits() else self.inspect_url

    def get(self, request, *args, **kwargs):
        if self.waits() and request.GET.get("seen", self.object.version) != self.object.version:
            messages.warning(request, CHANGED_SINCE)
        return super().get(request, *args, **kwargs)

    def get_initial(self):
        return {"seen": self.object.version}

    def form_invalid(self, form):
        """With the text of now. Who had another before them is told so, and may press again."""
        self.object = self.get_object()
        has_changed = form.data.get("seen") != self.object.version
        if has_changed and self.waits() and CHANGED_SINCE not in form.non_field_errors():
            form.add_error(None, CHANGED_SINCE)
        form.data = {**form.data.dict(), "seen": self.object.version}
        return super().form_invalid(form)

"""What both queues share: a page about one thing, and a page for each decision."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from wagtail.admin import messages

from members.cms.pages import DecisionView, InspectView, reason_field

from ..rules.states import CHANGED_SINCE


def waiting_first(things: QuerySet) -> QuerySet:
    """With `waits`, by which those that wait for a moderator sort first."""
    waits = Case(When(status="submitted", then=Value(0)), default=Value(1), output_field=IntegerField())
    return things.annotate(waits=waits)


class DecisionForm(forms.Form):
    """A decision that needs no words. `seen` is the version of the text that the moderator has read."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ReasonForm(DecisionForm):
    reason = reason_field(reader="the supplier")


class QueueInspectView(InspectView):
    queue = ""  # the URL namespace

    def decisions(self) -> list[tuple[str, str]]:
        """(URL name, label) of what can be decided now."""
        raise NotImplementedError

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
        """With the text of now. Whoever had another before them is told so, and may press again."""
        self.object = self.get_object()
        has_changed = form.data.get("seen") != self.object.version
        if has_changed and self.waits() and CHANGED_SINCE not in form.non_field_errors():
            form.add_error(None, CHANGED_SINCE)
        form.data = {**form.data.dict(), "seen": self.object.version}
        return super().form_invalid(form)

"""What moderators' pages share, in every app: lists, pages about one thing, a page for each decision, and the lines
on the CMS's first page."""

from django.db.models import Model
from django.forms import CharField, Form, Textarea
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from lib.forms import status_of, submit
from members.actions.reasons import MAX_LENGTH
from members.models import Member

from .permissions import ModeratorsMenuItem, ModeratorsPolicy


def reason_field(*, reader: str, **kwargs) -> CharField:
    """What a moderator writes to `reader`. That it is too long, the action says: it counts a line's end as one."""
    defaults = {
        "label": "Reason",
        "widget": Textarea({"rows": 6, "maxlength": MAX_LENGTH}),
        "error_messages": {"required": f"Write the reason: {reader} reads it."},
    }
    return CharField(**defaults | kwargs)


class SavedByAction:
    """For Wagtail's views that add and change. They save the form; here an action does, and its no is in the form."""

    def act(self, form):
        """Calls the action. → what it saved."""
        raise NotImplementedError

    def is_valid(self, form):
        self.saved = submit(self.request, form, lambda **typed: self.act(form))
        return super().is_valid(form)  # which says what is wrong, and is False also when the action refused

    def save_instance(self):
        return self.saved


class IndexView(generic.IndexView):
    any_permission_required = ["view"]
    paginate_by = 30
    search_backend_name = None

    def title_column(self, name: str, label: str, **kwargs):
        return self._get_title_column_class(TitleColumn)(name, label=label, get_url=self.get_inspect_url, **kwargs)


class InspectView(generic.InspectView):
    """What a moderator needs to know to decide, and the decisions that are open."""

    any_permission_required = ["view"]
    header_buttons = ()  # the decisions stand below what is to be read first

    def get_queryset(self):
        """What this moderator may open. Wagtail's own page would open everything."""
        raise NotImplementedError

    def get_object(self, queryset=None):
        return get_object_or_404(self.get_queryset(), pk=self.pk)

    def get_fields(self):
        return []


class DecisionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, BaseObjectMixin, FormView):
    """One decision about one thing: asks for what it needs, and calls the action.

    Pressing twice is harmless, and so is a colleague who was quicker.
    """

    permission_required = "view"
    template_name = "members/cms/decide.html"
    queue = ""  # the URL namespace of the list, and of the page about one thing
    queue_label = ""
    explanation = ""
    submit_label = ""
    is_serious = False

    def decide(self, form: Form) -> str:
        """Calls the action. → what to tell the moderator."""
        raise NotImplementedError

    def text(self) -> list[tuple[str, str]]:
        """(label, words) of what is decided about."""
        return []

    def next_url(self) -> str:
        """Where the moderator goes on."""
        return self.inspect_url

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
            {"url": self.inspect_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.page_title},
        ]

    def form_valid(self, form):
        done = submit(self.request, form, lambda **typed: self.decide(form))
        if done is None:
            return self.form_invalid(form)
        messages.success(self.request, done)
        return redirect(self.next_url())

    def form_invalid(self, form):
        response = super().form_invalid(form)
        response.status_code = status_of(form)
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"text": self.text(), "media": context["form"].media}


class ModeratorsViewSet(ViewSet):
    """A list in moderators' menu, a page about each thing on it, and a page for each decision about one.

    How they find each other is said here; the views say what they show and do.
    """

    model: type[Model]
    menu_item_class = ModeratorsMenuItem
    index_view_class: type[IndexView]
    inspect_view_class: type[InspectView] | None = None
    decision_view_classes: dict[str, type[DecisionView]] = {}  # by URL name

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(
            model=self.model,
            permission_policy=ModeratorsPolicy(self.model),
            header_icon=self.icon,
            index_url_name=self.get_url_name("index"),
            index_results_url_name=self.get_url_name("index_results"),
            inspect_url_name=self.get_url_name("inspect") if self.inspect_view_class else self.UNDEFINED,
            queue=self.name,
            queue_label=self.menu_label,
            **kwargs,
        )

    def get_urlpatterns(self):
        index, inspect = self.index_view_class, self.inspect_view_class
        return [
            path("", self.construct_view(index), name="index"),
            path("results/", self.construct_view(index, results_only=True), name="index_results"),
            *([path("<int:pk>/", self.construct_view(inspect), name="inspect")] if inspect else []),
            *(
                path(f"<int:pk>/{name.replace('_', '-')}/", self.construct_view(view), name=name)
                for name, view in self.decision_view_classes.items()
            ),
        ]


class Summary(Component):
    """ "3 introductions wait", on the CMS's first page."""

    template_name = "members/cms/summary.html"
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

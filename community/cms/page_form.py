"""The form in which editors write a space."""

from wagtail.admin.forms import WagtailAdminPageForm

from ..models import SpacePage


class SpacePageForm(WagtailAdminPageForm):
    """Who may read is asked once, when a space is begun. From then on it is decided on a page of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in SpacePage.DECIDED:
                self.fields.pop(name, None)


SpacePage.base_form_class = SpacePageForm  # here, since models import no forms

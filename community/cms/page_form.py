"""The form in which editors write a space."""

from wagtail.admin.forms import WagtailAdminPageForm

from ..models import SpacePage


class SpacePageForm(WagtailAdminPageForm):
    """Opening what was said in a space to more people is a moderator's decision: its authors wrote for fewer."""

    def clean(self):
        cleaned = super().clean()
        audience = cleaned.get("audience")
        published = SpacePage.objects.filter(pk=self.instance.pk).first()
        if audience and published and audience not in published.audiences_within and not self.for_user.is_moderator:
            count = published.threads.count()
            if count:
                self.add_error(
                    "audience",
                    f"There {'is a thread' if count == 1 else f'are {count} threads'} in this space, written for: "
                    f"{published.get_audience_display().lower()}. Opening them to others takes a moderator’s rights, "
                    "too: ask an administrator.",
                )
        return cleaned


SpacePage.base_form_class = SpacePageForm  # here, since models import no forms

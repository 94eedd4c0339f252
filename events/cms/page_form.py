"""The form in which editors write an event: its times are wall-clock times in the event's own zone."""

import datetime as dt

from django import forms
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import AdminDateTimeInput

from .. import zones
from ..models import EventPage

WALL_CLOCK_FIELDS = ["starts_at", "ends_at", "registration_closes_at"]
PLACES = "Write a whole number from 1 to 100,000, or leave it empty for no limit."
FIRST_YEAR, LAST_YEAR = 2000, 2100


class WallClockField(forms.DateTimeField):
    """A date and time without a zone. Django's own field would read it in the zone of the editor's profile."""

    widget = AdminDateTimeInput

    def prepare_value(self, value):
        return value

    def to_python(self, value):
        if isinstance(value, dt.datetime) or value in self.empty_values:
            return value or None
        return super(forms.DateTimeField, self).to_python(value)


class EventPageForm(WagtailAdminPageForm):
    starts_at = WallClockField(label="Starts")
    ends_at = WallClockField(label="Ends")
    registration_closes_at = WallClockField(
        label="Registration closes", required=False, help_text="Leave it empty to keep registration open until the end."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = self.fields["capacity"]
        places.error_messages |= dict.fromkeys(["invalid", "min_value", "max_value"], PLACES)
        places.widget.attrs["min"] = 1
        for name in WALL_CLOCK_FIELDS:
            if moment := getattr(self.instance, name):
                self.initial[name] = zones.wall(moment, self.instance.timezone)

    def clean(self):
        cleaned = super().clean()
        zone = cleaned.get("timezone") or zones.LONDON
        for name in WALL_CLOCK_FIELDS:
            wall = cleaned.get(name)
            if not wall:
                continue
            if not FIRST_YEAR <= wall.year <= LAST_YEAR:
                self.add_error(name, f"Choose a year between {FIRST_YEAR} and {LAST_YEAR}.")
                continue
            try:
                cleaned[name] = zones.aware(wall, zone)
            except zones.NoSuchTime:
                self.add_error(name, "The clocks go forward at this time and skip it. Choose a time before or after.")
        return cleaned

    def _post_clean(self):
        # A draft may be unfinished; only what is published must make sense as a whole.
        self.instance.saves_draft = self.is_deferred_validation
        super()._post_clean()


EventPage.base_form_class = EventPageForm  # here, since models import no forms

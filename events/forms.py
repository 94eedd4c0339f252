"""What the public pages of events are sent."""

from django import forms

from lib.forms import TokenForm

from .models import EventPage


class RegisterForm(TokenForm):
    """Nothing to fill in."""


# A meeting that is both is found by either.
WAYS = [(EventPage.Attendance.ONLINE, "Online"), (EventPage.Attendance.IN_PERSON, "In person")]


class FilterForm(forms.Form):
    """The filters of the list, from its address. What makes no sense leaves `is_valid` false."""

    when = forms.ChoiceField(choices=[("coming", "Coming"), ("past", "Past")], required=False)
    tag = forms.CharField(max_length=100, required=False)
    attendance = forms.ChoiceField(choices=WAYS, required=False)

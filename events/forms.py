"""What the public pages of events are sent."""

from django import forms

from .models import EventPage


class RegisterForm(forms.Form):
    """Nothing to fill in: the token tells a second press from a second wish."""

    token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "The form was incomplete. Press the button again.",
            "invalid": "The form was damaged on its way. Press the button again.",
        },
    )


# A meeting that is both is found by either.
WAYS = [(EventPage.Attendance.ONLINE, "Online"), (EventPage.Attendance.IN_PERSON, "In person")]


class FilterForm(forms.Form):
    """The filters of the list, from its address. What makes no sense leaves `is_valid` false."""

    when = forms.ChoiceField(choices=[("coming", "Coming"), ("past", "Past")], required=False)
    tag = forms.CharField(max_length=100, required=False)
    attendance = forms.ChoiceField(choices=WAYS, required=False)

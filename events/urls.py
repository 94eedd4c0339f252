"""Addresses under /events/."""

from django.urls import path

from .views import calendars, events, registrations

app_name = "events"
urlpatterns = [
    path("", events.events, name="events"),
    path("calendar.ics", calendars.calendar, name="calendar"),
    path("<slug:slug>/", events.event, name="event"),
    path("<slug:slug>/register/", registrations.register, name="register"),
    path("<slug:slug>/cancel/", registrations.cancel, name="cancel"),
    path("<slug:slug>/event.ics", calendars.event_ics, name="event_ics"),
]

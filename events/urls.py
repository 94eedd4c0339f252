"""Addresses under /events/."""

from django.urls import path

from . import views

app_name = "events"
urlpatterns = [
    path("", views.events, name="events"),
    path("calendar.ics", views.calendar, name="calendar"),
    path("<slug:slug>/", views.event, name="event"),
    path("<slug:slug>/register/", views.register, name="register"),
    path("<slug:slug>/cancel/", views.cancel, name="cancel"),
    path("<slug:slug>/event.ics", views.event_ics, name="event_ics"),
]

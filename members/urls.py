from django.urls import path

from .views import inbox, members, settings

app_name = "members"

urlpatterns = [
    path("members/<int:pk>/", members.member, name="member"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read_all"),
    path("inbox/<int:pk>/", inbox.notification, name="notification"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/verification/", settings.verification, name="verification"),
    path("settings/mail/", settings.mail, name="mail"),
    path("settings/mail/off/", settings.mail_off, name="mail_off"),
    path("settings/sessions/", settings.sessions, name="sessions"),
    path("settings/erase/", settings.erase, name="erase"),
]

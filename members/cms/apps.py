"""Wagtail's pages for users, made to fit a Member. Named in INSTALLED_APPS in place of "wagtail.users"."""

from wagtail.users.apps import WagtailUsersAppConfig


class MemberUsersAppConfig(WagtailUsersAppConfig):
    default = False  # only found by its full name
    user_viewset = "members.cms.accounts.AccountViewSet"

    def ready(self):  # imports here, since there are no models before
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from members.cms.permissions import AdministratorsPolicy
        from members.models import Member

        register_permission_policy(Member, AdministratorsPolicy(Member, {"view", "add", "change"}))
        register_permission_policy(Group, AdministratorsPolicy(Group, {"view", "add", "change", "delete"}))

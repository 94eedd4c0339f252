"""Who may use which part of the CMS admin, where group permissions are not what decides."""

from wagtail.admin.menu import MenuItem
from wagtail.permission_policies.base import BasePermissionPolicy

from members.models import Member


class _RolePolicy(BasePermissionPolicy):
    """Allows a fixed set of actions on a model to everybody who has a role."""

    def __init__(self, model, actions=frozenset({"view"})):
        super().__init__(model)
        self.actions = frozenset(actions)

    def has_role(self, user) -> bool:
        raise NotImplementedError

    def user_has_permission(self, user, action):
        return action in self.actions and user.is_authenticated and user.is_active and self.has_role(user)


class ModeratorsPolicy(_RolePolicy):
    """For moderators (and administrators). `actions` are of "view", "add", "change", "delete"."""

    def has_role(self, user):
        return user.is_moderator

    def users_with_any_permission(self, actions):
        if not self.actions & set(actions):
            return Member.objects.none()
        return Member.objects.moderators()


class AdministratorsPolicy(_RolePolicy):
    """For administrators only."""

    def has_role(self, user):
        return user.is_superuser

    def users_with_any_permission(self, actions):
        if not self.actions & set(actions):
            return Member.objects.none()
        return Member.objects.administrators()


class ModeratorsMenuItem(MenuItem):
    """A menu item which only moderators see."""

    def is_shown(self, request):
        return request.user.is_moderator

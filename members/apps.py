from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self):
        from . import notifications, receivers  # noqa: F401 (imported so that they register themselves)

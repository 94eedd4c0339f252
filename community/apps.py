from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"

    def ready(self):
        from . import notifications, receivers  # noqa: F401 (imported so that they register themselves)
        from .actions import erasing  # noqa: F401 (imported so that it registers itself)
        from .cms import page_form  # noqa: F401 (imported so that it gives the pages their form)

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self):
        from . import notifications, receivers  # noqa: F401 (imported so that they register themselves)

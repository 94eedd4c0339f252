from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "directory"

    def ready(self):
        from . import notifications  # noqa: F401 (imported so that each Notice registers itself)
        from .actions import erasing  # noqa: F401 (imported so that it registers itself)

from django.apps import AppConfig


class CdoForumConfig(AppConfig):
    name = "cdoforum"
    verbose_name = "CDO Forum"

    def ready(self):
        from . import checks  # noqa: F401 (imported so that its checks register themselves)

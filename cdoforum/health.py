"""For load balancers and the operator: is the process alive, can it do its work?"""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.middleware import common
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lib import live
from lib.cache import GONE

SECONDS = 1.0  # for the channel layer to take a message


class CommonMiddleware(common.CommonMiddleware):
    """Django's, but a load balancer asks a machine by its address, which is none of ALLOWED_HOSTS."""

    def process_request(self, request):
        if request.path in {"/healthz", "/readyz"}:
            return None
        return super().process_request(request)


@require_safe
@never_cache
def healthz(request):
    """200 as long as the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """200 when database and migrations are in order; 503 otherwise.

    A cache or a channel layer that is unwell is told, but does not make the site unready: posting and reading go on
    without them.
    """
    checks = {
        "database": _database(),
        "migrations": _migrations(),
        "cache": _cache(),
        "channel_layer": _channel_layer(),
    }
    is_ready = checks["database"] == "ok" and checks["migrations"] == "ok"
    return JsonResponse({"ready": is_ready, **checks}, status=200 if is_ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return type(error).__name__
    return f"{len(missing)} not applied" if missing else "ok"


def _cache() -> str:
    write = getattr(cache, "set_strictly", cache.set)  # Redis's cache forgives what is to be told here
    try:
        write("health", "ok", 1)
    except GONE as error:
        return type(error).__name__
    return "ok"


def _channel_layer() -> str:
    try:
        live.check(SECONDS)
    except live.LAYER_ERRORS as error:
        return type(error).__name__
    return "ok"

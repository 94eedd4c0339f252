"""One JSON object a line, with the request's id, and without personal data: ids, never names or addresses."""

import json
import logging
import re
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="-")
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+\.[\w.-]+")


class RequestIdMiddleware:
    """Takes the proxy's X-Request-ID, or makes one; says it in each log line and in the response."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        # Never taken back: Django logs a 404 after all middleware, and the next request sets its own.
        request_id.set(given if ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        # A request that was refused is no fault: one line says it, without a traceback.
        if record.exc_info and getattr(record, "status_code", 500) >= 500:
            entry["exception"] = self.formatException(record.exc_info)
        # An address can still come in by way of a library's message or of an exception's text.
        return EMAIL.sub("[address]", json.dumps(entry, ensure_ascii=False))

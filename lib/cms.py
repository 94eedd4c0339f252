"""What Wagtail's admin needs around it: a Content-Security-Policy of its own, and a closed door."""

import re
import secrets

from django.conf import settings
from django.http import Http404

INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)", re.IGNORECASE)


class CmsMiddleware:
    """Under /cms/: gives each inline script of a page a nonce, since Wagtail's have none, and sends the policy that
    asks for it. Only what the server rendered gets the nonce: what people wrote reaches an admin page escaped.

    For a member with no business there the admin is absent. Wagtail would send them to sign in, for ever.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith("/cms/"):
            return response
        nonce = secrets.token_urlsafe(16)
        if not response.streaming and response.get("Content-Type", "").startswith("text/html"):
            response.content = INLINE_SCRIPT.sub(b'<script nonce="%s"' % nonce.encode(), response.content)
            if response.has_header("Content-Length"):
                response["Content-Length"] = str(len(response.content))
        directives = settings.CMS_CONTENT_SECURITY_POLICY | {"script-src": ["'self'", f"'nonce-{nonce}'"]}
        response["Content-Security-Policy"] = "; ".join(
            f"{name} {' '.join(map(str, values))}" for name, values in directives.items()
        )
        return response

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/cms/") and request.user.is_authenticated and not request.user.may_use_cms:
            raise Http404

"""/demo/mail/: the mails of the demo, newest first, so that sign-up and notifications can be followed without a mail
server. In the demo's settings only: see urls.py."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

NEWEST = 100
SEPARATOR = b"-" * 79 + b"\n"  # as Django's file-based backend writes it after each message
NAME = re.compile(r"[\w.-]+\.log")


@require_safe
def mails(request):
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found = [
        (file.name, number, message)
        for file in files[:NEWEST]
        for number, message in reversed(list(enumerate(_read(file))))
    ]
    return render(request, "demo/mails.html", {"mails": found[:NEWEST]})


# A mail brings its own styles, and the frame in which it is shown has this page's policy.
@csp_update({"style-src": [UNSAFE_INLINE]})  # type: ignore[arg-type]
@require_safe
def mail(request, name, number):
    file = Path(settings.EMAIL_FILE_PATH) / name
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    messages = _read(file)
    if number >= len(messages):
        raise Http404
    message = messages[number]
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return render(
        request,
        "demo/mail.html",
        {
            "mail": message,
            "text": text.get_content() if text else "",
            "html": html.get_content() if html else "",
            "attachments": [(part.get_filename(), part.get_content()) for part in message.iter_attachments()],
        },
    )


def _read(file: Path) -> list[EmailMessage]:
    parts = file.read_bytes().split(SEPARATOR)
    return [message_from_bytes(part, policy=default) for part in parts if part.strip()]

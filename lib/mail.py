"""E-mail: templates/emails/<name>/{subject.txt,body.txt,body.html} → one message to one member."""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string

UNSUBSCRIBE_SALT = "members.unsubscribe"


def unsubscribe_address(member_id: int, preference: str) -> str:
    """The address that switches one kind of mail off without signing in."""
    token = signing.dumps([member_id, preference], salt=UNSUBSCRIBE_SALT)
    return f"{settings.SITE_URL}/settings/mail/off/?{urlencode({'token': token})}"


def send(name: str, *, to, address: str = "", preference: str | None = None, attachments=(), **context):
    """Sends one message. Raises SMTPException or OSError when the mail server doesn't take it.

    `to` is a Member. `address` is where it goes if not to the member's own; then `to` may be None.
    """
    context |= {"member": to, "site_url": settings.SITE_URL, "site_name": settings.WAGTAIL_SITE_NAME}
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if preference:
        context["unsubscribe_url"] = unsubscribe_address(to.pk, preference)
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=" ".join(_plain(f"emails/{name}/subject.txt", context).split()),
        body=re.sub(r"\n{3,}", "\n\n", _plain(f"emails/{name}/body.txt", context)),
        to=[address or to.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"emails/{name}/body.html", context), "text/html")
    for filename, content, mimetype in attachments:
        message.attach(filename, content, mimetype)
    message.send()


def _plain(template: str, context: dict) -> str:
    """Plain text says O'Brien & Sons, not O&#x27;Brien &amp; Sons."""
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))

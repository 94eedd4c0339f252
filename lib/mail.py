"""E-mail: templates/emails/<name>/{subject.txt,body.txt,body.html} → one message to one member."""

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string

UNSUBSCRIBE_SALT = "members.unsubscribe"
BY_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}  # nobody's absence answers it


def unsubscribe_address(member_id: int, preference: str) -> str:
    """The address that switches one kind of mail off without signing in."""
    token = signing.dumps([member_id, preference], salt=UNSUBSCRIBE_SALT)
    return f"{settings.SITE_URL}/settings/mail/off/?{urlencode({'token': token})}"


class Message(NamedTuple):
    """The words of a mail."""

    subject: str
    body: str
    html: str

    def send(self, address: str, *, headers: Mapping[str, str] = {}, attachments=()):
        """Raises SMTPException or OSError when the mail server doesn't take it."""
        mail = EmailMultiAlternatives(self.subject, self.body, to=[address], headers={**BY_A_MACHINE, **headers})
        mail.attach_alternative(self.html, "text/html")
        for filename, content, mimetype in attachments:
            mail.attach(filename, content, mimetype)
        mail.send()


def compose(name: str, *, to, **context) -> Message:
    """The mail that templates/emails/<name>/ make for a Member, or for an address that is nobody's."""
    context |= {"member": to, "site_url": settings.SITE_URL, "site_name": settings.WAGTAIL_SITE_NAME}
    return Message(
        subject=" ".join(_plain(f"emails/{name}/subject.txt", context).split()),
        body=re.sub(r"\n{3,}", "\n\n", _plain(f"emails/{name}/body.txt", context)),
        html=render_to_string(f"emails/{name}/body.html", context),
    )


def send(name: str, *, to, preference: str | None = None, attachments=(), **context):
    """Sends one message to a Member. Raises SMTPException or OSError when the mail server doesn't take it."""
    headers = {}
    if preference:
        context["unsubscribe_url"] = unsubscribe_address(to.pk, preference)
        headers["List-Unsubscribe"] = f"<{context['unsubscribe_url']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    compose(name, to=to, **context).send(to.email, headers=headers, attachments=attachments)


def _plain(template: str, context: dict) -> str:
    """Plain text says O'Brien & Sons, not O&#x27;Brien &amp; Sons."""
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))

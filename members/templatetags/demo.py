"""The accounts of the demonstration, for its sign-in page."""

from django import template
from django.conf import settings

register = template.Library()

ACCOUNTS = [
    ("ada@camden.example", "officer"),
    ("ben@leeds.example", "officer"),
    ("cleo@newcomer.example", "newcomer"),
    ("sal@brightwave.example", "supplier member"),
    ("eve@forum.example", "editor"),
    ("mo@forum.example", "moderator"),
    ("admin@forum.example", "administrator"),
]


@register.simple_tag
def demo_accounts() -> list[tuple[str, str]]:
    """Addresses and roles in the demonstration; nothing anywhere else."""
    return ACCOUNTS if settings.DEMO else []

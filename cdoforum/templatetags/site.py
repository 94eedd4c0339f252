"""What editors set for the whole site, for the frame of every page."""

from django import template

from cdoforum.models import SiteSettings

register = template.Library()


@register.simple_tag
def site_settings() -> dict[str, str]:
    """`notice` (HTML, or empty) and `contact_email`."""
    return SiteSettings.for_pages()

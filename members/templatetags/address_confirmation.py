"""The page that confirms an address is allauth's; what it asks for is ours."""

from django import template

from members import address_confirmation

register = template.Library()


@register.simple_tag(takes_context=True)
def password_form(context, member):
    """The form that was sent, a new one, or None where nothing is to be asked."""
    return context.get("form") or address_confirmation.password_form(context["request"], member)

"""The page to sign in is allauth's; that it says what waits behind it is ours."""

from django import template

from members import held_text

register = template.Library()


@register.simple_tag(takes_context=True)
def text_waits(context) -> bool:
    """Whether a text that was sent without a session waits where signing in leads to."""
    request = context["request"]
    return held_text.waits_for(request, request.POST.get("next") or request.GET.get("next", ""))

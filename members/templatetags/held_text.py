"""What becomes of a text that could not be taken: pages say it that no view of ours makes."""

from django import template

from members import held_text

register = template.Library()


@register.simple_tag(takes_context=True)
def text_waits(context) -> bool:
    """Whether a text that was sent without a session waits where signing in leads to."""
    request = context["request"]
    return held_text.waits_for(request, request.POST.get("next") or request.GET.get("next", ""))


@register.simple_tag(takes_context=True)
def written(context) -> list[tuple[str, str, str]]:
    """What was typed into the form that this page refuses."""
    return held_text.written(context["request"])

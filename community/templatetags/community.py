"""What pages of other apps show of the community."""

from django import template

from community import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def posts_of(context, member):
    """The latest posts of a member that the reader of the page may read."""
    return queries.posts_of(context["request"].user, member)

"""What templates need beside Django's own tags: times people can read, initials, icons.

Every template knows these without {% load %} (settings: TEMPLATES, builtins).
"""

import datetime as dt
import re
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from lib import times
from lib.text import initials

register = template.Library()

PLAIN_ICON = "messages-square"
SVG_TAG = re.compile("</?svg[^>]*>")


# Forms ---------------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def csrf_token(context: template.Context) -> SafeString:
    """Django's, in place of which every template has this one: a form also says for whom it was made.

    Somebody else may have signed in at this browser since then: members.sessions.MemberMiddleware refuses it.
    """
    token = SafeString(CsrfTokenNode().render(context))
    member = getattr(context.get("request"), "user", None)
    if not token or member is None or not member.is_authenticated:
        return token
    return format_html('{}<input type="hidden" name="writer" value="{}">', token, member.pk)


# Times ---------------------------------------------------------------------------------------------------------------


for in_words in (times.day, times.weekday, times.clock, times.moment, times.leaf_month, times.leaf_day):
    register.filter(in_words)


@register.filter
def stamp(at: dt.datetime | None) -> str:
    """The time element of a page. It says the date; a script turns it into "2 hours ago", with the date behind it."""
    if not at:
        return ""
    full = times.moment(at)
    return format_html(
        '<time datetime="{}" title="{}" data-ago>{}</time>', at.isoformat(timespec="seconds"), full, full
    )


# People --------------------------------------------------------------------------------------------------------------


register.filter(initials)


# Words ---------------------------------------------------------------------------------------------------------------


@register.filter
def marked(text: str, words: list[str]) -> SafeString:
    """The text with those words in <mark> which begin as one of `words` does: those that were searched for."""
    found = re.split(rf"(\b(?:{'|'.join(map(re.escape, words))})\w*)", text, flags=re.IGNORECASE)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", w) if n % 2 else w,) for n, w in enumerate(found))
    )


@register.filter
def breakable(address: str) -> SafeString:
    """The address, which may go on in the next line after each of its parts."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in re.findall(r"/*[^/]+/*", address)))


# Icons, and what is the same on every page ---------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _icon(name: str, size: int, label: str) -> SafeString:
    meaning = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    try:
        return mark_safe(lucide(name, size=size, **{"class": "icon", **meaning}))  # noqa: S308 (drawn by the package, attributes escaped)
    except IconDoesNotExist:  # an editor may name a space's icon
        return _icon(PLAIN_ICON, size, label)


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A Lucide icon, which is kept once it is drawn. Without a label it is hidden from screen readers."""
    return _icon(str(name), size, str(label))


@register.simple_tag
def icon_symbols(*names: str) -> SafeString:
    """Draws icons once on a page that shows each of them many times: see icon_again."""
    symbols = ((name, mark_safe(SVG_TAG.sub("", _icon(name, 24, "")))) for name in names)  # noqa: S308 (as above)
    drawn = format_html_join("", '<symbol id="icon-{}" viewBox="0 0 24 24">{}</symbol>', symbols)
    return format_html('<svg class="icon-symbols" width="0" height="0" aria-hidden="true">{}</svg>', drawn)


@register.simple_tag
def icon_again(name: str, size: int = 20) -> SafeString:
    """An icon that icon_symbols has drawn on the same page: a fifth of its weight."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true"><use href="#icon-{1}"/></svg>', size, name
    )


class Once(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.text: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if settings.DEBUG:
            return self.nodelist.render(context)
        if self.text is None:
            self.text = self.nodelist.render(context)
        return self.text


@register.tag
def once(parser: template.base.Parser, token: template.base.Token) -> Once:
    """Keeps what it holds as it was first rendered, until the process ends; not with DEBUG.

    Only for what is the same for every reader of every page.
    """
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodelist)

"""Text from people: Markdown in, safe HTML out. The only module that uses bleach.

Rendered once, when a post is written, and stored beside its source: cleaning 2 kB costs about 10 ms. When the rules
change, `manage.py render_posts` renders what was written before.
"""

import html
import re
from collections.abc import Mapping

from bleach.sanitizer import Cleaner
from django.conf import settings
from markdown_it import MarkdownIt
from mdit_py_plugins.tasklists import tasklists_plugin

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "img",
        "input",
        "label",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
CLASSES = {"a": {"mention"}, "ul": {"contains-task-list"}, "li": {"task-list-item"}}
LINK_REL = "nofollow ugc noopener"
SCHEMES = frozenset({"http", "https", "mailto"})
MAX_MENTIONS = 20  # in one post: more is a circular, and nobody is told of the rest

# `@ada-okafor`: a handle is letters, digits and hyphens, and begins no word of an e-mail address.
MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9]+(?:-[a-z0-9]+)*)", re.IGNORECASE)

_markdown = (
    MarkdownIt("commonmark", {"linkify": True, "html": False, "maxNesting": 20})
    .enable(["table", "strikethrough", "linkify"])
    .use(tasklists_plugin, label=True)
)


def _may_keep(tag: str, name: str, value: str) -> bool:
    """bleach's question for each attribute: may this tag keep it?"""
    match tag, name:
        case "a", "href":
            return True
        case "img", "src":  # images only from our own media
            return value.startswith(settings.MEDIA_URL) and ".." not in value
        case ("img", "alt") | ("a", "title") | ("ol", "start"):
            return True
        case "input", "type":
            return value == "checkbox"
        case "input", ("checked" | "disabled"):
            return True
        case (("td" | "th"), "align"):
            return value in {"left", "right", "center"}
        case _, "class":
            return set(value.split()) <= CLASSES.get(tag, set())
    return False


_cleaner = Cleaner(tags=TAGS, attributes=_may_keep, protocols=SCHEMES, strip=True, strip_comments=True)


def mentions(source: str) -> list[str]:
    """The handles mentioned in a Markdown source, lower case, each once, at most MAX_MENTIONS of them."""
    without_code = re.sub(r"```.*?```|`[^`\n]*`", " ", source, flags=re.DOTALL)
    return list(dict.fromkeys(found.lower() for found in MENTION.findall(without_code)))[:MAX_MENTIONS]


def render(source: str, people: Mapping[str, str] = {}) -> str:
    """Markdown → safe HTML. `people` maps the handles that exist to their addresses: these become links."""
    tokens = _markdown.parse(source)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:  # a page has its own h1, a post begins at h2
            token.tag = {"h1": "h2", "h2": "h3"}.get(token.tag, "h4")
        for child in token.children or ():
            if child.type == "text" and people:
                child.type, child.content = "html_inline", _link_mentions(child.content, people)
    rendered = _cleaner.clean(_align(_markdown.renderer.render(tokens, _markdown.options, {})))
    return _finish_links(rendered)


def _link_mentions(text: str, people: Mapping[str, str]) -> str:
    def link(found: re.Match) -> str:
        address = people.get(found[1].lower())
        return f'<a class="mention" href="{html.escape(address)}">{found[0]}</a>' if address else found[0]

    return MENTION.sub(link, html.escape(text, quote=False))


def _align(rendered: str) -> str:
    """Columns are aligned by attribute, since the page's policy forbids style attributes."""
    return re.sub(r'style="text-align:(left|right|center)"', r'align="\1"', rendered)


def _finish_links(rendered: str) -> str:
    """Tells search engines that members' links are not ours; our own addresses keep their weight."""

    def finish(found: re.Match) -> str:
        address = html.unescape(found[1])
        return found[0] if re.match(r"/(?!/)", address) else f'{found[0]} rel="{LINK_REL}"'

    return re.sub(r'<a(?: class="mention")? href="([^"]*)"', finish, rendered)


def plain_text(rendered: str) -> str:
    """The words of rendered HTML, for search, excerpts and mail subjects."""
    words = re.sub(r"</(p|li|h[2-4]|tr|blockquote)>|<br\s*/?>", "\n", rendered)
    words = re.sub(r"</t[dh]>|<img[^>]*>", " ", words)  # any other tag may stand within a word
    words = re.sub(r"<[^>]+>", "", words)
    return re.sub(r"[ \t]+", " ", re.sub(r"\s*\n\s*", "\n", html.unescape(words))).strip()

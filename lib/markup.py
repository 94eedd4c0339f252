"""Text from people: Markdown in, safe HTML out. The only module that uses bleach.

Rendered once, when a post is written, and stored beside its source: cleaning 2 kB costs about 10 ms. When the rules
change, `manage.py render_posts` renders what was written before.
"""

import html
import re
from collections.abc import Iterator, Mapping

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
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
OWN_IMAGES = f"{settings.MEDIA_URL}images/"  # where Wagtail keeps what it has made of a picture
LINK_REL = "nofollow ugc noopener"
SCHEMES = frozenset({"http", "https", "mailto"})
MAX_BLOCKS = 5_000  # tokens: a long post of short list items has 2,700, a table of 100 rows and 10 columns 3,200
MAX_ADDRESSES = 300  # in one text: each costs the search for links a look at all that follows
MAX_MENTIONS = 20  # in one post: more is a circular, and nobody is told of the rest

# `@ada-okafor`: a handle is letters, digits and hyphens, and begins no word of an e-mail address.
MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9]+(?:-[a-z0-9]+)*)", re.IGNORECASE)

_markdown = (
    MarkdownIt("commonmark", {"linkify": True, "html": False, "maxNesting": 20})
    .enable(["table", "strikethrough", "linkify"])
    .use(tasklists_plugin, label=True)
)


class TooMuch(Exception):
    """The source would become far more HTML than people write, such as a table of ten thousand empty cells."""


DELIMITER_ROW = re.compile(r"[ |:-]*-[ |:-]*")


def _within_bounds(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Asked before each block, and never one itself. Raises TooMuch.

    A table is counted before it is made: its rows are filled up to the width of the first, so that a thousand
    characters can become a hundred thousand cells.
    """
    cells, row = 0, state.src[state.bMarks[start + 1] : state.eMarks[start + 1]] if start + 1 < end else ""
    if DELIMITER_ROW.fullmatch(row):
        rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
        cells = rows * (row.count("|") + 1)
    if len(state.tokens) + 3 * cells > MAX_BLOCKS:
        raise TooMuch
    return False


_markdown.block.ruler.before("table", "within_bounds", _within_bounds)


def _may_keep(tag: str, name: str, value: str) -> bool:
    """bleach's question for each attribute: may this tag keep it?"""
    match tag, name:
        case "a", "href":
            return _leads_to_a_page(value)
        case "img", "src":  # images only from our own media
            return value.startswith(OWN_IMAGES) and "%" not in value and ".." not in value
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


def _leads_to_a_page(address: str) -> bool:
    """bleach takes `tel:1` for a host and its port, so what stands before a colon is looked at here as well."""
    scheme, colon, _ = re.sub(r"[\x00-\x20]", "", html.unescape(address)).partition(":")
    return not colon or bool(re.search(r"[/?#]", scheme)) or scheme.lower() in SCHEMES


class _OnlyCheckboxes(Filter):
    """Leaves out an input that has lost its type: a browser would show a field to write into."""

    def __iter__(self):
        for token in super().__iter__():
            if token.get("name") != "input" or (None, "type") in token["data"]:
                yield token


_cleaner = Cleaner(
    tags=TAGS,
    attributes=_may_keep,
    protocols=SCHEMES,
    strip=True,
    strip_comments=True,
    filters=[_OnlyCheckboxes],
)


def clean(hostile: str) -> str:
    """HTML of any origin → what is on the list. Markdown makes nothing else, and this does not rely on it."""
    return _cleaner.clean(hostile)


def _parse(source: str) -> list[Token]:
    if source.count("://") > MAX_ADDRESSES:
        raise TooMuch
    return _markdown.parse(source)


def mentions(source: str) -> list[str]:
    """The handles mentioned in a Markdown source, lower case, each once, at most MAX_MENTIONS of them.

    Raises TooMuch.
    """
    words = (child.content for child in _plain_words(_parse(source)))
    return list(dict.fromkeys(found.lower() for text in words for found in MENTION.findall(text)))[:MAX_MENTIONS]


def _plain_words(tokens: list[Token]) -> Iterator[Token]:
    """The pieces of text that are neither code nor the words of a link: where people can be mentioned."""
    for token in tokens:
        links = 0
        for child in token.children or ():
            links += (child.type == "link_open") - (child.type == "link_close")
            if child.type == "text" and not links:
                yield child


def render(source: str, people: Mapping[str, str] = {}) -> str:
    """Markdown → safe HTML. `people` maps the handles that exist to their addresses: these become links.

    Raises TooMuch for a source that nobody has typed.
    """
    tokens = _parse(source)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:  # a page has its own h1, a post begins at h2
            token.tag = {"h1": "h2", "h2": "h3"}.get(token.tag, "h4")
    if people:
        for child in _plain_words(tokens):
            child.type, child.content = "html_inline", _link_mentions(child.content, people)
    return _finish_links(clean(_align(_markdown.renderer.render(tokens, _markdown.options, {}))))


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
    return re.sub(r"[ \t]+", " ", re.sub(r"[^\S\n]*\n\s*", "\n", html.unescape(words))).strip()

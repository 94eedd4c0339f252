"""Text from people: Markdown in, safe HTML out. The only module that uses bleach.

Rendered once, when a post is written, and stored beside its source: cleaning 2 kB costs about 10 ms. When the rules
change, `manage.py render_posts` renders what was written before.
"""

import html
import re
from collections.abc import Iterator, Mapping
from importlib import import_module

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from . import links

TAGS = frozenset(
    "a blockquote br code del em h2 h3 h4 hr img input label li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905 (words, not a list of quotes)
)
CLASSES = {"a": {"mention"}, "ul": {"contains-task-list"}, "li": {"task-list-item"}}
OWN_IMAGES = f"{settings.MEDIA_URL}images/"  # where Wagtail keeps what it has made of a picture
LINK_REL = "nofollow ugc noopener"
MAX_MENTIONS = 20  # in one post: more is a circular, and nobody is told of the rest

# What may be made of one text. Any 20,000 characters cost less than 0.3 s, most of it in bleach, by the tag.
MAX_TOKENS = 5_000  # a long post of short list items has 2,700, a table of 100 rows and 10 columns 3,200
MAX_DEPTH = 20  # of quotes and lists, which count twice
MAX_BRACKETS = 2_000  # each may begin a link
MAX_HTML = 60_000  # characters, and no more than MAX_GROWTH for each of a source of more than SHORT
MAX_GROWTH = 10
SHORT = 200

tables = import_module("markdown_it.rules_block.table")  # its package has a function of this name
tables.MAX_AUTOCOMPLETED_CELLS = 1_000  # type: ignore[attr-defined]  # the library's 65,536 make 650 kB of 2 kB

# `@ada-okafor`: a handle is letters, digits and hyphens, and is no part of another word or of an address.
MENTION = re.compile(r"(?<![\w@/.-])@([a-z0-9]++(?:-[a-z0-9]++)*+)(?![\w@]|[.-]\w)", re.IGNORECASE)


class TooMuch(Exception):
    """The source would become far more HTML than people write, such as a table of ten thousand empty cells."""


# --- Markdown, read as people write messages ----------------------------------------------------------


class _Markdown(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        """What leads nowhere is no link, and stays as it was typed."""
        address = links.leads_to(url)
        return super().normalizeLink(address) if address else ""

    def validateLink(self, url: str) -> bool:
        return bool(url)


class _References(dict):
    """The addresses of `[1]: https://…` in one text. Raises TooMuch when they are given out again and again."""

    def __init__(self, source: str):
        self.used: set[str] = set()
        self.left = len(source) + SHORT  # characters

    def get(self, label, default=None):
        if found := super().get(label, default):
            self.used.add(label)
            self.left -= len(found["href"]) + len(found["title"])
            if self.left < 0:
                raise TooMuch
        return found


def _within_bounds(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Asked before each block, and never one itself. Raises TooMuch."""
    if state.level > MAX_DEPTH:
        raise TooMuch
    _all_within_bounds(state)
    return False


def _all_within_bounds(state: StateBlock | StateCore):
    if len(state.tokens) > MAX_TOKENS:
        raise TooMuch


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table. What a row has beyond the last column stays in that column."""
    first = len(state.tokens)
    if not tables.table(state, start, end, silent):
        return False
    if silent:  # asked only whether one begins here
        return True
    last_cells = {token.map[0]: token for token in state.tokens[first:] if token.type == "inline" and token.map}
    columns = sum(token.type == "th_open" for token in state.tokens[first:])
    for line in range(start + 2, state.line):
        cells = tables.escapedSplit(tables.getLine(state, line).strip().removeprefix("|").removesuffix("|"))
        if len(cells) > columns:
            last_cells[line].content = " | ".join(cell.strip() for cell in cells[columns - 1 :])
    return True


def _two_backslashes(state: StateInline, silent: bool) -> bool:
    r"""Are two, as in \\server\share."""
    if state.src[state.pos : state.pos + 2] != "\\\\":
        return False
    if not silent:
        state.pending += "\\\\"
    state.pos += 2
    return True


def _web_address(state: StateInline, silent: bool) -> bool:
    """https://… is an address as a whole, whatever stars and underscores are in it. Asked at the colon."""
    begun = re.search(r"https?$", state.pending[-5:], re.IGNORECASE)
    if state.linkLevel or not begun or not (found := links.address_at(state.src, state.pos - len(begun[0]))):
        return False
    if not silent:
        state.pending = state.pending[: -len(begun[0])]
        if state.pending:
            state.pushPending()
        state.tokens += _link(state.md, found.href, state.src[found.start : found.end], state.level)
    state.pos = found.end
    return True


def _link(md: MarkdownIt, href: str, words: str, level: int) -> list[Token]:
    return [
        Token("link_open", "a", 1, attrs={"href": md.normalizeLink(href)}, level=level),
        Token("text", "", 0, content=words, level=level + 1),
        Token("link_close", "a", -1, level=level),
    ]


def _definitions(state: StateCore):
    """`[1]: https://…` that nothing in the text refers to is shown as it was typed."""
    lines = state.src.split("\n")
    shown = []
    for token in state.tokens:
        if token.type != "definition":
            shown.append(token)
        elif token.meta["id"] not in state.env["references"].used and token.map:
            typed = re.sub(r"(?m)^[\s>]+", "", "\n".join(lines[slice(*token.map)]))
            children: list[Token] = []
            state.md.inline.parse(typed, state.md, {}, children)
            shown += [
                Token("paragraph_open", "p", 1, block=True),
                Token("inline", "", 0, content=typed, children=children),
                Token("paragraph_close", "p", -1, block=True),
            ]
    state.tokens = shown


def _inside(state: StateCore):
    """In the words of each block: addresses and mentions become tokens, and pictures from elsewhere become links.

    Raises TooMuch.
    """
    count = len(state.tokens)
    for block in state.tokens:
        if not block.children:
            continue
        made: list[Token] = []
        depth = 0
        for token in block.children:
            depth += token.nesting if token.tag == "a" else 0
            if token.tag == "a" and not token.attrGet("href") and token.nesting == 1:
                token.hidden = True  # `[x]()`
            if token.type == "image" and not str(token.attrGet("src")).startswith(OWN_IMAGES):
                href = str(token.attrGet("src"))
                words = "".join(piece.content for piece in token.children or ()) or href
                text = Token("text", "", 0, content=words, level=token.level)
                made += [text] if depth else _link(state.md, href, words, token.level)
            elif token.type == "text" and not depth:
                made += _with_addresses(state.md, token)
            else:
                made.append(token)
        block.children = made
        count += len(made)
        if count > MAX_TOKENS:
            raise TooMuch


def _with_addresses(md: MarkdownIt, token: Token) -> Iterator[Token]:
    begin = 0
    for found in links.addresses(token.content):
        yield from _with_mentions(token.content[begin : found.start], token.level)
        yield from _link(md, found.href, token.content[found.start : found.end], token.level)
        begin = found.end
    yield from _with_mentions(token.content[begin:], token.level)


def _with_mentions(text: str, level: int) -> Iterator[Token]:
    begin = 0
    for found in MENTION.finditer(text):
        if found.start() > begin:
            yield Token("text", "", 0, content=text[begin : found.start()], level=level)
        yield Token("mention", "", 0, content=found[0], level=level)
        begin = found.end()
    if begin < len(text):
        yield Token("text", "", 0, content=text[begin:], level=level)


def _numbers(state: StateCore):
    """The numbers of a list are those that were typed, but for 1. 1. 1., which is counted."""
    lists: list[list[int]] = []  # of each list that is open: the number of its first item, and what is counted next
    for token in state.tokens:
        if token.type == "ordered_list_open":
            first = int(token.attrs.get("start", 1))
            lists.append([first, first])
        elif token.type == "ordered_list_close":
            lists.pop()
        elif token.type == "list_item_open" and token.info:
            first, counted = lists[-1]
            typed = int(token.info)
            if typed not in {first, counted}:
                token.attrSet("value", str(typed))
                counted = typed
            lists[-1][1] = counted + 1


def _mention(self, tokens: list[Token], index: int, options, env) -> str:
    typed = tokens[index].content
    address = env["people"].get(typed[1:].lower())
    return f'<a class="mention" href="{html.escape(address)}">{typed}</a>' if address else typed


_markdown = (
    _Markdown("commonmark", {"html": False, "maxNesting": MAX_DEPTH + 10, "breaks": True, "inline_definitions": True})
    .enable(["table", "strikethrough"])
    .disable("lheading")  # a signature under two hyphens is no heading
    .use(tasklists_plugin, label=True)
)
_markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
_markdown.block.ruler.before("table", "within_bounds", _within_bounds)
_markdown.inline.ruler.before("escape", "two_backslashes", _two_backslashes)
_markdown.inline.ruler.before("two_backslashes", "web_address", _web_address)
_markdown.core.ruler.after("block", "within_bounds", _all_within_bounds)
_markdown.core.ruler.after("inline", "definitions", _definitions)
_markdown.core.ruler.after("definitions", "inside", _inside)
_markdown.core.ruler.push("numbers", _numbers)
_markdown.add_render_rule("mention", _mention)


# --- The list of what comes out -----------------------------------------------------------------------


def _may_keep(tag: str, name: str, value: str) -> bool:
    """bleach's question for each attribute: may this tag keep it?"""
    match tag, name:
        case "a", "href":
            return _leads_to_a_page(value)
        case "img", "src":  # images only from our own media
            return value.startswith(OWN_IMAGES) and "%" not in value and ".." not in value
        case ("img", "alt") | ("a", "title") | ("ol", "start") | ("li", "value"):
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
    return not colon or bool(re.search(r"[/?#]", scheme)) or scheme.lower() in links.SCHEMES


class _OnlyCheckboxes(Filter):
    """Leaves out an input that has lost its type: a browser would show a field to write into."""

    def __iter__(self):
        for token in super().__iter__():
            if token.get("name") != "input" or (None, "type") in token["data"]:
                yield token


_cleaner = Cleaner(
    tags=TAGS,
    attributes=_may_keep,
    protocols=links.SCHEMES,
    strip=True,
    strip_comments=True,
    filters=[_OnlyCheckboxes],
)


def clean(hostile: str) -> str:
    """HTML of any origin → what is on the list. Markdown makes nothing else, and this does not rely on it."""
    return _cleaner.clean(hostile)


# --- A text ---------------------------------------------------------------------------------------------


class Text:
    """A Markdown source, read once. Raises TooMuch for one that nobody has typed."""

    def __init__(self, source: str):
        if source.count("[") > MAX_BRACKETS:
            raise TooMuch
        self._most = min(MAX_HTML, MAX_GROWTH * max(len(source), SHORT))
        self._tokens = _markdown.parse(source, {"references": _References(source)})
        for token in self._tokens:
            if token.type in {"heading_open", "heading_close"}:  # a page has its own h1, a post begins at h2
                token.tag = {"h1": "h2", "h2": "h3"}.get(token.tag, "h4")

    @property
    def mentions(self) -> list[str]:
        """The handles that it mentions, in small letters, each once, at most MAX_MENTIONS of them."""
        pieces = (child for token in self._tokens for child in token.children or ())
        found = (piece.content[1:].lower() for piece in pieces if piece.type == "mention")
        return list(dict.fromkeys(found))[:MAX_MENTIONS]

    def html(self, people: Mapping[str, str] = {}) -> str:
        """Safe HTML. `people` maps the handles that exist to their addresses: these become links. Raises TooMuch."""
        made = _markdown.renderer.render(self._tokens, _markdown.options, {"people": people})
        if len(made) > self._most:
            raise TooMuch
        return _finish_links(clean(_align(made)))


def render(source: str, people: Mapping[str, str] = {}) -> str:
    """Markdown → safe HTML. Raises TooMuch."""
    return Text(source).html(people)


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
    """The words of rendered HTML, those of its pictures included: for search, excerpts and mail subjects."""
    words = re.sub(r"</(p|li|h[2-4]|tr|blockquote)>|<br ?/?>", "\n", rendered)
    words = re.sub(r'<img[^>]*? alt="([^">]*)"[^>]*>', r" \1 ", words)
    words = re.sub(r"</t[dh]>|<img[^>]*>", " ", words)  # any other tag may be within a word
    words = html.unescape(re.sub(r"<[^>]+>", "", words))
    return re.sub(r" ?\n\s*", "\n", re.sub(r"[^\S\n]+", " ", words)).strip()

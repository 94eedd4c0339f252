"""Addresses that people type, with markup and without: what is one, where it ends, and where it leads."""

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# An address without https:// or www. is one only with these endings, in small letters. README.md, ASP.NET and a full
# stop without a space are none.
ENDINGS = "uk|com|org|eu|scot|wales|cymru|london"
END = r"\s<>\"`“”„‘’«»…\x00-\x1f"  # none of these is in an address
ADDRESS = re.compile(
    rf"""(?<![\w@./:+-])(?:
        (?P<web>   https?://[^{END}]++ ) |
        (?P<www>   www\.\w[^{END}]*+ ) |
        (?P<mail>  (?:mailto:)?[a-z0-9_.+-]++@[a-z0-9-]++(?:\.[a-z0-9-]++)+ ) |
        (?P<bare>  (?-i:[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{ENDINGS}))(?![\w@-]|\.\w)(?::\d++)?(?:[/?#][^{END}]*+)? )
    )""",
    re.IGNORECASE | re.VERBOSE,
)
PUNCTUATION = ".,:;!?'*_~|]}"  # at the end of an address it belongs to the sentence


class Address(NamedTuple):
    start: int
    end: int
    href: str


def addresses(text: str) -> Iterator[Address]:
    """The addresses in a plain text, in order."""
    return filter(None, map(_address, ADDRESS.finditer(text)))


def address_at(text: str, position: int) -> Address | None:
    """The address that begins there."""
    found = ADDRESS.match(text, position)
    return _address(found) if found else None


def _address(found: re.Match) -> Address | None:
    typed = _without_the_sentence(found[0])
    if found["web"] and not typed.partition("://")[2]:
        return None
    return Address(found.start(), found.start() + len(typed), _href(typed, found.lastgroup))


def _without_the_sentence(typed: str) -> str:
    """Without punctuation at its end, and without a bracket that was opened before it."""
    closed = typed.count(")") - typed.count("(")
    end = len(typed)
    while end and (typed[end - 1] in PUNCTUATION or (typed[end - 1] == ")" and closed > 0)):
        closed -= typed[end - 1] == ")"
        end -= 1
    return typed[:end]


def _href(typed: str, kind: str | None) -> str:
    match kind:
        case "web":
            return typed
        case "mail":
            return f"mailto:{typed.lower().removeprefix('mailto:')}"
    return f"https://{typed}"


def leads_to(typed: str) -> str:
    """Where `[words](typed)` leads; empty where it leads nowhere. www.camden.gov.uk is no page of ours."""
    scheme, colon, _ = typed.partition(":")
    if colon and scheme.lower() in SCHEMES:
        return typed
    if typed.startswith(("/", "#")) and not typed.startswith("//"):
        return typed
    found = ADDRESS.fullmatch(typed)
    return _href(typed, found.lastgroup) if found else ""


def is_in(address: str, words: str) -> bool:
    """Whether the words (text or HTML) hold this address, however it is written: escaped, percent-encoded, in capitals,
    cut by tags, without its scheme or the slash at its end."""
    wanted = _bare(address)
    return wanted in _bare(re.sub(r"<[^>]*>", "", words)) or wanted in _bare(words)


def _bare(words: str) -> str:
    readable = unquote(html.unescape(html.unescape(words))).casefold()  # twice: pasted from a page's source
    return re.sub(r"https?://(?:www\.)?|[\s\u200b\u00ad]", "", readable).rstrip("/")

"""The second wall: were Markdown to let HTML through, cleaning alone would leave nothing but what is on the list."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import markup
from tests.parsed import dangers, elements
from tests.test_markup import NASTY, wrong

SCRIPTS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script\n>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<body onload=alert(1)>",
    "<a href=/ onclick=alert(1)>x</a>",
    "<a href=/ oNcLiCk\n=\nalert(1)>x</a>",
    "<p/onmouseover='alert(1)'>",
    '<img src="/media/images/a.png" onerror=alert(1)>',
    "<td onpointerenter=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<input autofocus onfocus=alert(1)>",
    "<input type=checkbox onchange=x>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>",
]
FOREIGN_ELEMENTS = [
    "<style>*{background:url(//evil.example)}</style>",
    "<p style='position:fixed'>x</p>",
    "<link rel=stylesheet href=//evil.example>",
    "<iframe src=//evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=x></object>",
    "<embed src=x>",
    "<base href=//evil>",
    "<form action=//evil.example><input name=password><button formaction=x>",
    "<textarea name=x>",
    "<select name=x>",
    "<input type=password>",
    "<input type=image src=//evil.example>",
    "<meta http-equiv=refresh content='0;url=x'>",
    "<template><script>alert(1)</script></template>",
    "<portal src=x>",
    "<frameset><frame src=x>",
    "<applet code=x>",
    "<label for=csrfmiddlewaretoken form=x>x</label>",
    "<ol start=1 type=a reversed>",
    "<!--[if IE]><script><![endif]-->",
    "<?php x ?>",
    "<!DOCTYPE html>",
    "<![CDATA[<script>alert(1)</script>]]>",
]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\rscript:alert(1)",
    "\x01javascript:alert(1)",
    "\x00javascript:alert(1)",
    "java\x00script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6a;avascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "javascript&colon;alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "javascript&#58;alert(1)",
    "&amp;#106;avascript:x",
    "\u2028javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "\ufeffjavascript:alert(1)",
    "javascript\u200b:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD4=",
    "blob:x",
    "file:///x",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "jar:javascript:alert(1)!/",
    "livescript:x",
    "mocha:x",
    "intent://x",
    "chrome://x",
    "about:blank",
    "ftp://x",
    "x:y",
]
IMAGES = [
    "https://evil.example/a.png",
    "//evil.example/a.png",
    "\\\\evil.example\\a.png",
    "data:image/svg+xml,<svg onload=x>",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "/accounts/logout/",
    "/media/images/../../accounts/logout/",
    "/media/images/%2e%2e/%2e%2e/accounts/logout/",
    "/media/documents/x.svg",
    " /media/images/a.png",
    "a.png",
    "/media/images/..\\..\\x",
    "&#47;accounts/logout/",
    "https:/media/images/a.png",
    "/media/imagesx/a.png",
]
MUTANTS = [
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noscript><style></noscript><img src=x onerror=alert(1)>",
    "<template><s><template><s><img src=x onerror=alert(1)>x</s></template>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    "<table><td><svg><desc><td></desc></svg><img src=x onerror=alert(1)>",
    "<table><svg><title><style></title><img src=x onerror=alert(1)></style></svg></table>",
    "<svg><foreignObject><iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></foreignObject></svg>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<title><p title='</title><img src=x onerror=alert(1)>'>",
    "<textarea><p title='</textarea><img src onerror=x>'>",
    "<noembed><p title='</noembed><img src onerror=x>'>",
    "<select><template><style><!--</style><a rel='--></style>'>",
    "<a href='/' title='</a><img src=x onerror=alert(1)>'>x",
    "<pre><code></pre><script>alert(1)</script></code>",
    '<p title="`><script>alert(1)</script>">',
    "<img alt='`onerror=alert(1)` /media/images/'>",
]
NAMES = [
    "<p id=csrfmiddlewaretoken>",
    "<a name=body>x</a>",
    "<img name=cookie>",
    "<a id=location href='//evil.example'>x</a>",
    "<p class='button masthead'>",
    "<a class='mention admin' href='/'>x</a>",
    "<a class=button href='/'>x</a>",
    "<ul class='contains-task-list toast'>",
    "<li class='task-list-item hidden'>",
    "<p data-post=1 data-unread=2>",
    "<p hx-get='/settings/delete/' hx-trigger=load>",
    "<p role=alert aria-hidden=true tabindex=1 contenteditable>",
    "<a href='/' target=_top ping=//evil.example download>x</a>",
    "<p slot=x part=y is=z popover>",
    "<p xml:base=x xlink:href=y>",
]
UNCLOSED = [
    "<",
    "<p",
    "<a href=",
    "<a href='",
    '<a href="/',
    "<a href='/'",
    "<script",
    "<!--",
    "<!-- --!>",
    "</",
    "</p",
    "</div>",
    "</div></article></main>",
    "<table><tr><td>",
    "<ul><li><ul><li>",
    "<blockquote>" * 60,
    "<b" * 200,
    "&",
    "&#",
    "&#x",
    "&#xD800;",
    "&#1114112;",
    "&#0;",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "&LT;SCRIPT&GT;",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\x00<\x00script>",
    "<\u0130mg src=x onerror=alert(1)>",
    "＜script＞alert(1)＜/script＞",
]
HOSTILE = [
    *SCRIPTS,
    *FOREIGN_ELEMENTS,
    *MUTANTS,
    *NAMES,
    *UNCLOSED,
    *[f'<a href="{address}">x</a>' for address in ADDRESSES],
    *[f"<a href='{address}'>x</a>" for address in ADDRESSES],
    *[f'<img src="{address}">' for address in IMAGES],
]
pieces = st.sampled_from(
    [*HOSTILE, *NASTY, "<svg>", "<math>", "<style>", "<template>", "<noscript>", "<table>", "<select>"]
)


def not_on_the_list(html: str) -> list[str]:
    return [found for found in wrong(html) if not found.startswith("rel of")]  # links are finished after cleaning


@pytest.mark.parametrize("html", HOSTILE, ids=lambda html: ascii(html)[:40])
def test_nothing_hostile_comes_through(html):
    cleaned = markup.clean(html)
    assert not_on_the_list(cleaned) == []
    assert dangers(cleaned) == []


def scheme(address: str) -> str:
    """As a browser sees it: line breaks and tabs count nowhere, spaces and control characters not at the ends."""
    seen = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", seen, re.IGNORECASE)
    return found[1].lower() if found else ""


@pytest.mark.parametrize("address", ADDRESSES, ids=ascii)
def test_a_link_to_what_is_no_page_leads_nowhere(address):
    for _, attributes in elements(markup.clean(f'<a href="{address}">x</a>')):
        assert scheme(attributes.get("href", "")) == ""


@pytest.mark.parametrize("address", ["skype:999", "sms:112", "javascript:1", "localhost:8000"])
def test_markdown_makes_no_such_link_either(address):
    for _, attributes in elements(markup.render(f"[x]({address})")):
        assert "href" not in attributes


@pytest.mark.parametrize("address", IMAGES, ids=ascii)
def test_only_our_own_pictures_are_shown(address):
    ((_, attributes),) = elements(markup.clean(f'<img alt="x" src="{address}">'))
    assert attributes == {"alt": "x"}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(pieces | st.text(max_size=6), max_size=12).map("".join))
def test_whatever_is_put_together_only_what_is_on_the_list_is_left(html):
    cleaned = markup.clean(html)
    assert not_on_the_list(cleaned) == []
    assert dangers(cleaned) == []
    # A browser may read it in another place than it was cleaned for: there, too, it is nothing else.
    for before, after in (
        ("<table><tr><td>", "</table>"),
        ("<svg><title>", "</title></svg>"),
        ("<noscript>", "</noscript>"),
    ):
        assert dangers(f"{before}{cleaned}{after}") == []


def test_what_is_on_the_list_stays():
    html = (
        '<h2>One</h2><p><strong>b</strong> <a title="t" href="https://council.example">x</a></p>'
        '<img alt="ours" src="/media/images/a.png"><table><tbody><tr><td align="right">1</td></tr></tbody></table>'
    )
    assert markup.clean(html) == html

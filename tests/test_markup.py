"""Whatever people write, the HTML made of it holds nothing but what is on the list."""

import re
import time

import pytest
from bleach._vendor import html5lib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import markup
from tests.parsed import dangers, elements

# Written out once more, on purpose: a change of the rules must be meant.
MAY_HAVE = {
    "a": {"href", "title", "rel", "class"},
    "img": {"src", "alt"},
    "input": {"type", "checked", "disabled", "aria-label"},
    "ol": {"start"},
    "ul": {"class"},
    "li": {"class"},
    "td": {"align"},
    "th": {"align"},
} | dict.fromkeys(
    [
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "hr",
        "label",
        "p",
        "pre",
        "s",
        "strong",
        "table",
        "tbody",
        "thead",
        "tr",
    ],
    frozenset(),
)
CLASSES = {"mention", "contains-task-list", "task-list-item"}
PEOPLE = {"ada": "/members/1/", "ben-hartley": "/members/2/"}

NASTY = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)",
    "data:text/html,<script>", "vbscript:x",
    "<iframe src=//x>", "<form action=x>", "<style>*{}</style>", "<svg onload=alert(1)>",
    "<math><mtext><script>", "<!--", "-->",
    "<![CDATA[", "]]>", "</p>", "</div>", "<a href=", '"', "'", ">", "<", "&#106;avascript:", "&lt;script&gt;",
    "&colon;", "java\tscript:",
    "](javascript:alert(1))", "![x](", "[x](", "[x]: javascript:alert(1)", "[x]", "<javascript:alert(1)>",
    "<https://x.example/\"onclick=>",
    "`", "```", "~~~", "|", "|-|", "\n", "\n\n", "    ", "- ", "- [ ] ", "1. ", "> ", "# ", "* ", "**", "__",
    "~~", "\\", "@ada", "@ben-hartley",
    "https://council.example/?a=b&c=d", "www.council.example", "me@council.example", "/media/images/x.png",
    "/media/images/../secret", "//evil.example",
    "\u202e", "\u2028", "\ufffd", "\x0b", "style=", "onclick=", "id=", "class=", "{{ x }}", "&amp;", "&", ";",
    "\u00a0", "\ud7ff",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=30).map("".join)
)


def wrong(html: str) -> list[str]:
    """Everything in this HTML that is not on the list."""
    found = []
    for tag, attributes in elements(html):
        if tag not in MAY_HAVE:
            found.append(tag)
            continue
        found += [f"{tag} {name}" for name in attributes if name not in MAY_HAVE[tag]]
        found += [f"class {name}" for name in attributes.get("class", "").split() if name not in CLASSES]
        href = attributes.get("href", "")
        if re.match(r"[^/?#]*:", href) and not re.match(r"(https?|mailto):", href):
            found.append(f"href {href}")
        if href and not re.match(r"/(?!/)", href) and attributes.get("rel") != markup.LINK_REL:
            found.append(f"rel of {href}")
        if tag == "img" and not attributes.get("src", markup.OWN_IMAGES).startswith(markup.OWN_IMAGES):
            found.append(f"src {attributes['src']}")
        if tag == "input" and attributes.get("type") != "checkbox":
            found.append("an input that is no checkbox")
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(texts)
def test_nothing_comes_out_that_is_not_on_the_list(source):
    html = markup.render(source, PEOPLE)
    assert wrong(html) == []
    assert dangers(html) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(texts)
def test_the_html_of_a_post_never_leaves_its_place(source):
    """Put into a page, it can't close an element that it did not open."""
    root = html5lib.parse(
        f'<div id="post">{markup.render(source, PEOPLE)}</div><p id="after">', namespaceHTMLElements=False
    )
    body = root.find("body")
    assert [child.get("id") for child in body] == ["post", "after"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts)
def test_the_same_text_gives_the_same_html_and_its_words_have_no_tags(source):
    html = markup.render(source, PEOPLE)
    assert html == markup.render(source, PEOPLE)
    assert markup.plain_text(html) == markup.plain_text(html).strip()


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="@adabenhrtly-` \n*_[]()", max_size=80))
def test_only_known_people_become_links(source):
    for tag, attributes in elements(markup.render(source, PEOPLE)):
        if tag == "a" and attributes.get("class") == "mention":
            assert attributes["href"] in PEOPLE.values()


@pytest.mark.parametrize("source", [
    "> " * 10_000, "- " * 10_000, "1. " * 6_000, "[" * 20_000, "![" * 10_000, "[x](" * 5_000, "*" * 20_000,
    "*a_ " * 5_000,
    "`" * 20_000, "``x`" * 5_000, "<" * 20_000, "&" * 20_000, "\\" * 20_000, "|" * 20_000, "|a\n|-\n" * 3_000,
    "~~x" * 6_000,
    "http://" * 2_800, "www.a" * 4_000, "a@b." * 5_000, "@a" * 10_000, "@" + "a-" * 9_999, "[a](<" * 4_000,
    "[a]: <" * 3_000,
    "\n" * 20_000, "\t" * 20_000, "x\n" * 10_000, "- x\n  " * 3_000, "#" * 20_000, "```\n" * 5_000,
    "<!--" * 5_000, "(" * 20_000,
], ids=lambda source: source[:6].strip() or "space")  # fmt: skip
def test_crooked_texts_are_rendered_quickly(source):
    """The longest that a post may be, in seconds of this process alone: other work on the machine doesn't count."""
    start = time.process_time()
    try:
        html = markup.render(source[:20_000], PEOPLE)
        markup.mentions(source[:20_000])
    except markup.TooMuch:
        html = ""
    assert time.process_time() - start < 2
    assert wrong(html) == []


TABLE_OF_NOTHING = "|a" * 250 + "|\n" + "|-" * 250 + "|\n" + "|\n" * 261


@pytest.mark.parametrize("source", [
    TABLE_OF_NOTHING, TABLE_OF_NOTHING * 4, f"> {TABLE_OF_NOTHING}".replace("\n", "\n> "), (">" * 15 + "a\n\n") * 1_200,
    "- [ ] a\n" * 2_500, "- x\n  " * 3_000, "<http://" * 2_500,
], ids=["table", "tables", "table in a quote", "quotes", "tasks", "lists", "addresses"])  # fmt: skip
def test_what_would_become_far_more_than_was_typed_is_refused(source):
    start = time.process_time()
    with pytest.raises(markup.TooMuch):
        markup.render(source)
    assert time.process_time() - start < 2


def test_a_large_table_and_a_long_list_are_welcome():
    table = "| Council | Cost |\n| --- | --: |\n" + "| Leeds | 12 |\n" * 400
    assert markup.render(table).count("<td") == 800
    assert markup.render("- A point of many\n" * 600).count("<li>") == 600


@pytest.mark.parametrize("source", [
    "```\n@ada\n```", "~~~\n@ada\n~~~", "    @ada", "`` @ada ``", "[@ada](https://x.example)", "me@ada.example",
])  # fmt: skip
def test_code_and_links_mention_nobody(source):
    assert markup.mentions(source) == []
    assert "mention" not in markup.render(source, PEOPLE)


@pytest.mark.parametrize(("source", "html"), [
    ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>\n"),
    ("# One\n\n## Two\n\n### Three\n\n###### Six", "<h2>One</h2>\n<h3>Two</h3>\n<h4>Three</h4>\n<h4>Six</h4>\n"),
    ("https://council.example", f'<p><a href="https://council.example" rel="{markup.LINK_REL}">https://council.example</a></p>\n'),
    ("[in](/community/)", '<p><a href="/community/">in</a></p>\n'),
    ("[out](//evil.example)", f'<p><a href="//evil.example" rel="{markup.LINK_REL}">out</a></p>\n'),
    ("@ada", '<p><a class="mention" href="/members/1/">@ada</a></p>\n'),
    ("`@ada`", "<p><code>@ada</code></p>\n"),
    ("![ours](/media/images/a.png)", '<p><img alt="ours" src="/media/images/a.png"></p>\n'),
    ("![x](/media/images/%2e%2e/%2e%2e/accounts/logout/)", '<p><img alt="x"></p>\n'),
    ("![theirs](https://x.example/a.png)", '<p><img alt="theirs"></p>\n'),
    ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
    ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
])  # fmt: skip
def test_what_markdown_becomes(source, html):
    assert re.sub(r'<img (src="[^"]*") (alt="[^"]*")>', r"<img \2 \1>", markup.render(source, PEOPLE)) == html


def test_a_table_is_aligned_without_a_style():
    html = markup.render("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert ("th", {"align": "center"}) in elements(html) and ("td", {"align": "right"}) in elements(html)
    assert "style" not in html


def test_a_task_list_has_named_boxes_that_can_not_be_ticked():
    html = markup.render("- [x] done\n- [ ] open")
    boxes = [attributes for tag, attributes in elements(html) if tag == "input"]
    assert [("checked" in box, "disabled" in box, box["type"]) for box in boxes] == [
        (True, True, "checkbox"),
        (False, True, "checkbox"),
    ]


@pytest.mark.parametrize(("source", "words"), [
    ("un**believ**able", "unbelievable"),
    ("**We** want to *know*.", "We want to know."),
    ("one\n\ntwo", "one\ntwo"),
    ("- a\n- b", "a\nb"),
    ("| a | b |\n|---|---|\n| 1 | 2 |", "a\nb\n1\n2"),
    ("a & b < c", "a & b < c"),
    ("`<script>`", "<script>"),
])  # fmt: skip
def test_the_words_of_a_post(source, words):
    assert markup.plain_text(markup.render(source)) == words

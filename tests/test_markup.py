"""Whatever people write, the HTML made of it holds nothing but what is on the list."""

import html
import re

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
    "li": {"class", "value"},
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
        if re.match(r"[^/?#]*:", href) and not re.match(r"(https?|mailto|tel):", href):
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


def test_a_large_table_and_a_long_list_are_welcome():
    table = "| Council | Cost |\n| --- | --: |\n" + "| Leeds | 12 |\n" * 400
    assert markup.render(table).count("<td") == 800
    assert markup.render("- A point of many\n" * 600).count("<li>") == 600


@pytest.mark.parametrize("source", [
    "```\n@ada\n```", "~~~\n@ada\n~~~", "    @ada", "`` @ada ``", "[@ada](https://x.example)", "me@ada.example",
])  # fmt: skip
def test_code_and_links_mention_nobody(source):
    assert markup.Text(source).mentions == []
    assert "mention" not in markup.render(source, PEOPLE)


@pytest.mark.parametrize(("source", "html"), [
    ("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>\n"),
    ("# One\n\n## Two\n\n### Three\n\n###### Six", "<h2>One</h2>\n<h3>Two</h3>\n<h4>Three</h4>\n<h4>Six</h4>\n"),
    ("https://council.example", f'<p><a href="https://council.example" rel="{markup.LINK_REL}">https://council.example</a></p>\n'),
    ("[in](/community/)", '<p><a href="/community/">in</a></p>\n'),
    ("[out](//evil.example)", "<p>[out](//evil.example)</p>\n"),
    ("@ada", '<p><a class="mention" href="/members/1/">@ada</a></p>\n'),
    ("`@ada`", "<p><code>@ada</code></p>\n"),
    ("![ours](/media/images/a.png)", '<p><img alt="ours" src="/media/images/a.png"></p>\n'),
    ("![x](/media/images/%2e%2e/%2e%2e/accounts/logout/)", '<p><img alt="x"></p>\n'),
    ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
    ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
    ("3. three", '<ol start="3">\n<li>three</li>\n</ol>\n'),
    ("1. a\n1. b\n1. c", "<ol>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>\n"),
    ("2026. A good year\n1. Then", '<ol start="2026">\n<li>A good year</li>\n<li value="1">Then</li>\n</ol>\n'),
    ("4. a\n7. b\n8. c", '<ol start="4">\n<li>a</li>\n<li value="7">b</li>\n<li>c</li>\n</ol>\n'),
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
    ("Our plan ![a map of the wards](/media/images/a.png)", "Our plan a map of the wards"),
    ("12 High Street  \n  Camden", "12 High Street\nCamden"),
])  # fmt: skip
def test_the_words_of_a_post(source, words):
    assert markup.plain_text(markup.render(source)) == words


# --- As people write messages ---------------------------------------------------------------------------


def links(source: str) -> list[tuple[str, str]]:
    """(where it leads, its words) of each link."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', markup.render(source))
    return [(html.unescape(href), html.unescape(words)) for href, words in found]


@pytest.mark.parametrize("source", [
    "1 High Street\nNewtown\nNT1 1AA", "Kind regards\nHelen\n--\nHead of Digital", "- one\n  still one", "> a\n> b",
])  # fmt: skip
def test_lines_stay_lines(source):
    words = markup.plain_text(markup.render(source))
    assert words.count("\n") == source.count("\n")
    assert "<h" not in markup.render(source)


@pytest.mark.parametrize("source", [
    "[Chair]: Agreed.", "[Chair]: Agreed.\n[Chair]: Carried.", "[Action]: Helen", "[1]: https://camden.gov.uk/a",
    "[1]: https://camden.gov.uk/a\n[2]: https://camden.gov.uk/b", "[x](ftp://files.example/a)", "[x](notes.docx)",
    "[Join](msteams:/l/meetup)", "![plan](plan.png)", "\\\\files\\digital\\plans", "[x](javascript:alert(1))",
])  # fmt: skip
def test_what_leads_nowhere_stays_as_it_was_typed(source):
    assert markup.plain_text(markup.render(source)) == source


def test_a_definition_that_is_used_is_not_shown_and_its_neighbour_is():
    source = "As [the plan][1] says.\n\n[1]: https://camden.gov.uk/plan\n[2]: https://camden.gov.uk/other"
    assert links(source) == [
        ("https://camden.gov.uk/plan", "the plan"),
        ("https://camden.gov.uk/other", "https://camden.gov.uk/other"),
    ]
    assert "[2]:" in markup.render(source) and "[1]:" not in markup.render(source)


@pytest.mark.parametrize(("source", "found"), [
    ("![the wards](https://x.example/a.png)", [("https://x.example/a.png", "the wards")]),
    ("![](https://x.example/a.png)", [("https://x.example/a.png", "https://x.example/a.png")]),
    ("[![logo](https://x.example/a.png)](https://y.example)", [("https://y.example", "logo")]),
])  # fmt: skip
def test_a_picture_from_elsewhere_is_a_link_to_it(source, found):
    assert links(source) == found
    assert "<img" not in markup.render(source)


def test_a_row_loses_no_cell_that_the_header_has_no_column_for():
    table = "| Council | Cost |\n|---|---|\n| Leeds | £5,000 | a year | plus VAT |\n| Hull |\n"
    assert "<td>£5,000 | a year | plus VAT</td>" in re.sub(r"\s+", " ", markup.render(f"{table}\n\nMore"))
    assert markup.render(f"> {table}".replace("\n", "\n> ")).count("plus VAT") == 1


@pytest.mark.parametrize("source", [
    "README.md", "manage.py", "deploy.sh on ASP.NET", "The pilot is done.It went well.", "v2.1.3", "e.g.this",
    "node.js",     "Yes.no", "a.b.c", "http://", "https://…", "www.", "1.uk", "x@y", "Monday.Com",
])  # fmt: skip
def test_no_link_that_nobody_meant(source):
    assert [link for link in links(source) if link != ("https://1.uk", "1.uk")] == []


@pytest.mark.parametrize(("source", "href", "words"), [
    ("https://www.gov.uk", "https://www.gov.uk", "https://www.gov.uk"),
    ("See gov.uk/guidance, please", "https://gov.uk/guidance", "gov.uk/guidance"),
    ("www.camden.gov.uk.", "https://www.camden.gov.uk", "www.camden.gov.uk"),
    ("(https://x.uk/a_(b))", "https://x.uk/a_(b)", "https://x.uk/a_(b)"),
    ("“https://x.uk/a”", "https://x.uk/a", "https://x.uk/a"),
    ("https://x.uk/a’s end", "https://x.uk/a", "https://x.uk/a"),
    ("https://x.uk/a…", "https://x.uk/a", "https://x.uk/a"),
    ("Read https://x.uk/a: it is good", "https://x.uk/a", "https://x.uk/a"),
    ("**https://x.uk/a**", "https://x.uk/a", "https://x.uk/a"),
    ("https://x.uk/_plans_/*new*/a", "https://x.uk/_plans_/*new*/a", "https://x.uk/_plans_/*new*/a"),
    ("HTTPS://X.uk/A", "HTTPS://X.uk/A", "HTTPS://X.uk/A"),
    ("[x](www.camden.gov.uk)", "https://www.camden.gov.uk", "x"),
    ("[x](camden.gov.uk/plans)", "https://camden.gov.uk/plans", "x"),
    ("[call](tel:+441619960000)", "tel:+441619960000", "call"),
    ("Ada.Okafor@camden.gov.uk", "mailto:ada.okafor@camden.gov.uk", "Ada.Okafor@camden.gov.uk"),
    ("<ada@camden.gov.uk>", "mailto:ada@camden.gov.uk", "ada@camden.gov.uk"),
    ("| a |\n|---|\n| https://x.uk/a |", "https://x.uk/a", "https://x.uk/a"),
])  # fmt: skip
def test_where_a_link_ends_and_leads(source, href, words):
    assert links(source) == [(href, words)]


@pytest.mark.parametrize("source", [
    "@ada@mastodon.example", "@ada_x", "@adaé", "\\@ada", "x@ada", "@ada.example", "@ada-", "/@ada",
])  # fmt: skip
def test_what_only_looks_like_a_mention_rings_nobody(source):
    assert "mention" not in markup.render(source, PEOPLE) or source == "@ada-"
    assert markup.Text(source).mentions == (["ada"] if source == "@ada-" else [])

"""Whatever is typed, rendering it is bounded: in time, and in what comes out."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib import markup
from tests.test_markup import NASTY, PEOPLE, wrong

LONGEST = 20_000  # characters of a post
# The budget is 0.3 s of this process's time; here with room for a machine that does other things as well.
SECONDS = 1.0


def rendered_in_time(source: str) -> str:
    start = time.process_time()
    try:
        html = markup.render(source[:LONGEST], PEOPLE)
    except markup.TooMuch:
        html = ""
    markup.plain_text(html)
    assert time.process_time() - start < SECONDS
    # Of what is not short; `rel` is added to each link after it was cleaned.
    without_rel = html.replace(f' rel="{markup.LINK_REL}"', "")
    assert len(without_rel) <= markup.MAX_GROWTH * max(len(source), markup.SHORT)
    return html


def references(address: str, times: int) -> str:
    return f"[a]: /b{address}\n\n" + "[a]" * times


TABLE_OF_NOTHING = "|a" * 250 + "|\n" + "|-" * 250 + "|\n" + "|\n" * 261


@pytest.mark.parametrize("source", [
    TABLE_OF_NOTHING, f"> {TABLE_OF_NOTHING}".replace("\n", "\n> "), "> " * 10_000,
    "- " * 10_000, "1. " * 6_000, "[" * 20_000, "![" * 10_000, "[x](" * 5_000, "*" * 20_000,
    "*a_ " * 5_000, "*a* " * 5_000, "**a** " * 3_000, "`" * 20_000, "``x`" * 5_000, "`a` " * 5_000, "<" * 20_000,
    "&" * 20_000, '"' * 20_000, "\\" * 20_000, "\\*" * 10_000, "|" * 20_000, "|a\n|-\n" * 3_000, "-|-\n" * 5_000,
    "|a|b|\n|-|-|\n" + "|a|b|\n" * 3_300, "~~x" * 6_000, "http://" * 2_800, "http:" * 4_000, "www.a" * 4_000,
    "a@b." * 5_000, "a@b.uk " * 2_800, "a.uk " * 4_000, "www.a.uk " * 2_200, "https://a.uk " * 1_500, "a." * 10_000,
    "a+" * 10_000, "https://a.uk/" + "(" * 9_000 + ")" * 9_000, "https://a.uk/" + ".," * 9_000, "@a" * 10_000,
    "@" + "a-" * 9_999, "@ada " * 4_000, "[a](<" * 4_000, "[a]: <" * 3_000, "[a]: /b\n" * 2_500,
    "[[[[a]]]](b) " * 1_500,
    "\n" * 20_000, "\t" * 20_000, "x\n" * 10_000, "a\n\n" * 6_600, "#" * 20_000, "# a\n" * 5_000, "---\n\n" * 4_000,
    "```\n" * 5_000, "<!--" * 5_000, "(" * 20_000, "a" + " " * 19_990 + "b", "<http://a> " * 1_800, "&#1;" * 5_000,
    "- " * 10 + "a\n" + "  " * 10 + "-" * 19_000 + "x", "![a](/media/images/a) " * 900, "1. a\n" * 4_000,
    references("&" * 1_000, 333), references("&" * 10_000, 3_333), references("x" * 300, 4_000), references('"', 6_000),
    "".join(f"[{n}]: /b\n\n" for n in range(2_000)), "[a]: https://x.example/" + "b" * 300 + "\n\n" + "[a] " * 400,
], ids=lambda source: source[:9].strip() or "space")  # fmt: skip
def test_crooked_texts_are_rendered_in_time(source):
    assert wrong(rendered_in_time(source)) == []


pieces = st.sampled_from(
    [*NASTY, "[a]", "[a]: /b", "[a]: https://x.example/" + "&" * 50, "\n\n", "|-|-|\n", "|" * 20, "  "]
)
repeated = st.lists(st.tuples(st.lists(pieces, min_size=1, max_size=4).map("".join), st.integers(1, 2_000)), max_size=4)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(repeated)
def test_no_repetition_multiplies(parts):
    rendered_in_time("".join(piece * times for piece, times in parts))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(repeated)
def test_the_words_of_any_html_are_found_in_time(parts):
    source = "".join(piece * times for piece, times in parts)[:60_000]
    start = time.process_time()
    markup.plain_text(source)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("source", [
    TABLE_OF_NOTHING * 4, (">" * 15 + "a\n\n") * 1_200, "- [ ] a\n" * 2_500, "- x\n  " * 3_000,
    references("&" * 10_000, 3_333), references("x" * 300, 1_000), "&" * 20_000,
], ids=["tables", "quotes", "tasks", "lists", "references", "long references", "ands"])  # fmt: skip
def test_what_would_become_far_more_than_was_typed_is_refused(source):
    with pytest.raises(markup.TooMuch):
        markup.render(source)


@pytest.mark.parametrize("mark", ["> ", "- "])
def test_what_is_too_deep_is_refused_and_not_left_out(mark):
    assert "deep" in markup.render(mark * 9 + "deep")
    with pytest.raises(markup.TooMuch):
        markup.render(mark * 30 + "deep")

"""How what a person typed into a search is cut into words."""

import re

MAX_WORDS = 12
# As PostgreSQL's dictionary leaves them out: in a text they are everywhere, and say nothing.
STOP_WORDS = frozenset(
    """a about after all an and any are as at be been but by can did do does for from had has have he her his how i if
    in into is it its me my no not of on or our she so than that the their them then there these they this to was we
    were what when where which who why will with you your""".split()  # noqa: SIM905 (words, not a list of quotes)
)
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def words_of(q: str) -> list[str]:
    """The words of what a person typed. Everything else in it (quotes, signs, operators) is only a separator."""
    words = [word.lower() for word in WORD.findall(q)][:MAX_WORDS]
    return [word for word in words if word not in STOP_WORDS] or words

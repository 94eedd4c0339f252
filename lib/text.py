"""Text as people send it: each letter in one form, and no character that is unseen or acts on what is around it."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError

# Not the joiners (U+200C, U+200D) and what flags are made of: emoji and some scripts need them.
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they would turn the text behind a title, too
UNSEEN = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
# No characters at all (Unicode 16, 23.7), and half of one. XML has no place for most of these: a feed would be none.
NONE = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)

UNWANTED = re.compile(f"[{CONTROLS}{TURNING}{UNSEEN}{NONE}]")
NOTHING_TO_SEE = re.compile(rf"[\s{CONTROLS}{TURNING}{UNSEEN}\u200c\u200d\ufe00-\ufe0f]*")


def seen(text: str) -> str:
    """Without UNWANTED, and with each letter in its one form: Siân is four letters, whichever machine it comes from."""
    return unicodedata.normalize("NFC", UNWANTED.sub("", text))


def one_line(text: str) -> str:
    """For titles, names and reasons: one line, single spaces. What holds only characters that nobody sees is empty."""
    line = " ".join(seen(" ".join(text.split())).split())
    return "" if is_blank(line) else line


def many_lines(text: str) -> str:
    """For posts and messages: line ends as \\n, nothing before the first word or after the last. The same otherwise."""
    text = seen(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if is_blank(text) else text


def is_blank(text: str) -> bool:
    return NOTHING_TO_SEE.fullmatch(text) is not None


def clean_line(text: str, *, field: str, limit: int, needed: str = "") -> str:
    """One line as it is stored. `needed` is what to say when it is empty, where it may not be.

    Raises ValidationError for the field. `limit` is in characters.
    """
    return _checked(one_line, text, field, limit, needed)


def clean_text(text: str, *, field: str, limit: int, needed: str = "") -> str:
    """The same for text of several lines."""
    return _checked(many_lines, text, field, limit, needed)


def _checked(cleaned: Callable[[str], str], text: str, field: str, limit: int, needed: str) -> str:
    text = text or ""
    try:
        if "\x00" in text:
            raise ValidationError("The text contains a character that can’t be stored (a null character). Remove it.")
        text = cleaned(text)
        if needed and not text:
            raise ValidationError(needed)
        check_length(text, limit)
    except ValidationError as error:
        raise ValidationError({field: error.error_list}) from error
    return text


def check_length(text: str, limit: int):
    """Raises ValidationError for more than `limit` characters."""
    over = len(text) - limit
    if over > 0:
        characters = "1 character" if over == 1 else f"{over:,} characters"
        raise ValidationError(f"This is {characters} too long: the limit is {limit:,}. Shorten it.")


TAG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TAG_MAX_LENGTH = 40


def tags(words: Iterable[str], *, noun: str, limit: int) -> list[str]:
    """As they are stored: lower case, hyphens for spaces, each once, in order.

    `noun` is what they are called, and names the field: "tag" for tags. Raises ValidationError.
    """
    names = list(dict.fromkeys("-".join(word.lower().replace("#", "").split()) for word in words if word.strip()))
    if len(names) > limit:
        raise ValidationError({f"{noun}s": f"There are {len(names)} {noun}s; there can be {limit}."})
    for name in names:
        if not TAG.fullmatch(name) or len(name) > TAG_MAX_LENGTH:
            raise ValidationError(
                {
                    f"{noun}s": f"“{name[:60]}” can’t be a {noun}. "
                    "Use letters, digits and hyphens, for example shared-services."
                }
            )
    return names


AS_WRITTEN = [
    "AI", "API", "APIs", "CDO", "CRM", "DPIA", "ERP", "GDPR", "GIS", "GOV.UK", "HR", "ICT", "IT", "LGR", "NHS", "SME",
    "SMEs", "UX",
]  # fmt: skip
WRITTEN = {word.lower().replace(".", ""): word for word in AS_WRITTEN}  # as a tag has them → as people write them


def as_label(name: str) -> str:
    """AI assistants for the tag ai-assistants; what has capitals of its own stays as it is."""
    if not name.islower():
        return name
    first, *others = name.split("-")
    return " ".join([WRITTEN.get(first, first.capitalize()), *(WRITTEN.get(word, word) for word in others)])


def initials(name: str) -> str:
    """HB for Helen Barrow: of the first and the last word; ? where there is no word."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"

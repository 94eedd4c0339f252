"""Numbers that come in as text, from addresses and forms."""

LARGEST = 2**31 - 1  # the largest that the database's integer columns hold


def whole(text: str, at_most: int = LARGEST) -> int | None:
    """The whole number from 0 that a text is, or None for anything else ("abc", "-1", "²", one that is too large)."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(at_most))):
        return None
    return number if (number := int(text)) <= at_most else None

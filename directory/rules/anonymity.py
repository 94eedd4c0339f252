"""Keeps an officer's name out of what suppliers read."""

import re

from members.models import Member


def role_and_organisation(officer: Member) -> str:
    """An officer without a name: "Head of Digital, Leeds"."""
    return f"{officer.job_title or 'Officer'}, {officer.organisation.short_name}"


def gives_away(text: str, officer: Member, name_is_known: bool = False) -> bool:
    """Whether a text names this officer: by full name, address or handle, or by a first or last name that ends a line,
    as a signature does. Where the name is known anyway, only the address counts."""
    text = " ".join(text.split("\r")).casefold()
    if name_is_known:
        return _stands_in(text, officer.email)
    known = [officer.name, officer.email, f"@{officer.handle}"]
    if "-" in officer.handle:  # a handle of one word may be a word of everyday language
        known.append(officer.handle)
    if any(_stands_in(text, name) for name in known):
        return True
    words = officer.name.casefold().split()
    signatures = {words[0], words[-1]} if words else set()
    ends = (re.sub(r"[\W_]+$", "", line).split() for line in text.splitlines())
    return any(line[-1] in signatures for line in ends if line)


def _stands_in(text: str, known: str) -> bool:
    known = r"\s+".join(re.escape(word) for word in known.casefold().split())
    return bool(known) and re.search(rf"(?<!\w){known}(?!\w)", text) is not None

"""What the two lists share: reading the address's query, and the way back into it."""

from urllib.parse import urlencode

MAX_VALUES = 30  # chosen in one group; no page offers more, so what is beyond is nonsense


def chosen_in(request, groups) -> dict[str, set[str]]:
    """What is ticked in each group of facets."""
    return {name: {value[:200] for value in request.GET.getlist(name)[:MAX_VALUES] if value} for name in groups}


def list_context(request, found, chosen: dict[str, set[str]], q: str = "") -> dict:
    """For the list's template: its page, and the addresses without one of the choices."""
    pairs = [(name, value) for name in chosen for value in sorted(chosen[name])]
    searched = [("q", q)] if q else []
    labels = {
        (group.name, option.value): option.label for group in found.groups for option in group.options + group.more
    }
    return {
        "found": found,
        "q": q,
        "is_narrowed": bool(pairs or q),
        "without": [
            (labels.get(pair, pair[1]), f"?{urlencode(searched + [other for other in pairs if other != pair])}")
            for pair in pairs
        ],
        "page_url": f"?{urlencode([*searched, *pairs, ('page', '')])}",
    }

"""Narrowing a list by what its rows have: within a group any of the chosen will do, and all groups must agree.

The number beside an option says how many rows one would see with it, given what is chosen in the other groups.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lib.text import as_label

SHOWN = 10  # options of a group; with two more than that, none is put away


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    label: str
    options: list[Option]
    more: list[Option]  # what is rare: a list of fifty topics is not read


@dataclass(frozen=True, slots=True)
class Row:
    """A listing as the facets see it: for each group's name the values it has."""

    pk: int
    key: str
    values: Mapping[str, frozenset[str]]


def narrow(
    rows: Iterable[Row],
    groups: Mapping[str, str],
    chosen: Mapping[str, set[str]],
    labels: Mapping[str, Mapping[str, str]],
):
    """→ (the rows that match, the groups with their counted options). `groups`: name → label."""
    rows = list(rows)

    def matches(row: Row, apart_from: str = "") -> bool:
        return all(not chosen[name] or chosen[name] & row.values[name] for name in groups if name != apart_from)

    counted = []
    for name, label in groups.items():
        others = [row for row in rows if matches(row, apart_from=name)]
        counts = {value: 0 for row in rows for value in row.values[name]} | dict.fromkeys(sorted(chosen[name]), 0)
        for row in others:
            for value in row.values[name]:
                counts[value] += 1
        known = labels.get(name, {})
        order = list(known)
        options = [
            Option(value, known.get(value) or as_label(value), count, value in chosen[name])
            for value, count in sorted(
                counts.items(),
                key=lambda item: (order.index(item[0]) if item[0] in known else len(order), item[0].casefold()),
            )
        ]
        if options:
            counted.append(Group(name, label, *_split(options)))
    return [row for row in rows if matches(row)], counted


def _split(options: list[Option]) -> tuple[list[Option], list[Option]]:
    """The options to show, in their order: the chosen and the most frequent; and the others."""
    if len(options) <= SHOWN + 2:
        return options, []
    frequent = sorted(options, key=lambda option: (not option.is_chosen, -option.count))[:SHOWN]
    return [one for one in options if one in frequent], [one for one in options if one not in frequent]

"""The pages of a list: ?page=, and what components/pagination.html shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404

from .numbers import whole

LAST_PAGE = 999_999  # beyond it is nonsense


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `last` is None for a list that is not counted, since that would cost more than it is worth."""

    number: int
    last: int | None
    rows: Sequence[Any] = field(default=(), repr=False)
    total: int | None = None
    has_next: bool = False

    @property
    def window(self) -> list[int | str]:
        """The page numbers worth a link: the ends and the neighbours, with "…" between: 1 … 6 7 8 … 20."""
        pages = Paginator(range(self.last or 1), 1)
        return list(pages.get_elided_page_range(self.number, on_each_side=1, on_ends=1))


def page_number(request) -> int:
    """?page=, from 1. Nonsense is the first page, as a person would expect."""
    return whole(request.GET.get("page", ""), LAST_PAGE) or 1


def counted(rows: Sequence | QuerySet, number: int, size: int) -> Page:
    """One page of rows that are counted. Past the end it is the last."""
    page = Paginator(rows, size).get_page(number)
    last = page.paginator.num_pages
    return Page(page.number, last, list(page.object_list), page.paginator.count, page.number < last)


def uncounted(rows: QuerySet, number: int, size: int) -> Page:
    """One page of rows that are not counted. Raises Http404 past the end."""
    found = list(rows[(number - 1) * size : number * size + 1])
    if number > 1 and not found:
        raise Http404
    return Page(number, None, found[:size], has_next=len(found) > size)


def numbered(number: int, last: int) -> Page:
    """A page of which only the numbers are known here. Past the end it is the last."""
    number = min(number, last)
    return Page(number, last, has_next=number < last)

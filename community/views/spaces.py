"""/community/: the spaces, one space with its threads, and the threads with a tag."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from lib.access import allows
from lib.numbers import page_number

from .. import access, queries
from ..models import CommunityPage

LATEST = 8  # threads below the list of spaces


def community(request):
    """The spaces that the viewer may read, and what is new in them."""
    return render(
        request,
        "community/community.html",
        {
            "section": "community",
            "page": CommunityPage.objects.live().first(),
            "spaces": queries.spaces(request.user),
            "threads": queries.with_unread(request.user, queries.threads(request.user)[:LATEST]),
        },
    )


def space(request, slug: str):
    space = access.space(request.user, slug)
    page = page_number(request)
    pinned, found = [], queries.threads(request.user, space=space)
    if page == 1:
        pinned = list(found.filter(pinned_at__isnull=False).order_by("-pinned_at"))
    threads, has_more = slice_of(found.filter(pinned_at=None), page)
    return render(
        request,
        "community/space.html",
        {
            "section": "community",
            "space": space,
            "threads": queries.with_unread(request.user, [*pinned, *threads]),
            "page_number": page,
            "has_more": has_more,
            "may_start": allows(access.check_start, request.user, space),
        },
    )


def tag(request, slug: str):
    page = page_number(request)
    threads, has_more = slice_of(queries.threads(request.user, tag=slug), page)
    if not threads:
        raise Http404
    return render(
        request,
        "community/tag.html",
        {
            "section": "community",
            "tag": slug,
            "threads": queries.with_unread(request.user, threads),
            "page_number": page,
            "has_more": has_more,
        },
    )


def slice_of(found, page: int) -> tuple[list, bool]:
    """One page of threads and whether there are more, without counting them all. Raises Http404 past the end."""
    size = settings.THREADS_PER_PAGE
    threads = list(found[(page - 1) * size : page * size + 1])
    if page > 1 and not threads:
        raise Http404
    return threads[:size], len(threads) > size

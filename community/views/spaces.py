"""/community/: the spaces, one space with its threads, and the threads with a tag."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render

from lib.access import allows
from lib.pages import page_number, uncounted

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
    found = queries.threads(request.user, space=space)
    page = uncounted(found.filter(pinned_at=None), page_number(request), settings.THREADS_PER_PAGE)
    pinned = list(found.filter(pinned_at__isnull=False).order_by("-pinned_at")) if page.number == 1 else []
    return render(
        request,
        "community/space.html",
        {
            "section": "community",
            "space": space,
            "threads": queries.with_unread(request.user, [*pinned, *page.rows]),
            "page": page,
            "may_start": allows(access.check_start, request.user, space),
        },
    )


def tag(request, slug: str):
    if slug != slug.lower():  # a tag has small letters, and people write Cyber
        return redirect("community:tag", slug.lower())
    page = uncounted(queries.threads(request.user, tag=slug), page_number(request), settings.THREADS_PER_PAGE)
    if not page.rows:
        raise Http404
    return render(
        request,
        "community/tag.html",
        {
            "section": "community",
            "tag": slug,
            "threads": queries.with_unread(request.user, page.rows),
            "page": page,
        },
    )

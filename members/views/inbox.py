"""/inbox/: what the member was told, and marking it as read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lib.pages import counted, page_number
from members import queries
from members.inbox import mark_read
from members.inbox.reading import readable

PER_PAGE = 30


@login_required
def inbox(request):
    page = counted(queries.inbox_of(request.user), page_number(request), PER_PAGE)
    entries = readable(page.rows, request.user)
    return render(
        request,
        "inbox/inbox.html",
        {
            "new": [(told, link) for told, link in entries if told.read_at is None],
            "earlier": [(told, link) for told, link in entries if told.read_at],
            "page": page,
            "unread": request.user.unread_count,
        },
    )


@login_required
def notification(request, pk):
    """Marks one notification as read and goes where it leads. Doing so twice changes nothing, so a link may do it."""
    found = get_object_or_404(request.user.notifications.select_related("activity"), pk=pk)
    seen = readable([found], request.user)
    mark_read(request.user, ids=[found.pk])
    if not seen:
        raise Http404
    _, link = seen[0]
    return redirect(link.url)


@login_required
@require_POST
def read_all(request):
    marked = mark_read(request.user)
    if marked:
        messages.success(request, "Everything is marked as read.")
    return redirect("members:inbox")

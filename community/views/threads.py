"""/threads/: read a thread, what changed in it, start, reply, edit, pin, lock."""

from functools import partial
from hashlib import md5

from django.contrib import messages
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.access import allows, refusal
from lib.forms import form_page, posted, status_of, submit
from lib.numbers import whole
from lib.pages import numbered, page_number
from members.held_text import held_text, hold_text, keeps_text

from .. import access, queries
from ..actions import reading, texts
from ..actions import threads as actions
from ..forms import EditThreadForm, ReplyForm, StartForm
from ..models import Thread

SIGNED_OUT = "You have been signed out. Your text is kept here: sign in, and post it then."


class ThreadPage(HttpResponse):
    """A page of a thread, which notes how far it was read once it is on its way to the reader."""

    def __init__(self, html: str, reader, thread: Thread, number: int, **kwargs):
        super().__init__(html, **kwargs)
        self.reader, self.thread, self.number = reader, thread, number

    def close(self):
        super().close()
        if self.number:
            reading.mark_read(reader=self.reader, thread=self.thread, number=self.number)


@require_safe
def thread(request, thread_id: int, slug: str = ""):
    """One page of a thread, with the composer for who may reply."""
    thread = access.thread(request.user, thread_id)
    if slug != thread.slug:
        return redirect(f"{thread.get_absolute_url()}{_query(request)}", permanent=False)
    if not request.user.is_authenticated and not messages.get_messages(request):
        return _page_for_visitors(request, thread)
    form = ReplyForm(initial={"source": held_text(request), "reply_to": whole(request.GET.get("reply", ""))})
    return _thread_page(request, thread, form)


def _page_for_visitors(request, thread: Thread) -> HttpResponse:
    """The page is the same for every visitor: kept for the next one, and not sent again to who has it (304)."""
    space, page = thread.space, min(page_number(request), thread.pages)
    shown = [thread.pk, thread.version, page, space.title, space.slug, space.guidelines]
    key = f"visitors-page:{md5(repr(shown).encode(), usedforsecurity=False).hexdigest()}"
    kept = caches["local_pages"].get(key)
    if kept is None:
        html = _thread_page(request, thread, ReplyForm()).content
        kept = md5(html, usedforsecurity=False).hexdigest(), html
        caches["local_pages"].set(key, kept, queries.FRAGMENT_SECONDS)
    etag, html = kept
    etag = quote_etag(etag)
    response = HttpResponse(html, headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response


def _answer(request, thread: Thread, form: ReplyForm, **extra) -> HttpResponse:
    """The form again: on the last page, where the reply will stand."""
    return _thread_page(request, thread, form, number=thread.pages, **extra)


def _thread_page(request, thread: Thread, form: ReplyForm, number: int | None = None, **extra) -> HttpResponse:
    page = numbered(number or page_number(request), thread.pages)
    # Whole addresses: the page is also the answer to a form, which was sent to another one.
    page_url = f"{thread.get_absolute_url()}?page="
    last = min(queries.bounds(page.number)[1], thread.post_count)
    read: int | None = getattr(thread, "read_number")  # noqa: B009 (an annotation, which types do not know)
    first_unread = read + 1 if read is not None and read < thread.post_count else None
    refused = refusal(access.check_reply, request.user, thread)
    context = {
        "section": "community",
        "thread": thread,
        "space": thread.space,
        "posts": queries.page_of_posts(thread, page.number),
        "page": page,
        "page_url": page_url,
        "first_unread": first_unread,
        "first_unread_url": thread.url_of(first_unread) if first_unread else "",
        "reply_url": f"{reverse('community:reply', args=[thread.pk])}#reply",
        "whole_thread_url": f"{page_url}{page.number}#reply",
        "preview_url": f"{reverse('community:preview')}?thread={thread.pk}",
        "form": form,
        "refusal": refused,
        "waits_for_unlock": refused and allows(access.check_reply_once_open, request.user, thread),
        "may_edit_thread": allows(access.check_edit_thread, request.user, thread),
        **extra,
    }
    html = render_to_string("community/thread.html", context, request)
    has_news = request.user.is_authenticated and (read is None or read < last)
    return ThreadPage(html, request.user, thread, last if has_news else 0, status=status_of(form))


def _query(request) -> str:
    return f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""


@require_safe
def changes(request, thread_id: int):
    """JSON: what is newer than ?since=, oldest first. See docs/architecture.md, Live threads."""
    since = whole(request.GET.get("since", ""))
    if since is None:
        return HttpResponseBadRequest(
            '{"error": "since must be a version: a whole number from 0."}', content_type="application/json"
        )
    response = JsonResponse(queries.changes(request.user, thread_id, since))
    response["Cache-Control"] = "no-store"
    return response


@keeps_text("title", "source", "tags")
def start(request, slug: str):
    """/community/<space>/start/"""
    if request.method == "POST" and not request.user.is_authenticated:
        # Most likely a session that ended. Whether there is such a space is told after signing in.
        return hold_text(request)
    space = access.space(request.user, slug)
    if not request.user.is_authenticated:
        return hold_text(request)
    if request.method != "POST":
        access.check_start(request.user, space)
    form = StartForm(posted(request), initial=held_text(request, {}))
    wants_preview = "preview" in request.POST
    action = _preview(request, space) if wants_preview else partial(actions.start, actor=request.user, space=space)
    done = submit(request, form, action)
    if done and not wants_preview:
        return redirect(done)
    context = {"section": "community", "space": space, "preview_html": done}
    return form_page(request, "community/start.html", form, **context)


def _preview(request, space, thread: Thread | None = None):
    """For submit(): what a new text would look like, whatever else is in its form."""
    return lambda source, **others: texts.preview(source, author=request.user, space=space, thread=thread)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text("source")
def reply(request, thread_id: int):
    """A form, answered with the post's place; the composer's script, which accepts JSON, gets the post itself."""
    if request.method != "POST":  # the address of an answer, opened again
        return redirect(f"{access.thread(request.user, thread_id).get_absolute_url()}{_query(request)}")
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if not request.user.is_authenticated:
        if wants_json:
            return JsonResponse({"error": SIGNED_OUT, "sign_in": True}, status=401)
        return hold_text(request, back_to=f"/threads/{thread_id}/#reply")
    thread = access.thread(request.user, thread_id)
    form = ReplyForm(request.POST)
    if "preview" in request.POST:
        html = submit(request, form, _preview(request, thread.space, thread))
        return _answer(request, thread, form, preview_html=html)
    post = submit(request, form, partial(actions.reply, actor=request.user, thread=thread))
    if post is None and wants_json:
        problems = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"error": problems}, status=status_of(form))
    if post is None:
        return _answer(request, thread, form)
    if not wants_json:
        return redirect(post.url_in_thread)
    known = whole(request.POST.get("version", ""))
    known = post.version - 1 if known is None else known
    changed = queries.changes(request.user, thread_id, known)
    return JsonResponse({"number": post.number, "url": post.url_in_thread, **changed, "from": known}, status=201)


@keeps_text("title", "tags")
def edit(request, thread_id: int):
    """/threads/<id>/edit/: title and tags."""
    thread = access.thread(request.user, thread_id)
    if request.method != "POST":
        access.check_edit_thread(request.user, thread)
    form = EditThreadForm(posted(request), initial={"title": thread.title, "tags": thread.tag_names})
    if edited := submit(request, form, partial(actions.edit, actor=request.user, thread=thread)):
        return redirect(edited)
    return form_page(
        request, "community/edit_thread.html", form, section="community", thread=thread, space=thread.space
    )


@require_POST
def pin(request, thread_id: int):
    said = ("This thread is pinned.", "This thread is not pinned any more.")
    return _moderate(request, thread_id, actions.pin, "pinned", said)


@require_POST
def lock(request, thread_id: int):
    said = ("This thread is locked.", "This thread is open again.")
    return _moderate(request, thread_id, actions.lock, "locked", said)


def _moderate(request, thread_id: int, action, field: str, said: tuple[str, str]):
    """A switch: the form says what it is to be (on=1 or on=0), so that two presses do not undo each other."""
    on = request.POST.get("on") == "1"
    thread = action(actor=request.user, thread=access.thread(request.user, thread_id), **{field: on})
    messages.success(request, said[0] if on else said[1])
    return redirect(thread)


@require_safe
def mentionable(request, thread_id: int):
    """JSON for the composer: whom the viewer can mention in this thread, by the beginning of a name or its parts."""
    thread = access.thread(request.user, thread_id)
    access.check_reply(request.user, thread)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    found = queries.mentionable(request.user, thread, q) if len(q) >= 2 else []
    members = [
        {"handle": member.handle, "name": member.byline.name, "detail": member.byline.detail} for member in found
    ]
    return JsonResponse({"members": members})


@require_POST
def read(request, thread_id: int):
    """Notes how far the member has read, for tabs without a socket."""
    thread = access.thread(request.user, thread_id)
    number = whole(request.POST.get("number", ""))
    if not number:
        return HttpResponseBadRequest("number must be a post's number.")
    if request.user.is_authenticated:
        reading.mark_read(reader=request.user, thread=thread, number=number)
    return HttpResponse(status=204)

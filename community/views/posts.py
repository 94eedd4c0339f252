"""/posts/: one post with what can be done with it, its history, edit, delete; and the preview of a text."""

from functools import partial

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lib.access import allows
from lib.forms import form_page, posted, submit
from lib.numbers import whole
from members.held_text import held_text, hold_text, keeps_text

from .. import access, queries
from ..actions import posts as actions
from ..actions import texts
from ..forms import DeletePostForm, EditPostForm


@require_safe
def post(request, post_id: int):
    """One post by itself, with its lasting address and all that the viewer may do with it: works without a script."""
    post = access.post(request.user, post_id)
    return render(
        request,
        "community/post.html",
        _context(
            post,
            may_edit=allows(access.check_edit, request.user, post),
            may_delete=allows(access.check_delete, request.user, post),
            may_reply=allows(access.check_reply, request.user, post.thread),
            html=queries.render_post(post, post.thread),
        ),
    )


@require_safe
def history(request, post_id: int):
    """Every text that a post has had. For members: an edit is no secret, but not the whole web's business."""
    post = access.post(request.user, post_id)
    access.check_read_history(request.user, post)
    return render(request, "community/history.html", _context(post, revisions=queries.revisions(post)))


@keeps_text("source")
def edit(request, post_id: int):
    if request.method == "POST" and not request.user.is_authenticated:
        return hold_text(request)  # a session that ended
    post = access.post(request.user, post_id)
    if request.method != "POST":
        access.check_edit(request.user, post)
    form = EditPostForm(posted(request), initial={"source": held_text(request, post.source)})
    preview = partial(texts.preview, author=request.user, space=post.thread.space, thread=post.thread)
    wants_preview = "preview" in request.POST
    done = submit(request, form, preview if wants_preview else partial(actions.edit, actor=request.user, post=post))
    if done and not wants_preview:
        return redirect(done.url_in_thread)
    return form_page(request, "community/edit.html", form, **_context(post, preview_html=done))


def delete(request, post_id: int):
    """Asks first; then leaves a mark in the post's place."""
    post = access.post(request.user, post_id)
    if post.deleted_at:  # a second press finds what the first one did, and nobody reads the words again here
        return redirect(post.url_in_thread)
    if request.method != "POST":
        access.check_delete(request.user, post)
    form = DeletePostForm(posted(request))
    if submit(request, form, partial(actions.delete, actor=request.user, post=post)):
        return redirect(post.url_in_thread)
    return form_page(request, "community/delete.html", form, **_context(post))


@require_POST
def preview(request):
    """A text as it would look in ?thread= or ?space=, made by the function that makes posts. Nothing is stored."""
    access.check_preview(request.user)
    thread_id, slug = whole(request.GET.get("thread", "")), request.GET.get("space", "").replace("\x00", "")
    thread = access.thread(request.user, thread_id) if thread_id else None
    space = thread.space if thread else access.space(request.user, slug)
    try:
        html = texts.preview(request.POST.get("source", ""), author=request.user, space=space, thread=thread)
    except ValidationError as error:
        return render(request, "community/preview.html", {"problem": " ".join(error.messages)})
    return render(request, "community/preview.html", {"html": html})


def _context(post, **extra) -> dict:
    return {
        "section": "community",
        "post": post,
        "thread": post.thread,
        "space": post.thread.space,
        "post_url": post.url_in_thread,
        **extra,
    }

"""/posts/: one post with what can be done with it, its history, edit, delete; and the preview of a text."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lib.access import Denied, allows
from lib.forms import show_refusal
from lib.numbers import whole
from members.held_text import held_text, hold_text

from .. import access, queries
from ..actions import posts as actions
from ..actions import writing
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
    if not request.user.is_authenticated:
        raise Denied("Sign in to read what this post said before.")
    if post.deleted_at and not request.user.is_moderator:
        raise Denied("This post has been deleted, and its history with it.")
    return render(request, "community/history.html", _context(post, revisions=queries.revisions(post)))


def edit(request, post_id: int):
    if request.method == "POST" and not request.user.is_authenticated:
        return hold_text(request, ["source"])  # a session that ended
    post = access.post(request.user, post_id)
    access.check_edit(request.user, post)
    written = held_text(request, post.source)
    form = EditPostForm(request.POST if request.method == "POST" else None, initial={"source": written})
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            if "preview" not in request.POST:
                return redirect(actions.edit(editor=request.user, post_id=post_id, **form.cleaned_data).url_in_thread)
            preview = writing.preview(
                form.cleaned_data["source"], author=request.user, space=post.thread.space, thread=post.thread
            )
        except ValidationError as error:
            show_refusal(form, error)
    return render(
        request,
        "community/edit.html",
        _context(post, form=form, preview_html=preview),
        status=422 if form.errors else 200,
    )


def delete(request, post_id: int):
    """Asks first; then leaves a mark in the post's place."""
    post = access.post(request.user, post_id)
    if post.deleted_at:  # a second press finds what the first one did, and nobody reads the words again here
        return redirect(post.url_in_thread)
    access.check_delete(request.user, post)
    form = DeletePostForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.delete(by=request.user, post_id=post_id, **form.cleaned_data)
            return redirect(post.url_in_thread)
        except ValidationError as error:
            show_refusal(form, error)
    return render(request, "community/delete.html", _context(post, form=form), status=422 if form.errors else 200)


@require_POST
def preview(request):
    """A text as it would look in ?thread= or ?space=, made by the function that makes posts. Nothing is stored."""
    if not request.user.is_authenticated:
        raise Denied("Sign in to see a preview.")
    thread_id, slug = whole(request.GET.get("thread", "")), request.GET.get("space", "").replace("\x00", "")
    thread = access.thread(request.user, thread_id) if thread_id else None
    space = thread.space if thread else access.space(request.user, slug)
    try:
        html = writing.preview(request.POST.get("source", ""), author=request.user, space=space, thread=thread)
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

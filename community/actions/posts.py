"""Posts: edit, delete."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lib import markup, text
from members import inbox
from members.actions import lock_actor
from members.models import Member

from .. import access, broadcasts
from ..models import Post, PostRevision
from ..models.posts import REASON_MAX_LENGTH
from . import writing


@transaction.atomic
def edit(*, editor: Member, post_id: int, source: str, now: datetime | None = None) -> Post:
    """Replaces a post's text, and keeps the old text as a revision. The same text again changes nothing.

    Raises Http404, Denied or ValidationError.
    """
    editor = lock_actor(editor)
    post = _lock(editor, post_id)
    now = now or timezone.now()
    access.check_edit(editor, post)
    writing.check_pace(editor, now, "post.edited")
    source = writing.clean_source(source)
    if source == post.source:
        return post
    PostRevision.objects.create(
        post=post, number=post.revision_count + 1, source=post.source, html=post.html, editor=editor, replaced_at=now
    )
    html, mentioned = writing.render(source, author=editor, space=post.thread.space, thread=post.thread)
    post.source, post.html, post.text = source, html, markup.plain_text(html)
    post.edited_at = now
    post.revision_count += 1
    _change(post, "source", "html", "text", "edited_at", "revision_count")
    inbox.record("post.edited", actor=editor, target=post, now=now)
    writing.tell_mentioned(post, mentioned, now=now)
    return post


@transaction.atomic
def delete(*, by: Member, post_id: int, reason: str = "", now: datetime | None = None) -> Post:
    """Takes a post's words away and leaves a mark in its place. A moderator gives a reason, which its author is told.

    Raises Http404, Denied or ValidationError. A post that is already deleted stays as it is.
    """
    by = lock_actor(by)
    post = _lock(by, post_id)
    now = now or timezone.now()
    if post.deleted_at:
        return post
    access.check_delete(by, post)
    post.deletion_reason = "" if by.pk == post.author_id else _clean_reason(reason)
    post.deleted_at, post.deleted_by = now, by
    _change(post, "deleted_at", "deleted_by", "deletion_reason")
    inbox.record("post.deleted", actor=by, target=post, now=now, reason=post.deletion_reason)
    return post


def _clean_reason(reason: str) -> str:
    needed = "Say why, so that its author knows which rule this is about."
    return text.clean_line(reason, field="reason", limit=REASON_MAX_LENGTH, needed=needed)


def _lock(viewer: Member, post_id: int) -> Post:
    """The post with its thread locked, so that versions are given one after another."""
    post = access.post(viewer, post_id)
    thread = writing.lock_thread(viewer, post.thread_id)
    post.refresh_from_db()
    post.thread = thread
    return post


def _change(post: Post, *fields: str):
    """Saves a change of a post as the next version of its thread."""
    thread = post.thread
    thread.version += 1
    thread.save(update_fields=["version"])
    post.version = thread.version
    post.save(update_fields=["version", *fields])
    broadcasts.thread_changed(thread, post.pk)

"""Posts: add, edit, delete."""

import uuid
from datetime import datetime

from django.conf import settings

from lib import markup, text
from members import inbox
from members.actions import NOW, action
from members.actions.pace import MINUTE, check_pace
from members.models import Activity, Member

from .. import access, broadcasts
from ..models import Post, PostRevision, Thread
from ..models.posts import REASON_MAX_LENGTH
from . import texts
from .locks import lock_post


@action(post=lock_post)
def edit(*, actor: Member, post: Post, source: str, now: datetime = NOW) -> Post:
    """Replaces a post's text, and keeps the old text as a revision. The same text again changes nothing.

    Raises Http404, Denied or ValidationError.
    """
    access.check_edit(actor, post)
    check_pace(actor, "post.edited", at_most=settings.POSTS_PER_MINUTE, within=MINUTE, now=now)
    source = texts.clean_source(source)
    if source == post.source:
        return post
    PostRevision.objects.create(
        post=post, number=post.revision_count + 1, source=post.source, html=post.html, editor=actor, replaced_at=now
    )
    html, mentioned = texts.render(source, author=actor, space=post.thread.space, thread=post.thread)
    post.source, post.html, post.text = source, html, markup.plain_text(html)
    post.edited_at = now
    post.revision_count += 1
    _change(post, "source", "html", "text", "edited_at", "revision_count")
    inbox.record("post.edited", actor=actor, target=post, now=now)
    tell_mentioned(post, mentioned, now=now)
    return post


@action(post=lock_post)
def delete(*, actor: Member, post: Post, reason: str = "", now: datetime = NOW) -> Post:
    """Takes a post's words away and leaves a mark in its place. A moderator gives a reason, which its author is told.

    Raises Http404, Denied or ValidationError. A post that is already deleted stays as it is.
    """
    if post.deleted_at:
        return post
    access.check_delete(actor, post)
    post.deletion_reason = "" if actor.pk == post.author_id else _clean_reason(reason)
    post.deleted_at, post.deleted_by = now, actor
    _change(post, "deleted_at", "deleted_by", "deletion_reason")
    inbox.record("post.deleted", actor=actor, target=post, now=now, reason=post.deletion_reason)
    return post


def _clean_reason(reason: str) -> str:
    needed = "Say why, so that its author knows which rule this is about."
    return text.clean_line(reason, field="reason", limit=REASON_MAX_LENGTH, needed=needed)


# --- Steps of other actions, inside their transaction -------------------------------------------


def add(
    thread: Thread, *, author: Member, source: str, html: str, token: uuid.UUID, reply_to: Post | None, now: datetime
) -> Post:
    """The next post of a locked thread, whose counters know of it already."""
    return Post.objects.create(
        thread=thread,
        number=thread.post_count,
        version=thread.version,
        author=author,
        reply_to=reply_to,
        source=source,
        html=html,
        text=markup.plain_text(html),
        token=token,
        created_at=now,
    )


def tell_mentioned(post: Post, mentioned: list[Member], *, now: datetime):
    """Tells those whom a post mentions, apart from its author and whoever was told of an earlier version of it."""
    if not mentioned:
        return
    earlier = Activity.objects.with_target(post).filter(verb="post.mentioned").values_list("data", flat=True)
    told = {post.author_id}.union(*(data["members"] for data in earlier))
    newly = [member.pk for member in mentioned if member.pk not in told]
    if newly:
        inbox.record("post.mentioned", actor=post.author, target=post, now=now, members=newly)


def _change(post: Post, *fields: str):
    """Saves a change of a post as the next version of its thread."""
    thread = post.thread
    thread.version += 1
    thread.save(update_fields=["version"])
    post.version = thread.version
    post.save(update_fields=["version", *fields])
    broadcasts.thread_changed(thread, post.pk)

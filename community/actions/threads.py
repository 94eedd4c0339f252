"""Threads: start, reply, change title and tags, pin, lock."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lib import markup
from lib.validation import all_errors
from members import inbox
from members.access import check_moderator
from members.actions import lock_actor
from members.models import Member

from .. import access, broadcasts
from ..models import Post, SpaceStatistics, Thread
from . import reading, writing

POSTING = ("thread.started", "post.replied")


@transaction.atomic
def start(
    *,
    author: Member,
    space_slug: str,
    title: str,
    source: str,
    tags: Iterable[str] = (),
    token: uuid.UUID,
    now: datetime | None = None,
) -> Thread:
    """Starts a thread with its first post. Raises Http404, Denied or ValidationError."""
    author = lock_actor(author)
    now = now or timezone.now()
    earlier = writing.sent_before(
        author, token, fits=lambda post: post.number == 1 and post.thread.space.slug == space_slug
    )
    if earlier:
        return earlier.thread
    space = access.space(author, space_slug)
    access.check_start(author, space)
    writing.check_pace(author, now, *POSTING)
    with all_errors() as check:
        title = check(writing.clean_title, title)
        written = check(writing.write, source, author=author, space=space, thread=None)
        names = check(writing.clean_tags, tags)
    source, html, mentioned = written
    thread = Thread.objects.create(
        space=space, title=title, author=author, tag_names=names, created_at=now, last_post_at=now, last_post_by=author
    )
    thread.tags.set(names)
    post = _add_post(thread, author=author, source=source, html=html, token=token, reply_to=None, now=now)
    SpaceStatistics.objects.get_or_create(space=space)
    SpaceStatistics.objects.filter(space=space).update(
        thread_count=F("thread_count") + 1, post_count=F("post_count") + 1, latest_thread=thread
    )
    reading.mark_read(member=author, thread=thread, number=1, now=now)
    inbox.record("thread.started", actor=author, target=thread, now=now)
    writing.tell_mentioned(post, mentioned, now=now)
    return thread


@transaction.atomic
def reply(
    *,
    author: Member,
    thread_id: int,
    source: str,
    token: uuid.UUID,
    reply_to: int | None = None,
    now: datetime | None = None,
) -> Post:
    """Adds a post to a thread. `reply_to` is the number of the post it answers, if it answers one.

    Raises Http404, Denied or ValidationError.
    """
    author = lock_actor(author)
    earlier = writing.sent_before(author, token, fits=lambda post: post.thread_id == thread_id)
    if earlier:
        return earlier
    thread = writing.lock_thread(author, thread_id)
    now = now or timezone.now()
    access.check_reply(author, thread)
    writing.check_pace(author, now, *POSTING)
    source, html, mentioned = writing.write(source, author=author, space=thread.space, thread=thread)
    answered = thread.posts.filter(number=reply_to).first() if reply_to else None
    thread.version += 1
    thread.post_count += 1
    thread.last_post_at = now
    thread.last_post_by = author
    thread.save(update_fields=["version", "post_count", "last_post_at", "last_post_by"])
    post = _add_post(thread, author=author, source=source, html=html, token=token, reply_to=answered, now=now)
    broadcasts.thread_changed(thread, post.pk)  # before what is recorded below, so that tabs do not wait for mail
    SpaceStatistics.objects.filter(space=thread.space_id).update(post_count=F("post_count") + 1, latest_thread=thread)
    reading.mark_read(member=author, thread=thread, number=post.number, now=now)
    inbox.record("post.replied", actor=author, target=post, now=now, mentioned=[member.pk for member in mentioned])
    writing.tell_mentioned(post, mentioned, now=now)
    return post


def _add_post(thread: Thread, *, author, source, html, token, reply_to, now) -> Post:
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


@transaction.atomic
def edit(*, editor: Member, thread_id: int, title: str, tags: Iterable[str], now: datetime | None = None) -> Thread:
    """Changes a thread's title and tags. Raises Http404, Denied or ValidationError."""
    editor = lock_actor(editor)
    thread = writing.lock_thread(editor, thread_id)
    now = now or timezone.now()
    access.check_edit_thread(editor, thread)
    writing.check_pace(editor, now, "thread.edited")
    with all_errors() as check:
        title = check(writing.clean_title, title)
        names = check(writing.clean_tags, tags)
    if (title, names) == (thread.title, thread.tag_names):
        return thread
    thread.title, thread.tag_names = title, names
    thread.tags.set(names)
    _change(thread, "title", "tag_names")
    inbox.record("thread.edited", actor=editor, target=thread, now=now)
    return thread


@transaction.atomic
def pin(*, moderator: Member, thread_id: int, pinned: bool, now: datetime | None = None) -> Thread:
    """Keeps a thread on top of its space, or lets it go. Raises Http404 or Denied."""
    return _switch(moderator, thread_id, "pinned_at", pinned, "thread.pinned" if pinned else "thread.unpinned", now)


@transaction.atomic
def lock(*, moderator: Member, thread_id: int, locked: bool, now: datetime | None = None) -> Thread:
    """Ends replies and edits in a thread, or allows them again. Raises Http404 or Denied."""
    return _switch(moderator, thread_id, "locked_at", locked, "thread.locked" if locked else "thread.unlocked", now)


def _switch(moderator: Member, thread_id: int, field: str, on: bool, verb: str, now: datetime | None) -> Thread:
    moderator = lock_actor(moderator)
    thread = writing.lock_thread(moderator, thread_id)
    now = now or timezone.now()
    check_moderator(moderator)
    if (getattr(thread, field) is not None) == on:
        return thread
    setattr(thread, field, now if on else None)
    _change(thread, field)
    inbox.record(verb, actor=moderator, target=thread, now=now)
    return thread


def _change(thread: Thread, *fields: str):
    """Saves a change of the thread itself as its next version."""
    thread.version += 1
    thread.save(update_fields=["version", *fields])
    broadcasts.thread_changed(thread)

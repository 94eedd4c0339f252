"""Threads: start, reply, change title and tags, pin, lock."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import F

from lib.tokens import made_before
from lib.validation import all_errors
from members import inbox
from members.access import check_moderator
from members.actions import NOW, action
from members.actions.pace import MINUTE, check_pace
from members.models import Member

from .. import access, broadcasts
from ..models import Post, SpacePage, SpaceStatistics, Thread
from . import posts, texts
from .locks import lock_thread, present_space
from .reading import note_read

POSTING = ("thread.started", "post.replied")


@action(space=present_space)
def start(
    *,
    actor: Member,
    space: SpacePage,
    title: str,
    source: str,
    tags: Iterable[str] = (),
    token: uuid.UUID,
    now: datetime = NOW,
) -> Thread:
    """Starts a thread with its first post. Raises Http404, Denied or ValidationError."""
    made = Post.objects.filter(author=actor, token=token).select_related("thread__space")
    if earlier := made_before(made, number=1, thread__space=space):
        return earlier.thread
    access.check_start(actor, space)
    check_pace(actor, *POSTING, at_most=settings.POSTS_PER_MINUTE, within=MINUTE, now=now)
    with all_errors() as check:
        title = check(texts.clean_title, title)
        written = check(texts.write, source, author=actor, space=space, thread=None)
        names = check(texts.clean_tags, tags)
    source, html, mentioned = written
    thread = Thread.objects.create(
        space=space, title=title, author=actor, tag_names=names, created_at=now, last_post_at=now, last_post_by=actor
    )
    thread.tags.set(names)
    post = posts.add(thread, author=actor, source=source, html=html, token=token, reply_to=None, now=now)
    SpaceStatistics.objects.get_or_create(space=space)
    SpaceStatistics.objects.filter(space=space).update(
        thread_count=F("thread_count") + 1, post_count=F("post_count") + 1, latest_thread=thread
    )
    note_read(actor, thread, 1, now)
    inbox.record("thread.started", actor=actor, target=thread, now=now)
    posts.tell_mentioned(post, mentioned, now=now)
    return thread


@action(thread=lock_thread)
def reply(
    *,
    actor: Member,
    thread: Thread,
    source: str,
    token: uuid.UUID,
    reply_to: int | None = None,
    now: datetime = NOW,
) -> Post:
    """Adds a post to a thread. `reply_to` is the number of the post it answers, if it answers one.

    Raises Http404, Denied or ValidationError.
    """
    if earlier := made_before(Post.objects.filter(author=actor, token=token), thread=thread):
        earlier.thread = thread
        return earlier
    access.check_reply(actor, thread)
    check_pace(actor, *POSTING, at_most=settings.POSTS_PER_MINUTE, within=MINUTE, now=now)
    source, html, mentioned = texts.write(source, author=actor, space=thread.space, thread=thread)
    answered = thread.posts.filter(number=reply_to).first() if reply_to else None
    thread.version += 1
    thread.post_count += 1
    thread.last_post_at = now
    thread.last_post_by = actor
    thread.save(update_fields=["version", "post_count", "last_post_at", "last_post_by"])
    post = posts.add(thread, author=actor, source=source, html=html, token=token, reply_to=answered, now=now)
    broadcasts.thread_changed(thread, post.pk)  # before what is recorded below, so that tabs do not wait for mail
    SpaceStatistics.objects.filter(space=thread.space_id).update(post_count=F("post_count") + 1, latest_thread=thread)
    note_read(actor, thread, post.number, now)
    inbox.record("post.replied", actor=actor, target=post, now=now, mentioned=[member.pk for member in mentioned])
    posts.tell_mentioned(post, mentioned, now=now)
    return post


@action(thread=lock_thread)
def edit(*, actor: Member, thread: Thread, title: str, tags: Iterable[str], now: datetime = NOW) -> Thread:
    """Changes a thread's title and tags. Raises Http404, Denied or ValidationError."""
    access.check_edit_thread(actor, thread)
    check_pace(actor, "thread.edited", at_most=settings.POSTS_PER_MINUTE, within=MINUTE, now=now)
    with all_errors() as check:
        title = check(texts.clean_title, title)
        names = check(texts.clean_tags, tags)
    if (title, names) == (thread.title, thread.tag_names):
        return thread
    thread.title, thread.tag_names = title, names
    thread.tags.set(names)
    _change(thread, "title", "tag_names")
    inbox.record("thread.edited", actor=actor, target=thread, now=now)
    return thread


@action(thread=lock_thread)
def pin(*, actor: Member, thread: Thread, pinned: bool, now: datetime = NOW) -> Thread:
    """Keeps a thread on top of its space, or lets it go. Raises Http404 or Denied."""
    return _switch(actor, thread, "pinned_at", pinned, "thread.pinned" if pinned else "thread.unpinned", now)


@action(thread=lock_thread)
def lock(*, actor: Member, thread: Thread, locked: bool, now: datetime = NOW) -> Thread:
    """Ends replies and edits in a thread, or allows them again. Raises Http404 or Denied."""
    return _switch(actor, thread, "locked_at", locked, "thread.locked" if locked else "thread.unlocked", now)


def _switch(moderator: Member, thread: Thread, field: str, on: bool, verb: str, now: datetime) -> Thread:
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

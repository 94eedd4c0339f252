"""Threads and posts, each at its time."""

import uuid
from datetime import datetime, timedelta

from community.actions import posts as post_actions
from community.actions import threads as thread_actions
from community.models import Post, SpacePage, Thread

from . import content
from .history import History

EDITED_AFTER = timedelta(minutes=25)
DELETED_AFTER = timedelta(hours=1)
SWITCHED_AFTER = timedelta(minutes=5)  # pinned, from the first post; locked, from the last


class Discussion:
    """One thread of the demo: what has become of it so far."""

    def __init__(self, history: History, space: str, row: dict):
        self.members, self.space, self.row = history.members, space, row
        self.thread: Thread | None = None
        self.posts: list[Post] = []

    def plan(self, history: History):
        row = self.row
        started = history.now - timedelta(days=row["days_ago"])
        for post in row["post"]:
            at = history.awake(started + timedelta(hours=post.get("hours_after", 0)))
            history.add(at, self.write, post)
            number = row["post"].index(post)
            if "edited" in post:
                history.add(min(at + EDITED_AFTER, history.now), self.edit, number)
            if post.get("deleted"):
                history.add(min(at + DELETED_AFTER, history.now), self.delete, number)
        if row.get("pinned"):
            history.add(history.awake(started) + SWITCHED_AFTER, self.pin)
        if row.get("locked"):
            history.add(at + SWITCHED_AFTER, self.lock)

    def write(self, post: dict, *, now: datetime):
        author = self.members[post["by"]]
        if self.thread is None:
            self.thread = thread_actions.start(
                actor=author,
                space=SpacePage.objects.get(slug=self.space),
                title=self.row["title"],
                source=post["body"],
                tags=self.row["tags"],
                token=uuid.uuid4(),
                now=now,
            )
            self.posts.append(self.thread.posts.get())
            return
        self.posts.append(
            thread_actions.reply(
                actor=author,
                thread=self.thread,
                source=post["body"],
                token=uuid.uuid4(),
                reply_to=post.get("reply_to"),
                now=now,
            )
        )

    def edit(self, number: int, *, now: datetime):
        post = self.posts[number]
        post_actions.edit(actor=post.author, post=post, source=self.row["post"][number]["edited"], now=now)

    def delete(self, number: int, *, now: datetime):
        post = self.posts[number]
        post_actions.delete(actor=post.author, post=post, now=now)

    def pin(self, *, now: datetime):
        thread_actions.pin(actor=self.members["mo"], thread=self.thread, pinned=True, now=now)

    def lock(self, *, now: datetime):
        thread_actions.lock(actor=self.members["mo"], thread=self.thread, locked=True, now=now)


def plan(history: History):
    for space, rows in content.threads().items():
        for row in rows:
            Discussion(history, space, row).plan(history)

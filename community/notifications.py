"""Who is told of what happens in the community, and in what words."""

from members.inbox import Link, Notice, silent
from members.models import Activity, Member, Notification

from . import access
from .models import Thread

EXCERPT = 280  # characters of a post in an e-mail

silent("thread.started", "thread.pinned", "thread.unpinned", "post.edited")
silent("space.readers_decided", "space.role_changed", "space.member_removed", "space.left")


class ThreadNotice(Notice):
    """About a thread as a whole."""

    said = ""

    def links(self, notifications, reader):
        ids = {n.activity.target_id for n in notifications}
        threads = access.threads(reader).in_bulk(ids)
        return {
            n.pk: Link(self.said_of(thread, n).format(title=thread.title), thread.get_absolute_url())
            for n in notifications
            if (thread := threads.get(n.activity.target_id))
        }

    def said_of(self, thread: Thread, notification: Notification) -> str:
        return self.said

    def mail(self, activity, member):
        return None


class PostNotice(Notice):
    """About one post."""

    said = ""
    said_of_many = ""

    def links(self, notifications, reader):
        ids = {n.activity.target_id for n in notifications}
        posts = access.posts(reader).select_related("thread", "author__organisation").in_bulk(ids)
        links = {}
        for n in notifications:
            post = posts.get(n.activity.target_id)
            if post:
                said = self.said_of_many if n.count > 1 else self.said
                text = said.format(name=post.byline.name, title=post.thread.title, count=n.count)
                links[n.pk] = Link(text, post.url_in_thread)
        return links

    def mail(self, activity, member):
        post = (
            access.posts(member)
            .filter(pk=activity.target_id, deleted_at=None)
            .select_related("thread__space", "author__organisation")
            .first()
        )
        if post is None:
            return None
        return {
            "post": post,
            "thread": post.thread,
            "byline": post.byline,
            "url": post.url_in_thread,
            "excerpt": post.text if len(post.text) <= EXCERPT else post.text[:EXCERPT].rsplit(" ", 1)[0] + " …",
        }


class Edited(ThreadNotice):
    verb = "thread.edited"
    said = "The title or tags of your thread “{title}” were changed."

    def audience(self, activity):
        return _starter(activity)

    def collapse_key(self, activity):
        return f"thread:{activity.target_id}:title"


class LockNotice(ThreadNotice):
    """Locked and unlocked, again and again, is one unread line, which says how things stand now."""

    def audience(self, activity):
        return _starter(activity)

    def collapse_key(self, activity):
        return f"thread:{activity.target_id}:lock"

    def said_of(self, thread, notification):
        if notification.read_at:
            return self.said
        # Not by the verb: what happened first may be announced last.
        return Locked.said if thread.locked_at else Unlocked.said


class Locked(LockNotice):
    verb = "thread.locked"
    said = "A moderator locked your thread “{title}”."


class Unlocked(LockNotice):
    verb = "thread.unlocked"
    said = "A moderator opened your thread “{title}” again."


class Replied(PostNotice):
    """Everyone who took part hears it by bell; by mail only who started the thread or is answered directly."""

    verb = "post.replied"
    preference = "mail_replies"
    template = "post_replied"
    said = "{name} replied in “{title}”."
    said_of_many = "{count} new replies in “{title}”, the latest by {name}."

    def audience(self, activity):
        post = activity.target
        taking_part = set(
            post.thread.posts.filter(deleted_at=None).order_by().values_list("author", flat=True).distinct()
        )
        taking_part.add(post.thread.author_id)
        if post.reply_to:
            taking_part.add(post.reply_to.author_id)
        taking_part.difference_update(activity.data.get("mentioned", ()))
        return access.readers_among(taking_part, post.thread)

    def by_mail(self, activity, member):
        """The first reply since they looked; what follows until they look again stands in the same line of the bell."""
        post = activity.target
        is_theirs = member.pk in {post.thread.author_id, post.reply_to and post.reply_to.author_id}
        unread = member.notifications.filter(collapse_key=self.collapse_key(activity), read_at=None)
        return is_theirs and not unread.filter(count__gt=1).exists()

    def collapse_key(self, activity):
        return f"thread:{activity.target.thread_id}:replies"


class Mentioned(PostNotice):
    verb = "post.mentioned"
    preference = "mail_mentions"
    template = "post_mentioned"
    said = "{name} mentioned you in “{title}”."
    said_of_many = "{name} and others mentioned you in “{title}” ({count} times)."

    def audience(self, activity):
        return access.readers_among(activity.data["members"], activity.target.thread)

    def collapse_key(self, activity):
        return f"thread:{activity.target.thread_id}:mentions"


class PostDeleted(PostNotice):
    """Its author hears of it when a moderator did it."""

    verb = "post.deleted"
    template = "post_removed"
    said = "A moderator removed your post in “{title}”."

    def audience(self, activity):
        post = activity.target
        return access.readers_among([post.author_id] if post.was_removed else [], post.thread)

    def mail(self, activity, member):
        post = access.posts(member).filter(pk=activity.target_id).select_related("thread").first()
        return post and {"post": post, "thread": post.thread, "url": post.url_in_thread}


class MemberInvited(Notice):
    """Told to the invited member, once they may read the space."""

    verb = "space.member_invited"
    template = "space_invited"

    def audience(self, activity):
        space = activity.target
        return access.readers(space).filter(pk=activity.data["member"]) if space and space.live else []

    def links(self, notifications, reader):
        spaces = access.spaces(reader).in_bulk({n.activity.target_id for n in notifications})
        return {
            n.pk: Link(f"You were invited to the space “{space.title}”.", space.get_absolute_url())
            for n in notifications
            if (space := spaces.get(n.activity.target_id)) and n.activity.data["member"] == reader.pk
        }

    def mail(self, activity, member):
        space = access.spaces(member).filter(pk=activity.target_id).first()
        return space and {"space": space, "url": space.get_absolute_url()}


def _starter(activity: Activity) -> list[Member]:
    thread = activity.target
    return access.readers_among([thread.author_id], thread) if isinstance(thread, Thread) else []

"""Who may see and do what in the community. The one place that decides it, for pages, sockets, search and mail alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it
out, and the functions that fetch one thing raise Http404. What a viewer may see but not do raises Denied.
"""

from django.db.models import BigIntegerField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, SlugField
from django.http import Http404
from django.shortcuts import get_object_or_404

from lib.access import Denied
from lib.compiled import Compiled
from members.access import seen_through
from members.models import Member
from members.models.people import MODERATORS

from .models import Post, SpaceInvitation, SpacePage, Thread

Audience = SpacePage.Audience
Posters = SpacePage.Posters

__all__ = ["Denied"]  # the rest is used through the module


def _audiences(viewer) -> list[str]:
    """The audiences that the viewer belongs to by standing."""
    if not viewer.is_authenticated:
        return [Audience.EVERYONE]
    if viewer.is_officer:
        return [Audience.EVERYONE, Audience.MEMBERS, Audience.OFFICERS]
    return [Audience.EVERYONE, Audience.MEMBERS]


def _readable(viewer, prefix: str = "") -> Q:
    """The condition on a space (reached by `prefix`) under which the viewer may read what is in it."""
    is_published = Q(**{f"{prefix}live": True})
    if viewer.is_authenticated and viewer.is_moderator:
        return is_published
    by_standing = Q(**{f"{prefix}audience__in": _audiences(viewer)})
    if not viewer.is_authenticated or viewer.is_newcomer:
        return is_published & by_standing
    path = f"{prefix}pk" if prefix else "pk"
    invited = Exists(SpaceInvitation.objects.filter(space=OuterRef(path), member=viewer.pk))
    return is_published & (by_standing | Q(invited, **{f"{prefix}audience": Audience.GROUP}))


# --- What a viewer may see ----------------------------------------------------------------------


def spaces(viewer) -> QuerySet[SpacePage]:
    """The spaces that the viewer may read, in the editors' order."""
    return SpacePage.objects.filter(_readable(viewer)).order_by("path")


def threads(viewer) -> QuerySet[Thread]:
    return Thread.objects.filter(_readable(viewer, "space__"))


def with_marker(threads: QuerySet[Thread], member_id) -> QuerySet[Thread]:
    """Each thread with `read_number`: up to which post this member has read it, or None."""
    return threads.annotate(
        marker=FilteredRelation("read_markers", condition=Q(read_markers__member=member_id)),
        read_number=F("marker__number"),
    )


def posts(viewer) -> QuerySet[Post]:
    return Post.objects.filter(_readable(viewer, "thread__space__"))


def space(viewer, slug: str) -> SpacePage:
    found = _space(slug=slug)
    if found is None or not _may_read(viewer, found):
        raise Http404
    return found


def thread(viewer, thread_id: int) -> Thread:
    """With `read_number`: up to which post the viewer has read it, or None."""
    found = _thread(thread_id=thread_id, member_id=viewer.pk)
    if found is None or not _may_read(viewer, found.space):
        raise Http404
    return found


def _may_read(viewer, space: SpacePage) -> bool:
    """The rule of `_readable`, asked of a space at hand: pages that are read a lot need no query for it."""
    if not space.live:
        return False
    if (viewer.is_authenticated and viewer.is_moderator) or space.audience in _audiences(viewer):
        return True
    if space.audience != Audience.GROUP or not viewer.is_authenticated or viewer.is_newcomer:
        return False
    return SpaceInvitation.objects.filter(space=space, member=viewer.pk).exists()


# Of a thread and its space, what its page, the rules above and the actions of a moment ask: each column costs time.
_ON_A_PAGE = (
    *("title", "author", "tag_names", "created_at", "version", "post_count", "last_post_at", "pinned_at", "locked_at"),
    *(f"space__{field}" for field in ("title", "slug", "live", "audience", "may_start", "may_reply", "guidelines")),
)
_space = Compiled(lambda slug: SpacePage.objects.filter(slug=slug), slug=SlugField())
_thread = Compiled(
    lambda thread_id, member_id: (
        with_marker(Thread.objects.filter(pk=thread_id), member_id).select_related("space").only(*_ON_A_PAGE)
    ),
    thread_id=BigIntegerField(),
    member_id=BigIntegerField(),
)


def post(viewer, post_id: int) -> Post:
    return get_object_or_404(
        posts(viewer).select_related("thread__space", "author__organisation", "deleted_by"), pk=post_id
    )


@seen_through
def has_spoken_to(viewer) -> Q:
    """The condition on a member: has posted where the viewer may read. Who has spoken is known to who could listen."""
    return Q(Exists(posts(viewer).filter(author=OuterRef("pk"))))


def readers_among(member_ids, thread: Thread) -> list[Member]:
    """Of these members, those who may read this thread: for telling people of it."""
    return list(readers(thread.space).filter(pk__in=list(member_ids))) if thread.space.live else []


def known_readers(viewer, space: SpacePage, thread: Thread | None) -> QuerySet[Member]:
    """The members who may read this space and of whom the viewer may know: whom the viewer can mention in a thread.

    A supplier member may know of another member only by what that member posted here: otherwise mentions would tell
    who is a member.
    """
    return readers(space).filter(_known_to(viewer, thread))


def readers(space: SpacePage) -> QuerySet[Member]:
    """The active members who may read this space: the same rule as in `spaces`, asked from the other side."""
    members = Member.objects.active().filter(erased_at=None)
    if space.audience in {Audience.EVERYONE, Audience.MEMBERS}:
        return members
    is_moderator = Q(is_superuser=True) | Q(groups__name=MODERATORS)
    if space.audience == Audience.OFFICERS:
        return members.filter(is_moderator | Q(standing=Member.Standing.OFFICER)).distinct()
    is_invited = Q(space_invitations__space=space) & ~Q(standing=Member.Standing.NEWCOMER)
    return members.filter(is_moderator | is_invited).distinct()


def _known_to(viewer, thread: Thread | None) -> Q:
    if viewer.is_moderator or viewer.is_officer:
        return Q()
    takes_part = Exists(Post.objects.filter(author=OuterRef("pk"), thread=thread)) if thread else Q(pk__in=[])
    return Q(takes_part) | Q(pk=viewer.pk)


# --- What a viewer may do -----------------------------------------------------------------------


def check_start(viewer, space: SpacePage):
    _check_posting(viewer, space.may_start, "start threads")


def check_reply(viewer, thread: Thread):
    if thread.locked_at and not (viewer.is_authenticated and viewer.is_moderator):
        raise Denied("A moderator has locked this thread, so no one can reply to it any more.")
    check_reply_once_open(viewer, thread)


def check_reply_once_open(viewer, thread: Thread):
    """As check_reply, whether the thread is locked now or not."""
    _check_posting(viewer, thread.space.may_reply, "reply")


def _check_posting(viewer, posters: str, verb: str):
    if not viewer.is_authenticated:
        raise Denied(f"Sign in to {verb}.")
    if viewer.is_moderator:
        return
    if viewer.is_newcomer:
        raise Denied(f"You can {verb} once a moderator has verified where you work.")
    if posters == Posters.MODERATORS:
        raise Denied(f"Only moderators {verb} in this space.")
    if posters == Posters.OFFICERS and not viewer.is_officer:
        raise Denied(f"Only officers {verb} in this space.")


def check_edit(viewer, post: Post):
    """Authors edit their own posts while they may post here; nobody edits another's words."""
    _check_own(viewer, post, "edit")
    if post.thread.locked_at and not viewer.is_moderator:
        raise Denied("A moderator has locked this thread, so its posts can't be changed any more.")
    space = post.thread.space
    _check_posting(viewer, space.may_start if post.number == 1 else space.may_reply, "edit posts")


def check_delete(viewer, post: Post):
    if viewer.is_authenticated and viewer.is_moderator and not post.deleted_at:
        return
    _check_own(viewer, post, "delete")


def _check_own(viewer, post: Post, verb: str):
    if not viewer.is_authenticated or viewer.pk != post.author_id:
        raise Denied(f"Only its author can {verb} this post.")
    if post.deleted_at:
        raise Denied("This post has been deleted.")


def check_edit_thread(viewer, thread: Thread):
    """The title and tags: their author's, and a moderator's to put right."""
    if viewer.is_authenticated and viewer.is_moderator:
        return
    if not viewer.is_authenticated or viewer.pk != thread.author_id or thread.locked_at:
        raise Denied("Only the member who started this thread, or a moderator, can change its title and tags.")
    _check_posting(viewer, thread.space.may_start, "change threads")


def check_read_history(viewer, post: Post):
    """What a post said before: for members, since an edit is no secret, but not the whole web's business."""
    if not viewer.is_authenticated:
        raise Denied("Sign in to read what this post said before.")
    if post.deleted_at and not viewer.is_moderator:
        raise Denied("This post has been deleted, and its history with it.")


def check_preview(viewer):
    if not viewer.is_authenticated:
        raise Denied("Sign in to see a preview.")

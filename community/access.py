"""Who may see and do what in the community. The one place that decides it, for pages, sockets, search and mail alike.

A viewer is `request.user`: a Member, or an AnonymousUser. What a viewer may not see is absent: querysets leave it
out, and the functions that fetch one thing raise Http404. What a viewer may see but not do raises Denied.
"""

from django.db.models import BigIntegerField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, SlugField
from django.http import Http404
from django.shortcuts import get_object_or_404

from lib.access import Denied
from lib.compiled import Compiled
from members.access import seen_through, visible_members
from members.models import Member

from .models import Post, SpaceMembership, SpacePage, Thread

Audience = SpacePage.Audience
Posters = SpacePage.Posters
Standing = Member.Standing
Role = SpaceMembership.Role

__all__ = ["Denied"]  # the rest is used through the module


# The rule of reading: whom a published space of each audience is open to. Moderators read all of them.
VISITOR = "visitor"
READERS: dict[str, frozenset[str]] = {
    Audience.EVERYONE: frozenset({VISITOR, Standing.NEWCOMER, Standing.SUPPLIER, Standing.OFFICER}),
    Audience.MEMBERS: frozenset({Standing.NEWCOMER, Standing.SUPPLIER, Standing.OFFICER}),
    Audience.OFFICERS: frozenset({Standing.OFFICER}),
    Audience.GROUP: frozenset({Standing.SUPPLIER, Standing.OFFICER}),
}
BY_MEMBERSHIP = frozenset({Audience.GROUP})  # of those only who belongs to the space


def _audiences(viewer) -> set[str]:
    """The audiences that the viewer belongs to by standing; BY_MEMBERSHIP takes more."""
    standing = viewer.standing if viewer.is_authenticated else VISITOR
    return {audience for audience, readers in READERS.items() if standing in readers}


def _reads_everything(viewer) -> bool:
    return viewer.is_authenticated and viewer.is_moderator


def _readable(viewer, prefix: str = "") -> Q:
    """The rule as a condition on a space, reached by `prefix`."""
    is_published = Q(**{f"{prefix}live": True})
    if _reads_everything(viewer):
        return is_published
    audiences = _audiences(viewer)
    belongs = Exists(SpaceMembership.objects.filter(space=OuterRef(f"{prefix}pk"), member=viewer.pk))
    return is_published & (
        Q(**{f"{prefix}audience__in": sorted(audiences - BY_MEMBERSHIP)})
        | Q(belongs, **{f"{prefix}audience__in": sorted(audiences & BY_MEMBERSHIP)})
    )


def _may_read(viewer, space: SpacePage) -> bool:
    """The rule, asked of a space at hand: pages that are read a lot need no query for it."""
    if not space.live or _reads_everything(viewer):
        return space.live
    if space.audience not in _audiences(viewer):
        return False
    return not has_members(space) or belongs_to(viewer, space)


def readers(space: SpacePage) -> QuerySet[Member]:
    """The rule from the other side: the active members who may read this space once it is published."""
    by_standing = Q(standing__in=sorted(READERS[space.audience] - {VISITOR}))
    if has_members(space):
        by_standing &= Q(Exists(space.memberships.filter(member=OuterRef("pk"))))
    is_moderator = Q(pk__in=Member.objects.moderators().order_by().values("pk"))
    return Member.objects.active().filter(by_standing | is_moderator)


def lets_in_more(before: str, after: str) -> bool:
    """Whether a space of the audience `after` may be read by people who may not while it is `before`."""
    return before != after and (before in BY_MEMBERSHIP or bool(READERS[after] - READERS[before]))


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


def belongs_to(viewer, space: SpacePage) -> bool:
    """Whether the viewer is a member of this space of invited members."""
    return space.memberships.filter(member=viewer.pk).exists()


def memberships(viewer, space: SpacePage) -> QuerySet[SpaceMembership]:
    """Of the members of a space those whom the viewer may know of anyway: being invited tells a supplier no names."""
    return space.memberships.filter(member__in=visible_members(viewer)).select_related("member__organisation")


def has_members(space: SpacePage) -> bool:
    return space.audience in BY_MEMBERSHIP


def members_of(viewer, slug: str) -> SpacePage:
    """The space of invited members whose list of members the viewer may read. Raises Http404."""
    found = space(viewer, slug)
    if not has_members(found):
        raise Http404
    return found


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


_space = Compiled(lambda slug: SpacePage.objects.filter(slug=slug), slug=SlugField())
_thread = Compiled(
    lambda thread_id, member_id: (
        with_marker(Thread.objects.filter(pk=thread_id), member_id)
        .select_related("space")
        # What a thread's page, the rules above and the actions of a moment ask: each column costs time.
        .only(
            *("title", "author", "tag_names", "created_at", "version"),
            *("post_count", "last_post_at", "pinned_at", "locked_at", "space__title", "space__slug", "space__live"),
            *("space__audience", "space__may_start", "space__may_reply", "space__guidelines"),
        )
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


def _known_to(viewer, thread: Thread | None) -> Q:
    if viewer.is_moderator or viewer.is_officer:
        return Q()
    takes_part = Exists(Post.objects.filter(author=OuterRef("pk"), thread=thread))
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
    if viewer.pk != post.author_id:
        raise Denied(f"Only its author can {verb} this post.")
    if post.deleted_at:
        raise Denied("This post has been deleted.")


def check_edit_thread(viewer, thread: Thread):
    """The title and tags: their author's, and a moderator's to put right."""
    if viewer.is_authenticated and viewer.is_moderator:
        return
    if viewer.pk != thread.author_id or thread.locked_at:
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


def check_decide_readers(viewer, space: SpacePage, audience: str):
    """Who decides who may read and post: editors who may publish the space, and moderators.

    Opening what was said in it to more people takes a moderator: its authors wrote for fewer.
    """
    if viewer.is_authenticated and viewer.is_moderator:
        return
    if not space.permissions_for_user(viewer).can_publish():
        raise Denied("Only editors and moderators decide who may read a space.")
    count = space.threads.count() if lets_in_more(space.audience, audience) else 0
    if count:
        raise Denied(
            f"There {'is a thread' if count == 1 else f'are {count} threads'} in this space, written for: "
            f"{space.get_audience_display().lower()}. Only a moderator can open them to others."
        )


def check_invite(viewer, space: SpacePage):
    """Moderators and the space's organisers invite and remove members."""
    if not _reads_everything(viewer) and not _may_read(viewer, space):
        raise Http404
    if not has_members(space):
        raise Denied("Only a space for invited members has members of its own.")
    if not viewer.is_moderator and not space.memberships.filter(member=viewer, role=Role.ORGANISER).exists():
        raise Denied("Only moderators and the organisers of this space invite and remove members.")

"""Who acts, as the database knows them when the action has its turn."""

from cdoforum.lib.access import Denied
from members.models import Member


def lock_actor(actor: Member, *others: Member) -> Member:
    """The actor with their present rights, locked: one member does one thing at a time.

    So the same form sent twice at once is seen, and a limit can't be outrun. Read anew once the lock is there: after
    waiting, PostgreSQL would give the organisation and groups of before. Raises Denied for who may not act at all.

    Others whom the action changes are locked along with the actor: one after the other, two actions about each other's
    actors would wait in a circle.
    """
    if not actor.is_authenticated:
        raise Denied("Sign in first.")
    Member.objects.lock_all([actor.pk, *(other.pk for other in others)])
    member = Member.objects.for_session().get(pk=actor.pk)
    if not member.is_active:
        raise Denied("Your account is suspended.")
    return member


def lock_both(actor: Member, member: Member) -> tuple[Member, Member]:
    """The actor, and the member about whom they decide: both locked, and as they are now. Raises Denied."""
    return lock_actor(actor, member), Member.objects.get(pk=member.pk)

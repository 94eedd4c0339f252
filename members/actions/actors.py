"""Who acts, as the database knows them when the action has its turn."""

from cdoforum.lib.access import Denied
from members.models import Member


def lock_actor(actor: Member) -> Member:
    """The actor with their present rights, locked: one member does one thing at a time.

    So the same form sent twice at once is seen, and a limit can't be outrun. Read anew once the lock is there: after
    waiting, PostgreSQL would give the organisation and groups of before. Raises Denied for who may not act at all.
    """
    if not actor.is_authenticated:
        raise Denied("Sign in first.")
    Member.objects.lock(actor.pk)
    member = Member.objects.for_session().get(pk=actor.pk)
    if not member.is_active:
        raise Denied("Your account is suspended.")
    return member

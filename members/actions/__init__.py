"""What can be done with accounts and organisations, and how an action of any app begins. Only actions write."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lib.access import Denied
from lib.locks import sentence_for_a_timeout
from members.models import Member

P = ParamSpec("P")
T = TypeVar("T")

NOW = cast(datetime, None)  # `now: datetime = NOW`: the moment at which @action has all locks


def action(
    *locks: Callable[[Any], Any],
    also: Callable[[], QuerySet[Member]] = Member.objects.none,
    while_suspended: bool = False,
    **things: Callable[[Any, Any], Any],
):
    """Begins an action: one transaction, in which the actor and the things it is about are locked and as they are now.

    @action(thread=lock_thread)
    def edit(*, actor: Member, thread: Thread, title: str, now: datetime = NOW) -> Thread: ...

    The locks are taken in one order everywhere, so that nobody waits in a circle: members by `pk` (the actor, `member`
    and those whom `also` finds), then what `locks` lock, then `things`, as they are written. `lock_thread(actor,
    thread)` gives the thread as it is now, and raises Http404 if the actor may not see it any more. `now` comes last:
    whatever was written while the action waited is older.

    Raises Denied for an actor who is signed out or, but for `while_suspended`, suspended; and Busy when a lock does not
    come in time. An action without an `actor`, or with None, is the forum's own.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def act(*args: P.args, **given: P.kwargs) -> T:
            with sentence_for_a_timeout(), transaction.atomic():
                arguments: dict[str, Any] = given
                actor, member = arguments.get("actor"), arguments.get("member")
                others = [*([member] if member else []), *also()]
                if actor is not None:
                    actor = arguments["actor"] = lock_actor(actor, *others, while_suspended=while_suspended)
                else:
                    Member.objects.lock_all(other.pk for other in others)
                if member is not None:
                    arguments["member"] = Member.objects.get(pk=member.pk)
                for lock in locks:
                    lock(actor)
                for name, lock_thing in things.items():
                    arguments[name] = lock_thing(actor, arguments[name])
                arguments["now"] = arguments.get("now") or timezone.now()
                return function(*args, **given)

        return act

    return decorate


def lock_actor(actor: Member, *others: Member, while_suspended: bool = False) -> Member:
    """The actor with their present rights, locked: one member does one thing at a time.

    So the same form sent twice at once is seen, and a limit can't be outrun. Read again once the lock is there: after
    waiting, PostgreSQL would give the organisation and groups of before. Raises Denied for whoever may not act at all.
    """
    if not actor.is_authenticated:
        raise Denied("Sign in first.")
    Member.objects.lock_all([actor.pk, *(other.pk for other in others)])
    member = Member.objects.for_session().get(pk=actor.pk)
    if not (member.is_active or while_suspended):
        raise Denied("Your account is suspended.")
    return member

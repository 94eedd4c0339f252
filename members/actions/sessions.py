"""Where a member is signed in."""

from datetime import datetime

from django.db import transaction

from lib import live
from members import inbox
from members.actions import NOW, action
from members.models import Member


@action(while_suspended=True)
def end_others(*, actor: Member, keep: str | None, now: datetime = NOW) -> int:
    """Signs the actor out everywhere but in the session with the key `keep`. → how many sessions ended.

    Of a suspended member, too: a new password ends the sessions of whoever had the old one.
    """
    keys = list(actor.sessions.exclude(session_key=keep).values_list("session_key", flat=True))
    if keys:
        actor.sessions.filter(session_key__in=keys).delete()
        inbox.record("member.sessions_ended", actor=actor, target=actor, now=now, count=len(keys))

    def drop():
        for key in keys:
            live.drop(session_key=key)

    transaction.on_commit(drop, robust=True)
    return len(keys)

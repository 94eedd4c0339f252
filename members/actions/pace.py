"""How often somebody may do a thing: whoever goes on and on has to rest."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError

from members.models import Activity, Member

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
IN_WORDS = {MINUTE: "a minute", HOUR: "an hour"}


def check_pace(actor: Member, *verbs: str, at_most: int, within: timedelta, now: datetime):
    """Raises ValidationError when the actor has done one of these `at_most` times within a MINUTE or an HOUR.

    The actor has to be locked, as @action does it: else two at once are both the last one.
    """
    lately = Activity.objects.filter(actor=actor, verb__in=verbs, created_at__gt=now - within).count()
    if lately >= at_most:
        span = IN_WORDS[within]
        raise ValidationError(
            f"You have done this {lately} times within {span}. Nothing is lost: wait {span} and try again.", code="pace"
        )

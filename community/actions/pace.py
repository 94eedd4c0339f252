"""How quickly a member can write."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError

from members.models import Activity, Member


def check_pace(actor: Member, *verbs: str, now: datetime):
    since = now - timedelta(minutes=1)
    lately = Activity.objects.filter(actor=actor, verb__in=verbs, created_at__gt=since).count()
    if lately >= settings.POSTS_PER_MINUTE:
        raise ValidationError(
            f"You have done this {lately} times within a minute. Wait a minute and try again: your text is kept.",
            code="pace",
        )

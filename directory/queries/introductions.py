"""The introductions that a viewer sees."""

from collections.abc import Iterable

from django.db.models import QuerySet

from .. import access
from ..models import Introduction
from ..presenters.introductions import SeenIntroduction, seen


def mine(viewer) -> list[SeenIntroduction]:
    """Those which the viewer has a part in (a moderator's queue is in the CMS), the latest first."""
    found = _of(viewer).order_by("-moved_at", "-pk")
    return [seen(viewer, one) for one in found if access.side(viewer, one) != access.MODERATOR]


def seen_by_id(viewer, ids: Iterable[int]) -> dict[int, SeenIntroduction]:
    return {one.pk: seen(viewer, one) for one in _of(viewer).filter(pk__in=list(ids))}


def _of(viewer) -> QuerySet[Introduction]:
    """With what seen() needs."""
    return (
        access.visible_introductions(viewer)
        .select_related(
            "supplier__listing", "officer__organisation", "officer__officer_listing", "asked_by__organisation"
        )
        .prefetch_related("steps")
    )

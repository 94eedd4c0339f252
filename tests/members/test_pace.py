"""How often somebody may do a thing."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members.actions.pace import HOUR, MINUTE, check_pace
from members.actions.settings import change_profile

NOW = timezone.now()


@pytest.fixture
def busy_ada(ada, ben):
    """Ada, who changed her profile 50, 20 and 10 seconds ago; Ben did so at the same time."""
    for who in (ada, ben):
        for seconds in (50, 20, 10):
            change_profile(actor=who, job_title=f"Director {seconds}", now=NOW - timedelta(seconds=seconds))
    return ada


def pace(actor, *verbs, at_most, within=MINUTE, now=NOW):
    check_pace(actor, *verbs, at_most=at_most, within=within, now=now)


def test_whoever_was_quick_has_to_wait(busy_ada):
    with pytest.raises(ValidationError, match="You have done this 3 times within a minute"):
        pace(busy_ada, "member.mail_chosen", "member.profile_changed", at_most=3)
    with pytest.raises(ValidationError, match="3 times within an hour"):
        pace(busy_ada, "member.profile_changed", at_most=2, within=HOUR, now=NOW + timedelta(minutes=59))


def test_only_what_that_member_did_of_these_and_lately_counts(busy_ada, cleo):
    pace(busy_ada, "member.profile_changed", at_most=4)
    pace(busy_ada, "member.profile_changed", at_most=3, now=NOW + timedelta(seconds=10))
    pace(busy_ada, "member.mail_chosen", at_most=1)
    pace(cleo, "member.profile_changed", at_most=1)

"""What the tests of members share beside the cast."""

import pytest

from members.models import Activity, Notification
from tests import make


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """with after_commit(): … runs what waits for the commit: announcing, and the e-mails that follow from it."""

    def run():
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture
def camden(db):
    return make.organisation("Camden", domain="camden.example")


@pytest.fixture
def stroud(db):
    """A public body without a domain."""
    return make.organisation("Stroud District Council")


@pytest.fixture
def waiting_cleo(cleo):
    """Cleo, who waits for verification as somebody of Stroud."""
    from members.actions import verification

    cleo.claimed_organisation = "Stroud District Council"
    cleo.save()
    return verification.confirm_address(member=cleo, address=cleo.email)


def _verbs() -> list[str]:
    return list(Activity.objects.order_by("pk").values_list("verb", flat=True))


def _told(member) -> list[str]:
    return list(Notification.objects.filter(member=member).order_by("pk").values_list("activity__verb", flat=True))


@pytest.fixture
def verbs():
    """verbs() → all that has happened, oldest first."""
    return _verbs


@pytest.fixture
def told():
    """told(member) → what the member's inbox has, read or not, oldest first."""
    return _told

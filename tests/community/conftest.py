"""What the tests of the community share beside the cast."""

import uuid

import pytest

from members.models import Activity, Notification
from tests import make


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """with after_commit(): … runs what waits for the commit: broadcasts, bells, and the e-mails that follow."""

    def run():
        return django_capture_on_commit_callbacks(execute=True)

    return run


@pytest.fixture
def published(monkeypatch):
    """What tabs were told, as (topic, payload), in order."""
    said = []
    monkeypatch.setattr("lib.live.publish", lambda topic, payload: said.append((topic, payload)))
    return said


@pytest.fixture
def thread(members_space, ada):
    """Ada's thread in the members' space."""
    return make.thread(members_space, ada)


@pytest.fixture
def officers_thread(officers_space, ada):
    return make.thread(officers_space, ada, "What officers only should read")


@pytest.fixture
def told():
    """told(member) → the verbs of which the member's inbox has an unread line, oldest first."""

    def verbs(member) -> list[str]:
        unread = Notification.objects.filter(member=member, read_at=None)
        return list(unread.order_by("pk").values_list("activity__verb", flat=True))

    return verbs


@pytest.fixture
def verbs():
    """verbs() → all that has happened, oldest first."""
    return lambda: list(Activity.objects.order_by("pk").values_list("verb", flat=True))


@pytest.fixture
def text():
    """text("Hello.") → the fields of a composer's form, with a fresh token."""

    def fields(source="We kept a copy for a year.", **more) -> dict:
        return {"source": source, "token": str(uuid.uuid4())} | more

    return fields

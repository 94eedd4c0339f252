"""The cast. Ada and Ben are officers, Cleo a newcomer, Sal a supplier member, Mo a moderator, Eve an editor."""

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client

from tests import make

pytest_plugins = ["tests.plugin"]


@pytest.fixture(autouse=True)
def empty_cache():
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def ada(db):
    return make.officer("Ada Okafor", council="Camden", job_title="Chief Digital Officer", email="ada@camden.example")


@pytest.fixture
def ben(db):
    return make.officer("Ben Hartley", council="Leeds", job_title="Head of Digital", email="ben@leeds.example")


@pytest.fixture
def cleo(db):
    return make.member("Cleo Marsh", email="cleo@newcomer.example")


@pytest.fixture
def sal(db):
    return make.supplier_member(
        "Sal Rivers", company="BrightWave", job_title="Director", email="sal@brightwave.example"
    )


@pytest.fixture
def mo(db):
    return make.member("Mo Farrell", groups=["Moderators"], email="mo@forum.example")


@pytest.fixture
def eve(db):
    return make.member("Eve Lindqvist", groups=["Editors"], email="eve@forum.example")


@pytest.fixture
def admin(db):
    return make.member("Forum administrator", is_superuser=True, email="admin@forum.example")


@pytest.fixture(autouse=True)
def no_holes_in_mails():
    """Of all the mails that the tests send."""
    yield
    holed = [message.subject for message in getattr(mail, "outbox", []) if "\n\n\n" in message.body]
    assert not holed, f"Never more than one empty line in a mail: {holed}"


@pytest.fixture
def as_():
    """as_(member) → a client in which the member is signed in; as_(None) → a visitor's."""

    def client_of(member=None) -> Client:
        client = Client()
        if member is not None:
            client.force_login(member)
        return client

    return client_of


@pytest.fixture
def open_space(db):
    return make.space("What we learned", audience="everyone")


@pytest.fixture
def members_space(db):
    return make.space("AI and assistants", audience="members")


@pytest.fixture
def officers_space(db):
    return make.space("Officers only", audience="officers")


@pytest.fixture
def group_space(db, ben):
    return make.space("Reorganisation", audience="group", invited=[ben])

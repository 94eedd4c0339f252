"""The demo's content: all of it is there, it is there once, and nobody is written to."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from cdoforum.demo.meetings import working_day
from community import queries
from community.models import Post, PostRevision, SpacePage, Thread
from directory.models import Introduction, OfficerListing, SupplierListing
from events.models import EventPage, Registration
from members.models import Activity, EmailDomain, Mail, Member, Organisation
from members.models.people import EDITORS, MODERATORS

pytestmark = pytest.mark.xdist_group("seed")  # seeding takes seconds: once, not once a worker

PASSWORD = "forum-demo-2026"
CAST = {
    "ada@camden.example": "officer",
    "ben@leeds.example": "officer",
    "cleo@newcomer.example": "newcomer",
    "sal@brightwave.example": "supplier member",
    "eve@forum.example": "editor",
    "mo@forum.example": "moderator",
    "admin@forum.example": "administrator",
}


@dataclass
class Seeding:
    printed: str
    sent: list


def seed() -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def seeding(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the command printed and sent. The forum is seeded once for this module, and taken back after it."""
    media = settings.MEDIA_ROOT
    with django_db_blocker.unblock(), transaction.atomic():
        settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
        mail.outbox.clear()
        yield Seeding(printed=seed(), sent=list(mail.outbox))
        transaction.set_rollback(True)
        settings.MEDIA_ROOT = media


@pytest.fixture
def forum(seeding, db):
    """The seeded forum; what a test changes in it is taken back."""


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in {(12, 24), (12, 25), (12, 26), (1, 1)}


def member(email: str) -> Member:
    return Member.objects.for_session().get(email=email)


def test_everything_is_there(forum):
    bodies = Organisation.objects.filter(kind="public_body")
    assert bodies.filter(email_domains__isnull=False).count() >= 24
    assert Organisation.objects.filter(kind="supplier").count() >= 12
    assert Member.objects.count() >= 40
    assert SpacePage.objects.live().count() >= 8
    assert set(SpacePage.objects.values_list("audience", flat=True)) == set(SpacePage.Audience.values)
    assert Thread.objects.count() >= 60
    assert EventPage.objects.live().count() >= 12
    assert SupplierListing.objects.count() >= 10
    assert set(SupplierListing.objects.values_list("status", flat=True)) >= {"submitted", "returned", "approved"}
    assert OfficerListing.objects.count() >= 10
    assert set(Introduction.objects.values_list("status", flat=True)) == set(Introduction.Status.values)
    assert set(Introduction.objects.values_list("direction", flat=True)) == set(Introduction.Direction.values)


def test_threads_are_alive(forum):
    assert Thread.objects.filter(pinned_at__isnull=False).exists()
    assert Thread.objects.filter(locked_at__isnull=False).exists()
    assert Post.objects.filter(deleted_at__isnull=False).exists()
    assert PostRevision.objects.exists()
    assert Post.objects.filter(reply_to__isnull=False).exists()
    for thread in Thread.objects.all():
        posts = list(thread.posts.order_by("number"))
        assert [post.number for post in posts] == list(range(1, thread.post_count + 1))
        times = [post.created_at for post in posts]
        assert times == sorted(times), thread.title
        assert thread.last_post_at == times[-1]


def test_events_are_past_and_to_come_and_one_is_full(forum):
    events = list(EventPage.objects.live())
    assert any(event.is_past for event in events)
    assert any(not event.is_past for event in events)
    assert all(is_working_day(event.starts_at.date()) for event in events)
    assert any(event.seats_left == 0 and event.waiting for event in events)
    assert not [event for event in events if event.capacity and event.taken > event.capacity]
    assert not Registration.objects.filter(created_at__gt=Activity.objects.latest("created_at").created_at).exists()


@pytest.mark.parametrize("onwards", [True, False])
def test_whatever_the_day_of_seeding_nobody_meets_at_weekends_or_at_christmas(onwards):
    for number in range(5 * 366):
        day = date(2026, 1, 1) + timedelta(days=number)
        met = working_day(day, onwards=onwards)
        assert is_working_day(met)
        assert 0 <= (met - day).days * (1 if onwards else -1) <= 12


def test_the_cast_can_sign_in(forum, seeding):
    for email in CAST:
        response = Client().post("/accounts/login/", {"login": email, "password": PASSWORD})
        assert response.status_code == 302, (email, response.content.decode())
        assert f"{email:<24} {CAST[email]}" in seeding.printed
    assert PASSWORD in seeding.printed


def test_the_cast_is_who_the_readme_says(forum):
    ada, cleo, sal = member("ada@camden.example"), member("cleo@newcomer.example"), member("sal@brightwave.example")
    assert ada.is_officer and ada.organisation.short_name == "Camden"
    assert member("ben@leeds.example").is_officer
    assert cleo.is_newcomer and cleo.verification_asked_at
    assert sal.is_supplier_member and sal.organisation.name == "BrightWave"
    assert member("eve@forum.example").groups.filter(name=EDITORS).exists()
    assert member("mo@forum.example").groups.filter(name=MODERATORS).exists()
    assert member("admin@forum.example").is_superuser
    assert EmailDomain.objects.filter(domain="camden.example", organisation=ada.organisation).exists()


def test_some_things_are_new_to_ada_and_some_are_not(forum):
    ada = member("ada@camden.example")
    threads = queries.with_unread(ada, queries.threads(ada))
    new = [thread for thread in threads if thread.unread_count]
    assert any(thread.unread_count < thread.post_count for thread in new)
    assert 3 <= len(new) <= 20 < len(threads)
    assert 1 <= ada.unread_count <= 12
    assert ada.notifications.filter(read_at=None).count() == ada.unread_count
    assert ada.notifications.filter(read_at__isnull=False).exists()


def test_bells_are_right_for_everyone(forum):
    for one in Member.objects.all():
        assert one.unread_count == one.notifications.filter(read_at=None).count(), one


def test_the_pages_of_the_demo_open(forum):
    client = Client()
    client.force_login(member("ada@camden.example"))
    thread = Thread.objects.latest("last_post_at")
    event = EventPage.objects.live().get(slug="yearly-gathering")
    addresses = ["/", "/community/", "/events/", "/directory/", "/directory/officers/", "/introductions/", "/inbox/"]
    addresses += ["/about/", "/privacy/", "/how-we-stay-neutral/", "/house-rules/", "/accessibility/"]
    for address in [*addresses, thread.get_absolute_url(), event.get_absolute_url()]:
        assert client.get(address).status_code == 200, address


def test_nobody_is_written_to(forum, seeding):
    assert seeding.sent == []
    assert not Mail.objects.filter(sent_at=None, cancelled_at=None).exists()
    assert not Activity.objects.filter(announced_at=None).exists()


def test_seeding_again_changes_nothing(forum):
    before = Activity.objects.count(), Post.objects.count(), Member.objects.count()
    again = seed()
    assert (Activity.objects.count(), Post.objects.count(), Member.objects.count()) == before
    assert "Nothing was changed" in again
    assert "ada@camden.example" in again

"""Mails about an account are owed to an address: no request waits for the mail server, and none is forgotten."""

from datetime import timedelta

import pytest
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.utils import timezone

from cdoforum.settings import base
from members.actions import erasure
from members.models import Letter, Member
from tests import make
from tests.members.test_sign_up import FORM, confirmation_link, join
from tests.sweep import sweep

pytestmark = pytest.mark.django_db


class Away(locmem.EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.fixture
def mail_server_is_away(settings):
    settings.EMAIL_BACKEND, there = f"{__name__}.Away", settings.EMAIL_BACKEND
    yield
    settings.EMAIL_BACKEND = there


# The worker asks its connection whether it is still well, as it would between two jobs: not inside a transaction.
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_signing_up_sends_nothing_itself(client, settings, mailoutbox):
    settings.TASKS = base.TASKS
    assert join(client).status_code == 302
    assert not mailoutbox and Letter.objects.get().address == FORM["email"]
    call_command("work", "--once")
    assert [mail.to for mail in mailoutbox] == [[FORM["email"]]]
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
    assert client.get(confirmation_link(mailoutbox[0])).status_code == 200
    call_command("work", "--once")
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(("path", "typed"), [
    ("/accounts/signup/", FORM),
    ("/accounts/password/reset/", {"email": "ada@camden.example"}),
    ("/accounts/password/reset/", {"email": "nobody@camden.example"}),
])  # fmt: skip
def test_a_mail_server_that_is_away_is_not_noticed_and_gets_the_mail_later(
    path, typed, client, ada, settings, mailoutbox, request
):
    request.getfixturevalue("mail_server_is_away")
    assert client.post(path, typed).status_code == 302
    letter = Letter.objects.get()
    assert (letter.attempts, letter.sent_at) == (1, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sweep(letter.next_attempt_at - timedelta(seconds=1))
    assert not mailoutbox
    sweep(letter.next_attempt_at)
    assert [mail.to for mail in mailoutbox] == [[typed["email"]]]


def test_the_words_go_once_they_are_sent_since_they_hold_a_key(client, mailoutbox):
    join(client)
    assert mailoutbox and Letter.objects.get().content == {}


def test_a_letter_is_forgotten_after_a_week(client, mailoutbox):
    join(client)
    Letter.objects.update(created_at=timezone.now() - timedelta(days=8))
    call_command("work", "--once")
    assert not Letter.objects.exists()


def test_a_letter_is_forgotten_with_its_member(client, ada, mailoutbox):
    client.post("/accounts/password/reset/", {"email": ada.email})
    assert Letter.objects.exists()
    erasure.erase(actor=ada)
    assert not Letter.objects.exists()


def test_who_signs_up_again_before_confirming_gets_the_link_again(client, mailoutbox):
    join(client)
    Letter.objects.update(created_at=timezone.now() - timedelta(minutes=4))
    for _ in range(5):
        assert join(client).url == "/accounts/confirm-email/"
    assert [mail.subject for mail in mailoutbox] == [mailoutbox[0].subject] * 2, "one more, and not five"
    assert confirmation_link(mailoutbox[1])
    assert Member.objects.count() == 1


def test_who_has_an_account_is_told_so(client, ada, mailoutbox):
    join(client, email=ada.email)
    assert "There is an account with it already" in mailoutbox[0].body


def test_owed_counts_letters(client, mail_server_is_away, capsys):
    join(client)
    make.officer("Una Another", council="Hull")
    call_command("owed")
    assert "Mails to be sent: 1" in capsys.readouterr().out

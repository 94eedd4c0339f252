"""The real worker, asked to stop while it has much to do."""

import email.policy
import re
import signal
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cdoforum.settings import base
from members.models import Mail
from tests import make
from tests.live import servers
from tests.live.post_office import post_office

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]

TITLES = [f"Question number {number}" for number in range(1, 6)]
SOON = 5  # seconds; the mail at hand, and Python's own goodbye
WORK = [sys.executable, "manage.py", "work"]


@pytest.fixture
def office():
    with post_office() as office:
        yield office


def ask_and_answer(space, asker, answerer):
    for title in TITLES:
        make.reply(make.thread(space, asker, title), answerer)


def stop_at_the_first_mail(office, log, environment):
    """Starts a worker, asks it to stop while it waits for the mail server, and then lets its mail in."""
    with servers.running(WORK, log, **environment) as worker:
        assert office.somebody_waits.wait(40), log.read_text()[-3000:]
        worker.send_signal(signal.SIGTERM)
        office.is_open.set()
        assert worker.wait(SOON) == 0, log.read_text()[-3000:]


def finish(log, environment):
    with servers.running([*WORK, "--once"], log, **environment) as worker:
        assert worker.wait(60) == 0, log.read_text()[-3000:]


def told_of(letters: list[str]) -> Counter:
    subjects = [email.message_from_string(letter, policy=email.policy.default)["Subject"] for letter in letters]
    return Counter(re.search(r"Question number \d", subject)[0] for subject in subjects)


def owed(environment) -> int:
    return servers.ask(environment, "SELECT count(*) FROM members_mail WHERE sent_at IS NULL")[0][0]


def test_the_job_at_hand_is_finished_and_the_others_wait_for_the_next_worker(
    ada, ben, members_space, settings, office, tmp_path
):
    settings.TASKS = base.TASKS
    ask_and_answer(members_space, ada, ben)
    environment = _environment(tmp_path, office)
    log = tmp_path / "worker.log"
    stop_at_the_first_mail(office, log, environment)
    assert len(office.letters) == 1
    states = f"SELECT status, count(*) FROM {DBTaskResult._meta.db_table} GROUP BY status"
    counts = dict(servers.ask(environment, states))
    assert counts.get("READY") == owed(environment) == len(TITLES) - 1
    assert set(counts) == {"READY", "SUCCESSFUL"}, "no job is left half done"

    finish(log, environment)
    assert told_of(office.letters) == dict.fromkeys(TITLES, 1)
    assert owed(environment) == 0


def test_mails_that_jobs_missed_wait_as_well(ada, ben, members_space, office, tmp_path):
    ask_and_answer(members_space, ada, ben)
    Mail.objects.update(sent_at=None, next_attempt_at=timezone.now() - timedelta(minutes=1))
    environment = _environment(tmp_path, office)
    log = tmp_path / "worker.log"
    stop_at_the_first_mail(office, log, environment)
    assert (len(office.letters), owed(environment)) == (1, len(TITLES) - 1)

    finish(log, environment)
    assert told_of(office.letters) == dict.fromkeys(TITLES, 1)
    assert owed(environment) == 0


def _environment(tmp_path, office) -> dict[str, str]:
    return servers.environment(tmp_path, DJANGO_SETTINGS_MODULE="tests.live.worker_settings", EMAIL_URL=office.url)

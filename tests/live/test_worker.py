"""The real worker, asked to stop while it has much to do."""

import email.policy
import re
import signal
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cdoforum.settings import base
from members.models import Activity, Mail
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


def test_people_are_told_while_the_mail_server_says_nothing(ada, ben, members_space, settings, office, tmp_path):
    """Quick work never waits behind slow work: one mail after another stands at the door."""
    settings.TASKS = base.TASKS
    ask_and_answer(members_space, ada, ben)
    environment = _environment(tmp_path, office)
    log = tmp_path / "worker.log"
    told = "SELECT count(*) FROM members_notification"
    with servers.running(WORK, log, **environment) as worker:
        assert office.somebody_waits.wait(40), log.read_text()[-3000:]
        servers.wait_until(lambda: servers.ask(environment, told)[0][0] == len(TITLES))
        assert not office.letters and worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        office.is_open.set()
        assert worker.wait(SOON) == 0, log.read_text()[-3000:]


def test_a_job_that_a_killed_worker_took_with_it_is_forgotten_after_a_day(ada, ben, members_space, settings):
    settings.TASKS = base.TASKS
    make.reply(make.thread(members_space, ada), ben)
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - timedelta(hours=25))
    lost = set(DBTaskResult.objects.values_list("pk", flat=True))
    make.reply(make.thread(members_space, ben), ada)
    call_command("work", "--once")
    left = DBTaskResult.objects.values_list("pk", "status")
    assert lost and not lost & {pk for pk, _ in left} and {status for _, status in left} == {"SUCCESSFUL"}
    assert Activity.objects.filter(announced_at=None).count() == 1, "what it was about is still owed"

"""The worker: runs jobs, sends what is owed, and does what is due. Quick work never waits behind a mail server."""

import logging
import signal
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.core.management import BaseCommand, call_command
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks import DEFAULT_TASK_QUEUE_NAME, TaskResultStatus, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from directory.actions.introductions import expire_due
from events.actions.events import remind_due
from members.inbox import outbox, owed

logger = logging.getLogger(__name__)

JOB_SECONDS = 1.0  # how often the queue is asked
JOBS_AT_A_TIME = 50  # then the rest has its turn, however many wait
DUE_SECONDS = 60.0  # how often the rest is: what was missed, what is due, pages scheduled by editors


def jobs_are_kept() -> bool:
    """Not in the demo, where each runs at once, in the process that has it."""
    return isinstance(task_backends["forum"], DatabaseBackend)


def forget_jobs():
    """Those that are done, after a week, and those that a worker took with it when it was killed, after a day.

    Nothing is lost with a job: what is owed has a row of its own, and the sweep finds it.
    """
    if not jobs_are_kept():
        return
    # Typed as an operator would: the default of an option is checked, too, and `default` is no database backend.
    call_command("prune_db_task_results", "--backend", "forum", "--queue-name", "*", "--min-age-days", "7", verbosity=0)
    cut_off = timezone.now() - timedelta(days=1)
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=cut_off).delete()


class Lane:
    """Work of one kind, one thing after another: the jobs of one queue, and each minute what is due.

    Each thing that is due finds its own work in the database, and doing it twice is harmless.
    """

    def __init__(self, queue: str, due: Mapping[str, Callable[[], object]], stopping: threading.Event):
        self.queue, self.due, self.stopping = queue, due, stopping
        self.worker: Worker | None = None

    def run(self):
        next_due = timezone.now()
        while not self.stopping.is_set():
            close_old_connections()
            try:
                self.run_jobs()
                if timezone.now() >= next_due:
                    self.do_due()
                    next_due = timezone.now() + timedelta(seconds=DUE_SECONDS)
            except OperationalError as error:  # it comes back, and what is owed waits in it
                logger.error("The database can't be reached (%s).", type(error).__name__)
            self.stopping.wait(JOB_SECONDS)

    def run_jobs(self, at_most: int | None = JOBS_AT_A_TIME):
        """Jobs that wait, until the queue is empty or the worker is asked to stop."""
        if not jobs_are_kept():
            return
        self.worker = Worker(
            queue_names=[self.queue],
            interval=0,
            batch=True,
            backend_name="forum",
            startup_delay=False,
            max_tasks=at_most,
            worker_id="work",
            excluded_queue_names=[],
        )
        if not self.stopping.is_set():
            self.worker.run()

    def do_due(self):
        for what, do in self.due.items():
            if self.stopping.is_set():
                return
            try:
                do()
            except Exception:  # one kind of work that fails must not keep the others waiting
                logger.exception("The worker could not do: %s.", what)


class Command(BaseCommand):
    help = "Runs jobs from the database, and each minute what is owed or due. Stops at SIGTERM after the job at hand."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do all that there is to do now, and stop.")

    def handle(self, *args, once, **options):
        self.stopping = threading.Event()
        self.lanes = [self.quick_lane(), self.mail_lane()]
        if once:
            for lane in self.lanes:
                lane.run_jobs(at_most=None)
                lane.do_due()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        threads = [threading.Thread(target=lane.run, name=lane.queue) for lane in self.lanes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def quick_lane(self) -> Lane:
        due = {
            "reminders": lambda: remind_due(now=timezone.now()),
            "what was not announced": lambda: owed.announce_missed(is_over=self.stopping.is_set),
            "introductions that ran out": lambda: expire_due(timezone.now()),
            "scheduled pages": lambda: call_command("publish_scheduled", verbosity=0),
            "finished jobs": forget_jobs,
            "letters that are done with": lambda: owed.forget_letters(timezone.now()),
            "ended sessions": lambda: call_command("clearsessions"),
        }
        return Lane(DEFAULT_TASK_QUEUE_NAME, due, self.stopping)

    def mail_lane(self) -> Lane:
        due = {"mails that were not sent": lambda: owed.send_missed(is_over=self.stopping.is_set)}
        return Lane(outbox.MAIL_QUEUE, due, self.stopping)

    def stop(self, *_):
        self.stopping.set()
        for lane in self.lanes:
            if lane.worker:
                lane.worker.running = False

"""The worker: runs jobs, sends what is owed, and does what is due."""

import logging
import signal
import threading
from datetime import timedelta

from django.core.management import BaseCommand, call_command
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker

from directory.actions.introductions import expire_due
from events.actions.events import remind_due
from members.inbox import owed

logger = logging.getLogger(__name__)

JOB_SECONDS = 1.0  # how often the queue is asked
JOBS_AT_A_TIME = 50  # then the rest has its turn, however many wait
DUE_SECONDS = 60.0  # how often the rest is: what was missed, what is due, pages scheduled by editors


class Command(BaseCommand):
    help = "Runs jobs from the database, and each minute what is owed or due. Stops at SIGTERM after the job at hand."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do all that there is to do now, and stop.")

    def handle(self, *args, once, **options):
        self.stopping = threading.Event()
        self.worker: Worker | None = None
        if once:
            self.run_jobs(once=True)
            self.do_due()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
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

    def stop(self, *_):
        self.stopping.set()
        if self.worker:
            self.worker.running = False

    def run_jobs(self, once: bool = False):
        """Jobs that wait, one after another, until the queue is empty or the worker is asked to stop."""
        if not isinstance(task_backends["forum"], DatabaseBackend):
            return  # in the demo jobs run at once, in the process that has them
        self.worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="forum",
            startup_delay=False,
            max_tasks=None if once else JOBS_AT_A_TIME,
            worker_id="work",
            excluded_queue_names=[],
        )
        if not self.stopping.is_set():
            self.worker.run()

    def do_due(self):
        """Each of these finds its own work in the database, and doing it twice is harmless."""
        for what, do in {
            "reminders": lambda: remind_due(now=timezone.now()),
            "missed jobs": lambda: owed.sweep(is_over=self.stopping.is_set),
            "introductions that ran out": lambda: expire_due(timezone.now()),
            "scheduled pages": lambda: call_command("publish_scheduled", verbosity=0),
            "finished jobs": lambda: (
                call_command("prune_db_task_results", min_age_days=7, backend="forum", verbosity=0)
                if isinstance(task_backends["forum"], DatabaseBackend)
                else None
            ),
            "ended sessions": lambda: call_command("clearsessions"),
        }.items():
            if self.stopping.is_set():
                return
            try:
                do()
            except Exception:  # one kind of work that fails must not keep the others waiting
                logger.exception("The worker could not do: %s.", what)

"""The demo's content."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from cdoforum.demo import conversation, introductions, listings, meetings, pages, people
from cdoforum.demo.history import History
from cdoforum.demo.progress import Progress
from members.models import Member


class Command(BaseCommand):
    help = "Fills an empty forum with the demo's people, threads, events and introductions, and prints who can sign in."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError("Only the demo is seeded, and these are not its settings. Nothing was changed.")
        first, _ = people.sign_ins()[0]
        if Member.objects.filter(email=first).exists():
            self.stdout.write("The forum has its content already. Nothing was changed.")
        elif Member.objects.exists():
            raise CommandError("There are members already, and the demo's are not among them. Seed an empty database.")
        else:
            seed(Progress("Filling the forum"))
        self.print_sign_ins()

    def print_sign_ins(self):
        self.stdout.write(f"\nSign in with the password {self.style.MIGRATE_HEADING(people.PASSWORD)} as")
        for address, role in people.sign_ins():
            self.stdout.write(f"  {address:<24} {role}")


def seed(progress=lambda done, of: None):
    """All or nothing, and nobody is written to: no mail leaves, and no tab hears of it."""
    history = History(timezone.now())
    for part in (people, pages, conversation, meetings, listings, introductions):
        part.plan(history)
    try:
        with transaction.atomic():
            others = list(connection.run_on_commit)
            history.run(progress)
            # What waits for the commit are jobs and broadcasts about the past, and the history has done the jobs.
            connection.run_on_commit = others
    except BaseException:  # Ctrl+C as well: what was half done outside the database is undone
        for undo in history.undo:
            undo()
        raise

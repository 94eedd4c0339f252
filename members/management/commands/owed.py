from django.core.management import BaseCommand, CommandError

from members.inbox import owed
from members.inbox.attempts import MAX_ATTEMPTS


class Command(BaseCommand):
    help = "Says what is still to be told and to be sent. Fails when something was given up, so that it can be watched."

    def handle(self, *args, **options):
        found = owed.count()
        self.stdout.write(f"To be announced: {found['activities']}")
        self.stdout.write(f"Mails to be sent: {found['mails']}")
        given_up = found["given_up_activities"] + found["given_up_mails"]
        if given_up:
            raise CommandError(
                f"Given up after {MAX_ATTEMPTS} attempts: "
                f"{found['given_up_activities']} to be announced, {found['given_up_mails']} mails. The log says why."
            )

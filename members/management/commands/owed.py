from django.core.management import BaseCommand, CommandError

from members import inbox


class Command(BaseCommand):
    help = "Says what is still to be told and to be sent. Fails when something was given up, so that it can be watched."

    def handle(self, *args, **options):
        owed = inbox.owed()
        self.stdout.write(f"To be announced: {owed['activities']}")
        self.stdout.write(f"Mails to be sent: {owed['mails']}")
        given_up = owed["given_up_activities"] + owed["given_up_mails"]
        if given_up:
            raise CommandError(
                f"Given up after {inbox.MAX_ATTEMPTS} attempts: "
                f"{owed['given_up_activities']} to be announced, {owed['given_up_mails']} mails. The log says why."
            )

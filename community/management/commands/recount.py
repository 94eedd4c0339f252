from django.core.management import BaseCommand

from community.actions import upkeep


class Command(BaseCommand):
    help = "Compares each counter with what it counts, and says where they differ. --mend puts the counters right."

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true")

    def handle(self, *args, mend, **options):
        number = 0
        for sentence in upkeep.drift(mend=mend):
            self.stdout.write(sentence)
            number += 1
        if not number:
            self.stdout.write(self.style.SUCCESS("Every counter is right."))
        elif mend:
            self.stdout.write(f"{number} put right, where a counter can be.")
        else:
            self.stdout.write(f"{number} differ. `manage.py recount --mend` puts them right.")

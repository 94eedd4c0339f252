from django.core.management import BaseCommand

from community.actions import upkeep


class Command(BaseCommand):
    help = "Compares each counter with what it counts, and says where they differ. --fix corrects the counters."

    def add_arguments(self, parser):
        parser.add_argument("--fix", action="store_true")

    def handle(self, *args, fix, **options):
        number = 0
        for sentence in upkeep.drift(fix=fix):
            self.stdout.write(sentence)
            number += 1
        if not number:
            self.stdout.write(self.style.SUCCESS("Every counter is right."))
        elif fix:
            self.stdout.write(f"{number} corrected, where a counter can be.")
        else:
            self.stdout.write(f"{number} differ. `manage.py recount --fix` corrects them.")

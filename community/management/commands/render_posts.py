from django.core.management import BaseCommand

from community.actions import upkeep


class Command(BaseCommand):
    help = "Renders every post anew from its source: after a change of the rules in lib/markup.py."

    def add_arguments(self, parser):
        parser.add_argument("--after", type=int, default=0, help="Go on after the post with this id.")

    def handle(self, *args, after, **options):
        changed = 0
        for changed, post_id in enumerate(upkeep.render_again(after=after), start=1):
            if changed % 500 == 0:
                self.stdout.write(f"{changed} posts changed, the last was {post_id}.")
        self.stdout.write(self.style.SUCCESS(f"Done: {changed} posts changed."))

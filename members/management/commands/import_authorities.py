from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from members.actions.authorities import WrongFile, import_authorities


class Command(BaseCommand):
    help = (
        "Reads the public register of UK local authorities (a CSV file such as mySociety's uk_la_past_current) into "
        "organisations. Safe to run again. A column email-domains (space separated), where the file has one, adds "
        "domains by which officers are verified. What moderators typed by hand stays."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")

    def handle(self, *, file: Path, dry_run: bool, **options):
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                report = import_authorities(lines=lines, dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not a text file in UTF-8.") from error
        except WrongFile as error:
            raise CommandError(str(error)) from error
        for number, why in report.skipped:
            self.stderr.write(f"Row {number} skipped: {why}")
        for name, domains in report.kept:
            self.stdout.write(f"{name} keeps {', '.join(domains)}, which the file does not name.")
        self.stdout.write(
            f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
            f"{len(report.skipped)} skipped, {report.verified} members verified."
        )
        if dry_run:
            self.stdout.write("This was a dry run: nothing was kept.")

"""The demo: one command from nothing to the site in a browser."""

import os
import signal
import socket
import subprocess
import sys

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command


class Command(BaseCommand):
    help = "Migrates, seeds if the forum is empty, and serves the demo with its worker until Ctrl+C."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, port, **options):
        if not settings.DEMO:
            raise CommandError("These are not the demo's settings. Use DJANGO_SETTINGS_MODULE=cdoforum.settings.dev.")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken ({error.strerror}). Choose another: make demo PORT={port + 1}"
                ) from error
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        call_command("seed_demo")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that what is started here ends with it
        worker = subprocess.Popen([sys.executable, sys.argv[0], "work"])
        try:
            # Daphne answers pages and the live socket alike; in production each has its own processes.
            server = [
                sys.executable,
                "-m",
                "daphne",
                "-b",
                "127.0.0.1",
                "-p",
                str(port),
                "-v",
                "0",
                "cdoforum.asgi:application",
            ]
            self.stdout.write(
                self.style.SUCCESS(f"\nThe forum is open: http://127.0.0.1:{port}   (Ctrl+C to close it)")
            )
            self.stdout.write(f"Its mail is kept at http://127.0.0.1:{port}/demo/mail/\n")
            subprocess.run(server, env=_environment(port), check=False)
        except KeyboardInterrupt:
            self.stdout.write("Closed.")
        finally:
            worker.terminate()
            worker.wait()


def _environment(port: int) -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "cdoforum.settings.dev", "SITE_URL": f"http://127.0.0.1:{port}"}

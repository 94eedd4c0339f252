"""deploy/ as it is shipped, started on this machine: what systemd would do with the units, done here.

Only folders, ports, the host's certificate and the owner of processes differ; each is replaced by a plain exchange of
the text that stands in the files.
"""

import configparser
import os
import shlex
import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from tests.live.servers import free_port

HOST = "forum.example"  # as .env.example and nginx.conf have it
ROOT = Path(__file__).resolve().parents[2]


class Shipped:
    """The exchanges, the environment that the units' EnvironmentFile gives, and who comes."""

    thread: int  # the one that there is

    def __init__(self, root: Path, media: Path):
        self.root, self.media = root, media
        self.https, self.http = free_port(), free_port()
        self.pages, self.live_1, self.live_2 = free_port(), free_port(), free_port()
        self.exchanges = {
            "/srv/forum": str(root),
            "/var/lib/forum/media": str(media),
            "8001": str(self.pages),
            "9001": str(self.live_1),
            "9002": str(self.live_2),
            "listen [::]:80;": "",
            "listen [::]:443 ssl http2;": "",
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.https} ssl",
            "/etc/ssl/forum": str(root.parent),
            "/run/nginx.pid": str(root.parent / "nginx.pid"),
            "/var/log/nginx/error.log": str(root.parent / "nginx.log"),
        }

    def text(self, name: str) -> str:
        text = (ROOT / "deploy" / name).read_text()
        for shipped, here in self.exchanges.items():
            text = text.replace(shipped, here)
        return text

    @property
    def environment(self) -> dict[str, str]:
        """As systemd reads the file: NAME=value lines, and nothing of this process but its PATH."""
        lines = (self.root / ".env").read_text().splitlines()
        named = dict(line.split("=", 1) for line in lines if line.strip() and not line.startswith("#"))
        return named | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def manage(self, *words: str) -> str:
        """One command, typed as docs/operations.md has it: nothing in the shell names settings. → what it printed."""
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        done = subprocess.run(
            [".venv/bin/python", "manage.py", *words],
            cwd=self.root, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"manage.py {words[0]}:\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout

    def browser(self, **options) -> httpx.Client:
        """Comes through nginx, as to https://forum.example; the certificate vouches for itself."""
        headers = {"Host": HOST, "Referer": f"https://{HOST}/", "Accept": "text/html"}
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}", headers=headers, verify=False, timeout=20, **options
        )


class Unit:
    """One service, by the lines of its file."""

    def __init__(self, shipped: Shipped, name: str, instance: str = ""):
        text = shipped.text(f"{name}.service").replace("%i", instance)
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read_string(text)
        self.service = parser["Service"]
        self.shipped = shipped
        self.log = shipped.root.parent / f"{name}{instance}.log"
        self.process: subprocess.Popen | None = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                shlex.split(self.service["ExecStart"]),
                cwd=self.service["WorkingDirectory"],
                env=self.shipped.environment,
                stdout=log,
                stderr=log,
            )

    def reload(self):
        assert self.process
        command = self.service["ExecReload"].replace("$MAINPID", str(self.process.pid))
        subprocess.run(shlex.split(command), check=True)

    def stop(self) -> float:
        """SIGTERM. → how many seconds it took; killed, as systemd would, when that is more than it has."""
        assert self.process
        started = time.monotonic()
        self.process.send_signal(getattr(signal, self.service["KillSignal"]))
        try:
            self.process.wait(float(self.service["TimeoutStopSec"]))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process = None
        return time.monotonic() - started

    @property
    def children(self) -> list[int]:
        assert self.process
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]


def certificate(folder: Path, host: str):
    """A certificate that vouches for itself, where nginx looks for one."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

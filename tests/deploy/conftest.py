"""The whole site behind nginx, started from deploy/ in a folder of its own, with Debian's Python where it is here."""

import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.live.post_office import post_office
from tests.live.servers import wait_until

from .shipped import HOST, ROOT, Shipped, Unit, certificate

OLDEST = Path("/usr/bin/python3")  # Debian's: on Debian 12 the oldest that the README promises
PEOPLE = """
from django.contrib.auth.models import Group
from tests import make
from community.models import CommunityPage
ada = make.officer("Ada Okafor", council="Camden", email="ada@camden.example")
ben = make.officer("Ben Hartley", council="Leeds", email="ben@leeds.example")
eve = make.member("Eve Lindqvist", groups=["Editors"], email="eve@forum.example")
thread = make.thread(make.space("Data and AI", audience="members"), ada, "How do you keep a record of models?")
event = make.event("A round table", slug="round-table", open_to="everyone")
print(thread.pk)
"""


@pytest.fixture(scope="session")
def shipped():
    """The code in a folder, its environment, database and static files, by the lines of docs/operations.md."""
    given = os.environ.get("DATABASE_URL", "")
    if not (given.startswith("postgres") and os.environ.get("REDIS_URL") and shutil.which("nginx")):
        pytest.skip("make deploy-check needs nginx, and DATABASE_URL and REDIS_URL of PostgreSQL and Redis.")
    name = f"forum_deploy_{secrets.token_hex(4)}"
    parts = urlsplit(given)
    database = urlunsplit(parts._replace(path=f"/{name}"))
    folder = Path(tempfile.mkdtemp(prefix="forum-deploy-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # nginx's workers are another user
        admin = stack.enter_context(psycopg.connect(urlunsplit(parts._replace(scheme="postgresql")), autocommit=True))
        admin.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        stack.callback(admin.execute, SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        office = stack.enter_context(post_office())
        office.is_open.set()

        root, media = folder / "forum", folder / "media"
        media.mkdir()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        for file in filter(None, listed.stdout.split("\0")):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, root / file)
        certificate(folder, HOST)
        site = Shipped(root, media)
        (root / ".env").write_text(
            _filled(
                (root / ".env.example").read_text(),
                SECRET_KEY=secrets.token_urlsafe(60),
                DATABASE_URL=database,
                REDIS_URL=os.environ["REDIS_URL"],
                REDIS_PREFIX=name,
                EMAIL_URL=office.url,
                DEFAULT_FROM_EMAIL="forum@council.example",
                MEDIA_ROOT=str(media),
            )
        )
        python = OLDEST if OLDEST.exists() else Path(sys.executable)
        _run([python, "-m", "venv", root / ".venv"], root)
        pip = [root / ".venv/bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--require-hashes", "-r", "requirements/base.txt"], root)
        site.manage("migrate", "-v", "0")
        site.manage("collectstatic", "--noinput", "-v", "0")
        site.thread = int(site.manage("shell", "-v", "0", "-c", PEOPLE).split()[-1])
        yield site


def _filled(example: str, **values: str) -> str:
    lines = []
    for line in example.splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={values.pop(name)}" if name in values else line)
    assert not values, f".env.example names none of {sorted(values)}"
    return "\n".join(lines) + "\n"


def _run(command, folder: Path):
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-2000:]}{done.stderr[-3000:]}"


@pytest.fixture(scope="session")
def units(shipped):
    return {
        "pages": Unit(shipped, "forum-pages"),
        "live_1": Unit(shipped, "forum-live@", str(shipped.live_1)),
        "live_2": Unit(shipped, "forum-live@", str(shipped.live_2)),
        "worker": Unit(shipped, "forum-worker"),
    }


@pytest.fixture(scope="session")
def site(shipped, units):
    """Everything runs. → an httpx client of a visitor, as a browser would come to https://forum.example."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    config = shipped.root.parent / "nginx.conf"
    config.write_text(shipped.text("nginx.conf"))
    for unit in units.values():
        unit.start()
    nginx = subprocess.Popen(["nginx", "-c", str(config), "-g", "daemon off;"])
    try:
        with shipped.browser() as visitor:
            wait_until(lambda: nginx.poll() is not None or visitor.get("/readyz").status_code == 200)
            assert nginx.poll() is None, "nginx did not start: its words are above."
            yield visitor
    finally:
        nginx.terminate()
        nginx.wait()
        for unit in units.values():
            if unit.process:
                unit.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

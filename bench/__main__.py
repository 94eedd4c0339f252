"""`make bench`: builds what is to be measured, measures it, prints a table and writes bench/results.json."""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).parent
VAR = HERE.parent / "var"
BUSY = 0.15  # of the machine's time taken by others: then figures are not to be trusted


def main():
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of load in each round")
    parser.add_argument("--only", nargs="*", default=[], help="pages, search, catch_up, replies, fanout, memory")
    parser.add_argument("--rebuild", action="store_true", help="build the database anew")
    options = parser.parse_args()

    VAR.mkdir(exist_ok=True)
    given, skipped = os.environ.get("DATABASE_URL", ""), []
    _set_environment(given, skipped)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from . import data

    if options.rebuild or not data.is_built():
        connection.close()
        _say("Building the bench's own database (once) …")
        _make_database(given, anew=True)
        data.build(lambda text: _say(f"  {text}"))
    call_command("collectstatic", interactive=False, verbosity=0)
    data.tidy()

    results = _measure(options, skipped)
    _print(results, skipped)
    if options.only:
        print("\nA part only: bench/results.json stays as it was.")
        return
    path = HERE / "results.json"
    path.write_text(
        json.dumps([asdict(result) | {"value": round(result.value, 3)} for result in results], indent=2) + "\n"
    )
    print(f"\nWritten: {path.relative_to(HERE.parent)}")


def _set_environment(given: str, skipped: list[str]):
    """Production's settings for this process and the servers, with a database of the bench's own."""
    os.environ["DATABASE_URL"] = _make_database(given, anew=False)
    if not _is_postgresql(given):
        skipped.append("PostgreSQL: DATABASE_URL is not set, so this is SQLite, for which there are no goals.")
    if os.environ.get("REDIS_URL"):
        os.environ["REDIS_PREFIX"] = "forum-bench"
    else:
        skipped.append(
            "fanout: REDIS_URL is not set, and without it the page server can't reach another process's sockets."
        )
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": "a-key-that-protects-nothing-but-the-sessions-of-the-bench",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "https://127.0.0.1",
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": "bench@council.example",
        "MEDIA_ROOT": str(Path(tempfile.gettempdir()) / "forum-bench-media"),
        "LOG_LEVEL": "WARNING",
    }


def _is_postgresql(address: str) -> bool:
    return address.startswith(("postgres", "pgsql"))


def _make_database(given: str, *, anew: bool) -> str:
    """→ the address of the bench's database: on PostgreSQL beside the one that is given, with `_bench` after its name.

    The given one is only connected to. `anew`: whatever the bench's database holds goes.
    """
    if not _is_postgresql(given):
        if anew:
            for file in VAR.glob("bench.sqlite3*"):
                file.unlink()
        return f"sqlite:///{VAR / 'bench.sqlite3'}"
    import psycopg

    address, mark, query = given.partition("?")
    server, _, name = address.rpartition("/")
    own = name if name.endswith("_bench") else f"{name}_bench"
    with psycopg.connect(given, autocommit=True) as connection:
        if anew:
            connection.execute(f'DROP DATABASE IF EXISTS "{own}"')
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [own]).fetchone():
            connection.execute(f'CREATE DATABASE "{own}"')
    return f"{server}/{own}{mark}{query}"


def _measure(options, skipped: list[str]):
    from . import measures, servers

    wanted = set(options.only) or {"pages", "search", "catch_up", "replies", "fanout", "memory"}
    has_redis = bool(os.environ.get("REDIS_URL"))
    log = VAR / "bench.log"
    results = []
    os.sched_setaffinity(0, {servers.CLIENT_CORE})
    if len(servers.CORES) < 2:
        skipped.append("Nothing, but server and client share the only core: figures are too low.")
    if (busy := servers.stolen()) > BUSY:
        skipped.append(f"Nothing, but others took {busy:.0%} of the machine when the bench began: figures are too low.")
    people = measures.cast()
    with servers.granian(servers.SERVER_CORE, log) as port:
        if "pages" in wanted:
            _say("Pages …")
            results += measures.pages(people, port, options.rounds, options.seconds)
            results += measures.unchanged(people, port, options.rounds, options.seconds)
            results += measures.first_reads(people, port)
            results += measures.ratios(people, port, options.rounds)
        if "search" in wanted:
            _say("Search …")
            results += measures.search(people, port)
        if "catch_up" in wanted:
            _say("Catching up …")
            results += measures.catch_up(people, port, options.rounds)
        if "replies" in wanted:
            _say("Replies …")
            results += measures.replies(people, port)
    if "memory" in wanted:
        _say("Memory …")
        with servers.daphne(servers.SERVER_CORE, log) as (live_port, live_pid):
            results += measures.memory_per_socket(people, live_port, live_pid)
    if "fanout" in wanted and has_redis:
        # Daphne has its core; the page server shares the other with the client, as far as it is awake at all.
        with (
            servers.daphne(servers.SERVER_CORE, log) as (live_port, _),
            servers.granian(servers.CLIENT_CORE, log) as port,
        ):
            for sockets in (100, 500, 1_000):
                _say(f"Fan-out to {sockets:,} sockets …")
                results += measures.fanout(people, port, live_port, sockets, posts=30)
    return results


def _print(results, skipped: list[str]):
    width = max(len(result.name) for result in results)
    print()
    for result in results:
        print(f"{result.name:<{width}}  {result.value:>10,.2f} {result.unit:<11} {result.conditions}")
    for line in skipped:
        print(f"Skipped: {line}")


def _say(text: str):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

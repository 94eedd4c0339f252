"""make mutate: mutates access.py and actions/ of each app, and prints the score of each file.

Ends with 1 where a mistake was not noticed and tests/mutation/explained.txt does not say why that is right.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from .mutants import ROOT

HERE = Path(__file__).parent
RESULTS = ROOT / "var" / "mutation"  # by app
APPS = ["lib", "members", "community", "events", "directory"]
# An app's own tests, and for lib those of the smallest app that uses it all.
TESTS = {app: [f"tests/{app}"] for app in APPS} | {
    "lib": ["tests/lib", "tests/events", "tests/members/test_profile.py"]
}


def files_of(app: str) -> list[str]:
    found = [ROOT / app / "access.py", ROOT / app / "actions.py", *sorted((ROOT / app / "actions").glob("*.py"))]
    return [str(path.relative_to(ROOT)) for path in found if path.is_file()]


def explained() -> dict[str, str]:
    """Why a mistake can't be noticed, by its key."""
    lines = (HERE / "explained.txt").read_text().splitlines()
    return dict(line.split(" :: ", 1) for line in lines if line and not line.startswith("#"))


def results(app: str) -> dict[str, dict]:
    """What the last runs found, by file."""
    path = RESULTS / f"{app}.json"
    return json.loads(path.read_text()) if path.is_file() else {}


def run(app: str, files: list[str], again: bool, tests: list[str]):
    """In a process of its own: pytest, with the files of one app and its tests."""
    import pytest

    from .running import Mutating

    before = results(app)
    plugin = Mutating(files, {key for file in files if again for key in before.get(file, {}).get("noticed", [])})
    code = pytest.main(
        ["-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=", *(tests or TESTS[app])], [plugin]
    )
    if code:
        sys.exit(code)
    for file, mutants in plugin.mutants.items():
        survivors = [[one.key, one.line] for one in plugin.survivors[file]]
        noticed = sorted({one.key for one in mutants} - {key for key, _ in survivors})
        before[file] = {"mutants": len(mutants), "noticed": noticed, "survivors": survivors}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{app}.json").write_text(json.dumps(before, indent=1))


def report(found: dict[str, dict]) -> bool:
    """→ whether every survivor is explained."""
    reasons = explained()
    print("\n| file | mutants | noticed | survivors explained | survivors | score |\n|---|--:|--:|--:|--:|--:|")
    for file, result in found.items():
        if not (count := result["mutants"]):
            continue
        survivors = [key for key, _ in result["survivors"]]
        known = sum(key in reasons for key in survivors)
        left = len(survivors) - known
        noticed = count - len(survivors)
        print(f"| {file} | {count} | {noticed} | {known} | {left} | {100 * (count - left) / count:.0f} % |")
    unexplained = [(key, line) for result in found.values() for key, line in result["survivors"] if key not in reasons]
    if unexplained:
        print("\nWhat no test noticed (with its line):")
        for key, line in unexplained:
            print(f"{line:4} {key}")
    return not unexplained


def main():
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("files", nargs="*", help="such as community/access.py; all of them without")
    parser.add_argument("--again", action="store_true", help="only what the last run did not notice, and what is new")
    parser.add_argument("--tests", nargs="*", default=[], help="only these, such as tests/events/test_register.py")
    parser.add_argument("--only", help=argparse.SUPPRESS)  # the app, in its own process
    given = parser.parse_args()
    if given.only:
        run(given.only, given.files, given.again, given.tests)
        return
    os.environ |= {"DJANGO_SETTINGS_MODULE": "cdoforum.settings.test"}
    for name in ("DATABASE_URL", "REDIS_URL"):  # a database in memory is copied with the process
        os.environ.pop(name, None)
    files = given.files or [file for app in APPS for file in files_of(app)]
    found = {}
    for app in APPS:
        if own := [file for file in files if file.split("/")[0] == app]:
            options = ["--only", app, *(["--again"] if given.again else []), "--tests", *given.tests]
            subprocess.run([sys.executable, "-m", "tests.mutation", *own, *options], cwd=ROOT, check=True)
            found |= {file: results(app)[file] for file in own}
    sys.exit(0 if report(found) else 1)


if __name__ == "__main__":
    main()

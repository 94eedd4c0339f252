"""The source of the project as the tests of its rules read it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ["lib", "cdoforum", "members", "community", "events", "directory"]
CODE = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py"))
OURS = [path for path in CODE if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TEXT_FILES = sorted(
    path
    for folder in [*APPS, "templates", "static", "tests", "docs", "bench", "deploy", "requirements", ".ci"]
    for path in (ROOT / folder).rglob("*")
    if path.is_file()
    and path.suffix in {".py", ".html", ".txt", ".toml", ".md", ".js", ".css", ".conf", ".service", ""}
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def fails(found: list[str], lesson: str):
    assert not found, "\n".join([lesson, *(f"  {one}" for one in found)])

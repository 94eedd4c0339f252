"""The demo's words: the TOML files beside this module, by the names of their tables."""

import re
import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


PRINTED = {"events", "pages", "spaces"}  # the editor's own words have proper quotation marks; people just type


def read(name: str) -> dict:
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return _typeset(content) if name in PRINTED else content


def threads() -> dict[str, list[dict]]:
    """The threads of each space, by the space's slug."""
    return {file.stem: read(f"threads/{file.stem}")["thread"] for file in sorted((FOLDER / "threads").glob("*.toml"))}


def _typeset(value: Any) -> Any:
    match value:
        case dict():
            return {key: _typeset(each) for key, each in value.items()}
        case list():
            return [_typeset(each) for each in value]
        case str():
            return re.sub(r'"(?=\w)', "“", value).replace('"', "”").replace("'", "’")
    return value

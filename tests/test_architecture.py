"""The rules by which this code is built (docs/architecture.md), each with a message that says what to do instead."""

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import get_resolver

from members.inbox.notices import NOTICES

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


# --- Only actions write ----------------------------------------------------------------------------

WRITES = {
    "save", "delete", "create", "acreate", "update", "aupdate", "get_or_create", "update_or_create", "bulk_create",
    "bulk_update",
    "set_password", "add_child", "add_sibling", "move", "copy",
}  # fmt: skip
# Where a name above means something else, or the writing is not of what the forum is about.
MAY_WRITE = {
    "actions": "actions are what writes",
    "demo": "the demo's content; it calls actions where there are any",
    "commands": "a command is run by an operator",
    "models": "managers make the objects that actions ask for",
    "members/inbox/announcing.py": "the book-keeping of telling people",
    "members/inbox/outbox.py": "the book-keeping of what is sent",
    "members/inbox/owed.py": "the book-keeping of what was missed",
    "members/inbox/reading.py": "the book-keeping of what was read",
    "members/sessions.py": "a session is no content",
    "members/allauth_adapter.py": "allauth's own hooks, which make and change accounts",
}
NOT_A_MODEL = {"actions", "context", "data", "fields", "hashlib", "headers", "initial", "response", "session", "vars()"}


def _writes(path: Path):
    for node in ast.walk(tree(path)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        owner = node.func.value
        name = ast.unparse(owner)
        if isinstance(owner, ast.Call) and name.startswith("super("):
            continue  # a method of a library that is overridden
        if name.rpartition(".")[2].strip("_") in NOT_A_MODEL or isinstance(owner, ast.Constant | ast.Dict):
            continue
        yield f"{named(path)}:{node.lineno}: {name}.{node.func.attr}(…)"


def _may_write(path: Path) -> bool:
    place = named(path)
    return any(place == name or name in Path(place).with_suffix("").parts for name in MAY_WRITE)


def test_only_actions_write():
    found = [line for path in OURS if not _may_write(path) for line in _writes(path)]
    fails(
        found,
        "Only functions in actions write to the database: there, one transaction locks, checks access, writes, and "
        "records the activity. Call an action from here instead:",
    )


INBOX_OF_ACTIONS = {"record", "record_unannounced", "settle", "forget_unreadable"}


def test_only_actions_tell_people():
    found = [
        f"{named(path)}:{node.lineno}: {ast.unparse(node.func)}(…)"
        for path in OURS
        if path.stem != "actions" and not {"actions", "inbox", "demo"} & set(path.parent.parts)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("inbox.") in INBOX_OF_ACTIONS
    ]
    fails(found, "What is recorded or settled belongs into the transaction of the action that did it:")


def _actions():
    for app in APPS:
        files = [ROOT / app / "actions.py", *(ROOT / app / "actions").glob("*.py")]
        for path in files:
            if path.exists():
                for node in tree(path).body:
                    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                        yield path, node


def _decorators(node) -> set[str]:
    return {ast.unparse(decorator).partition("(")[0] for decorator in node.decorator_list}


def _writing_actions():
    """The public functions in actions that write, apart from jobs and what erasing calls."""
    for path, node in _actions():
        writes = any(
            isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in WRITES | {"record"}
            for n in ast.walk(node)
        )
        if writes and not _decorators(node) & {"erases", "task"}:
            yield path, node


# --- An action takes what it needs by name, a step of one by place -----------------------------------


def test_actions_begin_alike():
    """@action opens the transaction, locks and re-reads who acts and what it is about, and takes the time."""
    found = [
        f"{named(path)}:{node.lineno}: {node.name}"
        for path, node in _writing_actions()
        if not node.args.args and "action" not in _decorators(node)
    ]
    fails(found, "Put @action above (members/actions/__init__.py); a step of other actions takes its things by place:")
    found = [
        f"{named(path)}:{node.lineno}: {node.name}"
        for path, node in _actions()
        if "action" in _decorators(node) and node.args.args
    ]
    fails(found, "Write `def action(*, …)`, so that every argument is named where the action is called:")


def test_actions_get_the_time_and_the_actor_from_their_beginning():
    own = ("timezone.now(", "lock_actor(")
    found = [
        f"{named(path)}:{node.lineno}: {node.name}"
        for path, node in _actions()
        if "action" in _decorators(node) and any(call in ast.unparse(node) for call in own)
    ]
    fails(found, "@action takes `now` and locks the actor: use its arguments:")


def _used_of_actions(path: Path):
    """(function, line) for each function of a module in actions that this file calls by the module's name."""
    modules = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == "actions"
        for alias in node.names
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield node.value.id, node.attr, node.lineno


def test_steps_are_called_only_inside_actions():
    steps = {(path.stem, node.name) for path, node in _writing_actions() if node.args.args}
    found = [
        f"{named(path)}:{line}: {module}.{name}"
        for path in OURS
        if "actions" not in path.parts and path.name != "actions.py"
        for module, name, line in _used_of_actions(path)
        if (module, name) in steps
    ]
    fails(found, "A step needs the transaction and the locks of an action. Call the action:")


def test_locks_are_taken_in_one_place():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in OURS
        if path != ROOT / "lib" / "locks.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "select_for_update"
    ]
    fails(found, "lib.locks.locked() refuses to run outside a transaction, and times out with a sentence:")


def test_actions_say_what_they_do():
    found = [f"{named(path)}:{node.lineno}: {node.name}" for path, node in _actions() if not ast.get_docstring(node)]
    fails(found, "An action's docstring says its effect and what it raises:")


# --- Files -----------------------------------------------------------------------------------------


def test_files_are_short():
    lengths = {path: path.read_text().count("\n") for path in [*OURS, *(ROOT / "tests").rglob("*.py")]}
    found = [f"{named(path)}: {lines} lines" for path, lines in lengths.items() if lines > 400]
    fails(found, "A file past 400 lines is split by noun (views/threads.py and views/posts.py):")


def test_no_file_is_called_utils():
    found = [named(path) for path in CODE if path.stem in {"utils", "helpers", "misc", "common"}]
    fails(found, "A file is called by what it is about; whatever is in utils.py belongs somewhere:")


def test_files_say_what_they_are_about():
    told = {path for path in OURS if ast.get_docstring(tree(path))}
    known = {"urls.py"}  # and commands, which say it in `help`
    quiet = [
        path
        for path in OURS
        if path not in told
        and path.name not in known
        and "commands" not in path.parts
        and path.read_text().count("\n") > 15
    ]
    fails([named(path) for path in quiet], "Begin the file with a sentence that says what is found in it:")


def test_no_error_is_swallowed():
    found = []
    for path in CODE:
        lines = path.read_text().splitlines()
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                is_bare = node.type is None
                is_broad = not is_bare and ast.unparse(node.type) in {"Exception", "BaseException"}
                if is_bare or (is_broad and "#" not in lines[node.lineno - 1]):
                    found.append(f"{named(path)}:{node.lineno}: {lines[node.lineno - 1].strip()}")
    fails(
        found, "Name the errors that are expected here; where every error is meant, say why in a comment on that line:"
    )


def test_nothing_depends_on_a_machine():
    patterns = re.compile(r"/work/|/home/(?!community/|events/)\w|/root/|shared/(?:design|stack|look|data)|C:\\\\Users")
    found = [
        f"{named(path)}:{number}: {line.strip()[:100]}"
        for path in [*TEXT_FILES, ROOT / "README.md", ROOT / "Makefile", ROOT / "pyproject.toml"]
        if path != Path(__file__) and path.exists()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if patterns.search(line)
    ]
    fails(found, "Another machine has other folders. Use a path inside the project, or the environment:")


# --- Pages -----------------------------------------------------------------------------------------


def test_templates_have_no_inline_script_or_style():
    """The policy of our pages (Content-Security-Policy) forbids them, so they would not work, either."""
    inline = r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=|javascript:"
    forbidden = re.compile(inline, re.IGNORECASE)
    found = []
    for path in TEMPLATES:
        if "emails" in path.parts:
            continue  # mail programs know no style sheets
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if forbidden.search(re.sub(r"\{#.*?#\}", "", line)):
                found.append(f"{named(path)}:{number}: {line.strip()[:100]}")
    fails(
        found,
        "Put it into static/js or static/css, and switch it on by a class or a data attribute:",
    )


def test_forms_that_post_carry_the_token_against_forgery():
    found = [
        named(path)
        for path in TEMPLATES
        for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL)
        if 'method="post"' in form.lower() and "csrf_token" not in form and path.name not in SIGNED_OTHERWISE
    ]
    fails(found, "Put {% csrf_token %} into each form that posts:")


SIGNED_OTHERWISE = {"mail_off.html"}  # the address of its page carries a signed token: mail programs post it, too


def _callbacks(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _callbacks(entry)
        else:
            yield entry.callback


@pytest.mark.parametrize("app", ["members", "community", "events", "directory"])
def test_every_view_has_an_address(app):
    """A public function of a views module is a page. What only helps is private, or lies elsewhere."""
    reached = {(callback.__module__, getattr(callback, "__name__", "")) for callback in _callbacks()}
    files = [path for path in [ROOT / app / "views.py", *(ROOT / app / "views").glob("*.py")] if path.exists()]
    found = []
    for path in files:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in tree(path).body:
            takes_request = isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request"
            is_public = takes_request and not node.name.startswith("_")
            if is_public and (module, node.name) not in reached and node.name not in HELPS_VIEWS.get(app, ()):
                found.append(f"{module}.{node.name}")
    fails(found, "Give it an address in urls.py, or begin its name with an underscore:")


# Public functions that take a request and are no page: other modules use them.
HELPS_VIEWS = {
    "community": {"preview"},
    "directory": {"chosen_in", "list_context"},
    "events": {"event_page"},
}


# --- Nothing lies about ----------------------------------------------------------------------------


def _texts(*folders: str, suffixes: set[str]) -> dict[Path, str]:
    return {
        path: path.read_text()
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in suffixes
    }


def test_every_component_is_used():
    texts = _texts(*APPS, "templates", suffixes={".py", ".html", ".txt"})
    found = [
        named(component)
        for component in TEMPLATES
        if component.parent.name == "components"
        and not any(f"components/{component.name}" in text for path, text in texts.items() if path != component)
    ]
    fails(found, "No page includes, extends or renders it; take it away, or use it:")


def test_every_style_sheet_and_every_module_is_used():
    texts = _texts(*APPS, "templates", "static", suffixes={".py", ".html", ".css", ".js"})
    found = [
        named(path)
        for path in texts
        if path.suffix in {".css", ".js"}
        and not any(re.search(rf"[/'\"]{re.escape(path.name)}\b", text) for one, text in texts.items() if one != path)
    ]
    fails(found, "No page loads it, and nothing imports it; take it away, or link it in base.html or a module:")


def test_every_document_that_is_named_exists():
    found = []
    for path in [*TEXT_FILES, ROOT / "README.md", ROOT / "Makefile"]:
        text = path.read_text(errors="replace")
        named_here = {ROOT / place for place in re.findall(r"\bdocs/[\w./-]+\.md\b", text)}
        if path.suffix == ".md":
            named_here |= {path.parent / place for place in re.findall(r"\]\(([\w./-]+\.md)", text)}
        found += [f"{named(path)}: {place}" for place in sorted(named_here) if not place.exists()]
    fails(found, "Name the document that says it now, or write it:")


# --- Telling people --------------------------------------------------------------------------------


def _strings(node) -> set[str]:
    return {n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _begins_a_verb(node) -> bool:
    """f"introduction.{status}": a verb for each status."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else None
    return isinstance(first, ast.Constant) and re.fullmatch(r"[a-z]+\.", str(first.value)) is not None


def test_every_verb_is_recorded_somewhere_and_every_recorded_verb_is_declared():
    used, in_calls, made_up = set(), set(), set()
    for path in OURS:
        if path.stem == "notifications" or "inbox" in path.parts:
            continue
        used |= _strings(tree(path))
        made_up |= {node.values[0].value for node in ast.walk(tree(path)) if _begins_a_verb(node)}
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {
                "record",
                "record_unannounced",
            }:
                in_calls |= _strings(node.args[0]) if node.args else set()
    unused = {verb for verb in set(NOTICES) - used if not verb.startswith(tuple(made_up))}
    fails(sorted(unused), "No action records this verb; take it out of notifications.py, or record it:")
    fails(
        sorted(verb for verb in in_calls if re.fullmatch(r"\w+\.\w+", verb) and verb not in NOTICES),
        "Write a Notice that says who is told of it, or call it silent:",
    )


def test_verbs_are_a_noun_and_what_happened_to_it():
    fails([verb for verb in NOTICES if not re.fullmatch(r"[a-z_]+\.[a-z_]+", verb)], 'A verb is "noun.past":')


def test_every_mail_has_its_three_files_and_is_sent():
    folders = sorted(path for path in (ROOT / "templates" / "emails").iterdir() if path.is_dir())
    whole = {"subject.txt", "body.txt", "body.html"}
    fails([path.name for path in folders if {file.name for file in path.iterdir()} != whole], f"A mail has {whole}:")
    sent = {notice.template for notice in NOTICES.values() if notice.template}
    mentioned = set().union(*(_strings(tree(path)) for path in OURS))
    fails([path.name for path in folders if path.name not in sent | mentioned], "Nothing sends this mail:")
    fails(sorted(sent - {path.name for path in folders}), "This mail of a Notice has no templates:")


def test_every_template_of_a_mail_extends_the_frame():
    found = [
        named(path)
        for path in (ROOT / "templates" / "emails").rglob("body.*")
        if not path.read_text().startswith('{% extends "emails/base.')
    ]
    fails(found, "Begin with {% extends %}: the frame says who sends it, and how to switch it off:")


# --- Layers inside an app --------------------------------------------------------------------------


def test_notices_of_every_app_are_registered():
    for app in ("members", "community", "events", "directory"):
        import_module(f"{app}.notifications")
        assert any(type(notice).__module__.startswith(f"{app}.notifications") for notice in NOTICES.values()), app


def test_no_settings_are_read_from_a_module():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in OURS
        if "settings" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cdoforum.settings")
    ]
    fails(found, "Use django.conf.settings, which knows in which environment this runs:")

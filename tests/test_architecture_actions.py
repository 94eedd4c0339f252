"""Only actions write, and all of them begin alike (docs/architecture.md), each with a message that says what to do."""

import ast
from pathlib import Path

from tests.source import APPS, OURS, ROOT, fails, named, tree

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
    "members/inbox/attempts.py": "the book-keeping of what is tried",
    "members/inbox/letters.py": "the book-keeping of what is owed to an address",
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


# --- Rights ----------------------------------------------------------------------------------------

# Who may do what is decided in access.py. These say what the state of a thing, or an account, forbids to anybody.
MAY_DENY = {
    "members/actions/__init__.py", "members/actions/accounts.py", "members/actions/erasure.py",
    "members/actions/verification.py", "events/actions/seats.py", "directory/actions/introductions.py",
    "directory/actions/listings.py", "directory/rules/states.py", "lib/locks.py",
}  # fmt: skip


def test_rights_are_decided_in_access():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in OURS
        if path.name != "access.py" and named(path) not in MAY_DENY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and node.exc is not None and "Denied(" in ast.unparse(node.exc)
    ]
    fails(found, "Write a check in the app's access.py, and call it from here:")

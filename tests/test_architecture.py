"""The rules by which this code is built (docs/architecture.md), each with a message that says what to do instead."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.urls import get_resolver

from members.inbox.notices import NOTICES
from tests.source import APPS, CODE, OURS, ROOT, TEMPLATES, TEXT_FILES, fails, named, tree

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


# --- Imports ---------------------------------------------------------------------------------------

# pyproject.toml has the layers, which lint-imports checks. What they can't say:
INLINE_IMPORTS = {
    "apps.py": "an app imports what registers itself when Django is ready",
    "address_confirmation.py": "allauth's modules import each other, and are not there yet in the worker",
}


def test_imports_stand_at_the_top():
    found = [
        f"{named(path)}:{node.lineno}"
        for path in OURS
        if path.name not in INLINE_IMPORTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset
    ]
    fails(found, "Import at the top; if that can't be, say why in INLINE_IMPORTS:")


def test_models_import_no_forms():
    found = [
        f"{named(path)}:{node.lineno}: {node.module}"
        for path in OURS
        if "models" in path.with_suffix("").parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and {"forms", "page_form", "views"} & set((node.module or "").split("."))
    ]
    fails(found, "A form is for a page; set base_form_class beside the form, as events/cms/page_form.py does:")

"""Mutants: a file with one small mistake each, and how it gets into the modules that are loaded already."""

import ast
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators, operator_arg_removal, operator_string
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).resolve().parents[2]

# Calls whose arguments are no rule: the sentence of a refusal, what is for speed only, names of types,
# and how often something is tried.
LEFT_ALONE = {"Denied", "Http404", "ValidationError", "select_related", "prefetch_related", "only", "defer"}
LEFT_ALONE |= {"ParamSpec", "TypeVar", "range"}
# Arguments that are no rule: whether a callback that fails stops the next one; and whether save() writes a row that is
# locked, and was read just now, in whole or in part. What update_fields names is changed all the same.
NO_RULE = {"robust", "update_fields"}


# --- Mistakes that mutmut does not make --------------------------------------------------------------


def _names_only(node: cst.BaseString) -> Iterator[cst.CSTNode]:
    """A field or a status, once; sentences are what the tests of pages look at."""
    if isinstance(node, cst.SimpleString) and " " not in node.raw_value:
        yield from list(operator_string(node))[:1]


def _forget(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
    """A check that is not asked, a write that does not happen, a way out that is not taken."""
    match node.body[0]:
        case cst.Expr(value=cst.Call()) | cst.Raise() | cst.Return(value=None) | cst.AugAssign():
            yield node.with_changes(body=[cst.Pass()])


def _always_and_never(node: cst.If | cst.CompIf) -> Iterator[cst.CSTNode]:
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    for operator, literal in ((cst.And(), "False"), (cst.Or(), "True")):
        yield node.with_changes(test=cst.BooleanOperation(test, operator, cst.Name(literal)))


def _either_side(node: cst.BooleanOperation | cst.BinaryOperation) -> Iterator[cst.CSTNode]:
    if isinstance(node.operator, cst.And | cst.Or | cst.BitAnd | cst.BitOr):
        for side in (node.left, node.right):
            yield side.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _fewer_arguments(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Without each argument, which None in its place is not: that fails anywhere."""
    keywords = [argument.keyword.value if argument.keyword else "" for argument in node.args]
    if len(node.args) == 1 and keywords[0]:
        fewer = [node.with_changes(args=[])]
    else:
        fewer = [call for call in operator_arg_removal(node) if len(call.args) < len(node.args)]
    yield from (call for call, keyword in zip(fewer, keywords, strict=False) if keyword not in NO_RULE)


OPERATORS = [
    *((kind, make) for kind, make in mutation_operators if make not in {operator_arg_removal, operator_string}),
    (cst.BaseString, _names_only),
    (cst.SimpleStatementLine, _forget),
    (cst.If, _always_and_never),
    (cst.CompIf, _always_and_never),
    (cst.BooleanOperation, _either_side),
    (cst.BinaryOperation, _either_side),
    (cst.Call, _fewer_arguments),
]


class Visitor(MutationVisitor):
    """mutmut's, which goes into decorated functions, too: every action is one."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.FunctionDef():
                return False
            case cst.Decorator():  # an action's says what is locked; another's runs once, as the module is loaded
                return not (isinstance(node.decorator, cst.Call) and _name(node.decorator.func) == "action")
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name("__all__"))]):
                return True
            case cst.Arg(keyword=cst.Name("robust")):
                return True
            case cst.Param() | cst.ClassDef() | cst.Import() | cst.ImportFrom():
                return True
            case cst.Call() if _name(node.func) in LEFT_ALONE | {"logger"}:
                # What it is called on is looked at all the same.
                if isinstance(node.func, cst.Attribute):
                    node.func.value.visit(self)
                return True
        return super()._skip_node_and_children(node)


def _name(node: cst.CSTNode) -> str:
    if isinstance(node, cst.Attribute):
        is_logging = isinstance(node.value, cst.Name) and node.value.value == "logger"
        return "logger" if is_logging else node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


# --- One file's mutants ------------------------------------------------------------------------------


@dataclass
class Mutant:
    file: str
    line: int
    last_line: int
    function: str  # by its qualified name; empty on the level of the module
    decorates: bool
    names: list[str]  # what an assignment on the level of the module gives a value to
    before: str
    after: str
    source: str

    def __str__(self):
        return f"{self.file}:{self.line} {self.function or 'module'}: {self.before} → {self.after}"

    @property
    def key(self) -> str:
        """By which an explanation names it: without its line, which moves."""
        return f"{self.file} {self.function or 'module'}: {self.before} → {self.after}"

    @cached_property
    def code(self) -> CodeType:
        return compile(self.source, str(ROOT / self.file), "exec")

    def apply(self, functions: list[FunctionType]):
        """Puts the mistake into the module as it is loaded, and into its functions, which others have imported."""
        module = import_module(self.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        if self.function and not self.decorates:
            for function in functions:
                if function.__code__.co_qualname.replace(".<locals>", "") == self.function:
                    function.__code__ = self._code_for(function)
            return
        loaded = dict(vars(module))
        exec(self.code, loaded)
        for name in self.names:
            setattr(module, name, loaded[name])
        if self.decorates:
            for cell, new in zip(
                getattr(module, self.function).__closure__, loaded[self.function].__closure__, strict=True
            ):
                cell.cell_contents = new.cell_contents

    def _code_for(self, function: FunctionType) -> CodeType:
        """The function's new code, made to take all that it has of functions around it: the mistake may take less."""
        tree = ast.parse(self.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == function.__code__.co_name:
                node.body += [ast.parse(f"if False: {name}").body[0] for name in function.__code__.co_freevars]
        codes = _codes(compile(tree, str(ROOT / self.file), "exec"))
        return next(code for code in codes if code.co_qualname == function.__code__.co_qualname)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def functions_of(file: str) -> list[FunctionType]:
    """All that are loaded, also where a decorator has hidden them."""
    path = str(ROOT / file)
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename == path]


def mutants_of(file: str) -> list[Mutant]:
    source = (ROOT / file).read_text()
    wrapper = MetadataWrapper(cst.parse_module(source))
    positions, parents = wrapper.resolve(PositionProvider), wrapper.resolve(ParentNodeProvider)
    visitor = Visitor(OPERATORS, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    found = {}
    for mutation in visitor.mutations:
        node, new = mutation.original_node, mutation.mutated_node
        function, decorates, names = _place(node, parents)
        mutated = wrapper.module.deep_replace(node, new).code
        if not function and not names:
            continue
        place = positions[node]
        before, after = _difference(source, mutated)
        found[mutated] = Mutant(
            file, place.start.line, place.end.line, function, decorates, names, before, after, mutated
        )
    return sorted(found.values(), key=lambda mutant: mutant.line)


def _place(node: cst.CSTNode, parents) -> tuple[str, bool, list[str]]:
    """The function it is in, whether it decorates that, and the names it gives values to outside of all functions."""
    path, decorates, names = [], False, []
    while node := parents.get(node):
        match node:
            case cst.FunctionDef() | cst.ClassDef():
                path.append(node.name.value)
            case cst.Decorator():
                decorates = True
            case cst.Assign():
                names = [target.target.value for target in node.targets if isinstance(target.target, cst.Name)]
            case cst.AnnAssign(target=cst.Name()):
                names = [node.target.value]
    return ".".join(reversed(path)), decorates, [] if path else names


def _difference(source: str, mutated: str) -> tuple[str, str]:
    """What was there and what is there now, of the lines that differ, each in one line."""
    old, new = source.splitlines(), mutated.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return " ".join(" ".join(old).split()), " ".join(" ".join(new).split())

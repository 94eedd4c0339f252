"""Queries that nearly every request asks: turned into SQL when a process first asks them, then only executed.

A query over three joined tables takes PostgreSQL 0.2 ms, and Django 2 ms to put into words
(docs/decisions/0006-where-the-time-goes.md).
"""

from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet, Value
from django.db.models.query import ModelIterable


class Slot(Value):
    """Stands in a compiled query for a value that is given when the query is asked."""

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Compiled:
    """A query with slots, written as a function that makes a queryset from them:

    member_called = Compiled(lambda handle: Member.objects.filter(handle=handle), handle=SlugField())
    member_called(handle="ada-okafor")  # → a Member, or None
    """

    def __init__(self, build: Callable[..., QuerySet], **fields):
        self.build = build
        self.slots = {name: Slot(name, output_field=field) for name, field in fields.items()}
        self.compilers: dict[str, tuple] = {}  # by the kind of database: the tests know two

    def __call__(self, **values) -> Any:
        connection = connections[DEFAULT_DB_ALIAS]
        if not all(_fits(self.slots[name].output_field, value, connection) for name, value in values.items()):
            return None
        if connection.vendor not in self.compilers:
            self.compilers[connection.vendor] = self._compile(connection)
        compiler, sql, params = self.compilers[connection.vendor]
        given = [
            param.output_field.get_db_prep_value(values[param.value], connection) if isinstance(param, Slot) else param
            for param in params
        ]
        compiler = copy(compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **kwargs: (sql, given)
        query: Any = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: QuerySet = QuerySet(self.model, query=query, using=connection.alias)
        return next(iter(ModelIterable(asked)), None)

    def _compile(self, connection) -> tuple:
        found = self.build(**self.slots)
        self.model = found.model
        compiler = found.query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        compiler.connection = None  # each thread brings its own
        return compiler, sql, params


def _fits(field, value, connection) -> bool:
    """Whether the database can hold this number: no row has one that it can't."""
    if not isinstance(value, int):
        return True
    least, most = connection.ops.integer_field_range(field.get_internal_type())
    return least <= value <= most

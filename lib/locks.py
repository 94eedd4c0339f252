"""Locks on rows, held until the transaction ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection
from django.db.models import Model, QuerySet
from django.db.transaction import TransactionManagementError

from .access import Denied

Row = TypeVar("Row", bound=Model)


class Busy(Denied):
    """Somebody else held a lock for too long: 20 seconds on SQLite, 10 on PostgreSQL (settings: DATABASES)."""

    status = 503

    def __init__(self):
        super().__init__("This is being changed by someone else right now. Nothing is lost: try again in a minute.")


def locked(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The same rows, which nobody else changes from when they are read until the transaction ends.

    Only the rows themselves: what they are joined with comes as it was before the wait on PostgreSQL. Rows that point
    to them can still be added. Raises TransactionManagementError outside of a transaction, on SQLite, too.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock needs a transaction: take it inside an @action.")
    return rows.select_for_update(of=("self",), no_key=True)


@contextmanager
def sentence_for_a_timeout() -> Iterator[None]:
    """Raises Busy for a lock that did not come in time."""
    try:
        yield
    except OperationalError as error:
        if "lock timeout" in str(error) or "database is locked" in str(error):
            raise Busy from error
        raise

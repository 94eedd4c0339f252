"""Introductions, each led to its status by those who decide about it."""

import uuid
from datetime import datetime

from directory.actions import introductions as actions
from directory.models import Introduction

from . import content
from .history import History

# For each status: the days before it was reached at which the request was sent, and forwarded.
SENT_BEFORE = {"returned": 2, "rejected": 2, "forwarded": 1.5, "withdrawn": 6, "expired": 24}
FORWARDED_BEFORE = {"accepted": 4, "declined": 4, "not_now": 4, "withdrawn": 4, "expired": 22}
ANSWERED_SENT_BEFORE = 6


def plan(history: History):
    rows = content.read("introductions")
    for row in rows["introduction"]:
        Request(history, row).plan(history)
    for row in rows["letter"]:
        history.add(history.ago(row["days_ago"]), _write_to_supplier, history, row)


class Request:
    """One request of a supplier: what has become of it so far."""

    def __init__(self, history: History, row: dict):
        self.history, self.row = history, row
        self.introduction: Introduction | None = None

    def plan(self, history: History):
        row, status, reached = self.row, self.row["status"], self.row["days_ago"]
        forwarded = FORWARDED_BEFORE.get(status)
        sent = SENT_BEFORE.get(status, ANSWERED_SENT_BEFORE if forwarded else 0)
        history.add(history.ago(reached + sent, of=row["purpose"] if sent else ""), self.ask, send=status != "draft")
        if forwarded:
            history.add(history.ago(reached + forwarded), self.forward)
        moves = {
            "forwarded": self.forward,
            "returned": self.return_,
            "rejected": self.reject,
            "accepted": self.accept,
            "declined": self.decline,
            "not_now": self.not_now,
            "withdrawn": self.withdraw,
            "expired": self.expire,
        }
        if status in moves:
            history.add(history.ago(reached), moves[status])

    @property
    def mo(self):
        return self.history.members["mo"]

    @property
    def officer(self):
        return self.history.members[self.row["to"]]

    def ask(self, *, send: bool, now: datetime):
        self.introduction = actions.ask(
            actor=self.history.members[self.row["by"]],
            listing=self.officer.officer_listing,
            purpose=self.row["purpose"],
            message=self.row["message"],
            token=uuid.uuid4(),
            send=send,
            now=now,
        )

    def forward(self, *, now: datetime):
        actions.forward(actor=self.mo, introduction=self.introduction, now=now)

    def return_(self, *, now: datetime):
        actions.return_(actor=self.mo, introduction=self.introduction, reason=self.row["reason"], now=now)

    def reject(self, *, now: datetime):
        actions.reject(actor=self.mo, introduction=self.introduction, reason=self.row["reason"], now=now)

    def accept(self, *, now: datetime):
        actions.accept(actor=self.officer, introduction=self.introduction, words=self.row["answer"], now=now)

    def decline(self, *, now: datetime):
        actions.decline(actor=self.officer, introduction=self.introduction, words=self.row["answer"], now=now)

    def not_now(self, *, now: datetime):
        actions.not_now(actor=self.officer, introduction=self.introduction, words=self.row["answer"], now=now)

    def withdraw(self, *, now: datetime):
        actions.withdraw(actor=self.history.members[self.row["by"]], introduction=self.introduction, now=now)

    def expire(self, *, now: datetime):
        """As the worker does it, with every request whose time is over."""
        actions.expire_due(now)


def _write_to_supplier(history: History, row: dict, *, now: datetime):
    actions.ask_supplier(
        actor=history.members[row["by"]],
        listing=history.organisations[row["to"]].listing,
        purpose=row["purpose"],
        message=row["message"],
        token=uuid.uuid4(),
        now=now,
    )

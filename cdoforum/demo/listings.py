"""The directory: what suppliers and officers say of themselves."""

from datetime import datetime, timedelta

from directory.actions import listings, officer_listings
from directory.models import SupplierListing

from . import content
from .history import History

WRITTEN_AFTER = 4  # days since its writer joined
DECIDED_AFTER = timedelta(days=2)
OFFICERS_AFTER = 12  # days since the officer joined


def plan(history: History):
    joined = {row["key"]: row["joined_days_ago"] for row in content.read("members")["member"]}
    writers: dict[str, str] = {}
    for row in content.read("members")["member"]:
        if row["standing"] == "supplier":
            writers.setdefault(row["organisation"], row["key"])
    directory = content.read("listings")
    for row in directory["supplier_listing"]:
        key = writers[row["supplier"]]
        submitted = history.ago(row.get("days_ago", joined[key] - WRITTEN_AFTER), of=row["supplier"])
        history.add(submitted, _submit, history, key, row)
        if row["status"] != "submitted":
            history.add(submitted + DECIDED_AFTER, _decide, history, row)
    for row in directory["officer_listing"]:
        history.add(history.ago(joined[row["member"]] - OFFICERS_AFTER, of=row["member"]), _opt_in, history, row)


def _submit(history: History, key: str, row: dict, *, now: datetime):
    text = {name: row[name] for name in [*SupplierListing.TEXTS, "topics"] if name in row}
    text["website"] = history.organisations[row["supplier"]].website
    listings.save(actor=history.members[key], text=text, send=True, now=now)


def _decide(history: History, row: dict, *, now: datetime):
    mo = history.members["mo"]
    listing = SupplierListing.objects.get(supplier=history.organisations[row["supplier"]])
    if row["status"] == "approved":
        listings.approve(actor=mo, listing=listing, now=now)
    else:
        listings.return_(actor=mo, listing=listing, reason=row["reason"], now=now)


def _opt_in(history: History, row: dict, *, now: datetime):
    texts = {name: row[name] for name in ("works_on", "open_to", "topics", "show_name", "accepts")}
    officer_listings.opt_in(actor=history.members[row["member"]], **texts, now=now)

"""The public register of UK local authorities, read into our organisations."""

import csv
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from members import inbox
from members.actions import NOW, action
from members.actions.organisations import checked_domains, free_slug, set_domains
from members.actions.verification import verify_waiting
from members.models import Organisation

# Column of the register → field of ours
COLUMNS = {
    "official-name": "name",
    "nice-name": "short_name",
    "gss-code": "gss_code",
    "nation": "nation",
    "region": "region",
    "local-authority-type-name": "authority_type",
    "end-date": "closed_on",
}
KEY = "local-authority-code"
DOMAINS = "email-domains"


class WrongFile(Exception):
    """The file is not the register: `str()` says in what."""


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    verified: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)  # row of the file, why
    kept: list[tuple[str, list[str]]] = field(default_factory=list)  # organisation, domains that the file doesn't name


class _Undo(Exception):
    pass


@action()
def import_authorities(*, lines: Iterable[str], dry_run: bool = False, now: datetime = NOW) -> Report:
    """Creates or updates a public body for each row, found by its code. Safe to run again.

    A row that makes no sense is skipped, and stands in the report with its number in the file (the head is row 1). An
    organisation added by hand, without a code but of the same name, is taken for the same. E-mail domains are
    added, and none is taken away. Raises WrongFile when a needed column is missing. With `dry_run` nothing is kept.
    """
    rows = csv.DictReader(lines)
    missing = [name for name in (KEY, *COLUMNS) if name not in (rows.fieldnames or [])]
    if missing:
        raise WrongFile(f"This file has no column {', '.join(missing)}.")
    report = Report()
    try:
        with transaction.atomic():
            _import(rows, report, now)
            if dry_run:
                raise _Undo
    except _Undo:
        pass
    except csv.Error as error:
        raise WrongFile(f"Row {rows.line_num} can’t be read as CSV: {error}.") from error
    return report


def _import(rows, report: Report, now: datetime):
    bodies = list(Organisation.objects.filter(kind=Organisation.Kind.PUBLIC_BODY))
    by_code = {body.authority_code: body for body in bodies}
    by_name = {body.name.casefold(): body for body in bodies if not body.authority_code}
    seen: dict[str, int] = {}
    created, updated, with_domains = [], [], []
    for number, row in enumerate(rows, start=2):
        try:
            code, values = _read(row)
            if code in seen:
                raise ValidationError(f"The code {code} stands in row {seen[code]}, too.")
            found = by_code.get(code) or by_name.get(values["name"].casefold())
            is_new = found is None
            # A copy: a row that turns out to be bad must leave no trace for a later row to find.
            body = (
                copy(found)
                if found
                else Organisation(kind=Organisation.Kind.PUBLIC_BODY, slug=free_slug(values["short_name"]))
            )
            changed = [name for name, value in values.items() if getattr(body, name) != value]
            for name in changed:
                setattr(body, name, values[name])
            body.clean_fields()
            domains = checked_domains(body, row.get(DOMAINS, "").split())
        except ValidationError as error:
            report.skipped.append((number, " ".join(error.messages)))
            continue
        seen[code] = number
        by_name.pop(values["name"].casefold(), None)
        if is_new:
            body.save()
        else:
            body.save(update_fields=changed)
        changed_domains = bool(domains) and _add_domains(body, domains, report)
        if is_new:
            created.append(body)
        elif changed or changed_domains:
            updated.append(body)
        else:
            report.unchanged += 1
        if changed_domains:
            with_domains.append(body)
    report.created, report.updated = len(created), len(updated)
    inbox.record_unannounced("organisation.added", actor=None, targets=created, now=now)
    inbox.record_unannounced("organisation.changed", actor=None, targets=updated, now=now)
    for body in with_domains:
        report.verified += verify_waiting(organisation=body, now=now)


def _add_domains(body: Organisation, domains: list[str], report: Report) -> bool:
    """What moderators typed by hand stays, and is named in the report. → whether there is a new domain."""
    by_hand = set(body.email_domains.values_list("domain", flat=True)) - set(domains)
    if by_hand:
        report.kept.append((body.short_name, sorted(by_hand)))
    return set_domains(body, [*domains, *by_hand])


def _read(row: dict) -> tuple[str, dict]:
    """One row of the file → code and values. Raises ValidationError."""
    if None in row:
        raise ValidationError("There are more cells than columns.")
    if None in row.values():
        raise ValidationError("There are fewer cells than columns.")
    values = {ours: row[theirs].strip() for theirs, ours in COLUMNS.items()}
    code = row[KEY].strip()
    if not code or not values["name"]:
        raise ValidationError("The code or the official name is missing.")
    values["authority_code"] = code
    values["short_name"] = values["short_name"] or values["name"]
    try:
        values["closed_on"] = date.fromisoformat(values["closed_on"]) if values["closed_on"] else None
    except ValueError as error:
        raise ValidationError(f"The end date {values['closed_on']} is not a date such as 2023-03-31.") from error
    return code, values

"""Organisations and members: who looks after the forum, who joined when, and when they last looked in."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from community import queries
from community.actions import reading
from members import inbox
from members.actions import accounts, organisations, settings, sign_up, verification
from members.models import Member, Organisation

from . import content
from .history import History

PASSWORD = "forum-demo-2026"  # noqa: S105 (the README names it)
SIGN_INS = ("ada", "ben", "cleo", "sal", "eve", "mo", "admin")
SUPPLIER_VERIFIED_AFTER = timedelta(days=1)
NATIONS = {"E": "England", "N": "Northern Ireland", "S": "Scotland", "W": "Wales"}
# The days since each of them last read the community: what was posted since then is new to them.
LAST_READ = {"ada": 0.6, "ben": 0.3, "cleo": 0.9, "sal": 1.5, "eve": 0.8, "mo": 0.35, "admin": 3}
INBOXES_READ = 4  # days since everybody last went through their inbox


def plan(history: History):
    rows = content.read("members")["member"]
    history.add(history.ago(432), _found, history, {row["key"]: row for row in rows})
    for row in rows:
        if "groups" not in row and not row.get("administrator"):
            joined = history.ago(row["joined_days_ago"], of=row["key"])
            history.add(joined, _join, history, row)
            if row["standing"] == "supplier":
                history.add(joined + SUPPLIER_VERIFIED_AFTER, _verify_supplier_member, history, row)
    history.add(history.ago(INBOXES_READ), _read_inboxes)
    for key, days in LAST_READ.items():
        history.add(history.ago(days), _read_threads, history, key)
    history.add(history.now, _set_password)


def sign_ins() -> list[tuple[str, str]]:
    """(address, what they are in the forum)"""
    rows = {row["key"]: row for row in content.read("members")["member"]}
    roles = {"ada": "officer", "ben": "officer", "cleo": "newcomer", "sal": "supplier member"}
    roles |= {"eve": "editor", "mo": "moderator", "admin": "administrator"}
    return [(rows[key]["email"], roles[key]) for key in SIGN_INS]


def _found(history: History, rows: dict[str, dict], *, now: datetime):
    """The administrator, who makes the accounts of the moderator and the editor; and the organisations."""
    row = rows["admin"]
    admin = Member.objects.create_superuser(row["email"], name=row["name"], job_title=row["job_title"])
    EmailAddress.objects.create(user=admin, email=admin.email, verified=True, primary=True)
    history.members["admin"] = admin
    for key, row in rows.items():
        if "groups" in row:
            values = {name: row[name] for name in ("email", "name", "job_title")} | {"is_superuser": False}
            groups = Group.objects.filter(name__in=row["groups"])
            member = accounts.add_member(actor=admin, values=values, groups=groups, now=now)
            history.members[key] = settings.change_profile(actor=member, bio=row["bio"], now=now)
    Member.objects.update(date_joined=now)
    for kind, names in {"public_body": "public_body", "supplier": "supplier"}.items():
        for row in content.read("organisations")[names]:
            history.organisations[row["slug"]] = _add_organisation(admin, kind, row, now)
    Organisation.objects.update(created_at=now)


def _add_organisation(admin: Member, kind: str, row: dict, now: datetime) -> Organisation:
    values = {"kind": kind, "short_name": row["name"]} | {
        name: row[name] for name in organisations.FIELDS if name in row
    }
    if kind == Organisation.Kind.SUPPLIER:
        return organisations.add(actor=admin, values=values, now=now)
    values |= {"authority_code": row["code"], "nation": NATIONS[row["gss_code"][0]]}
    return organisations.add(actor=admin, values=values, domains=row["email_domains"], now=now)


def _join(history: History, row: dict, *, now: datetime):
    """Signs up and confirms the address: which makes officers of those with the address of a public body."""
    organisation = history.organisations[row["organisation"]].name if "organisation" in row else row["claims"]
    member = sign_up.sign_up(
        email=row["email"],
        password=None,
        name=row["name"],
        job_title=row["job_title"],
        organisation=organisation,
        now=now,
    )
    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    Member.objects.filter(pk=member.pk).update(date_joined=now)
    member = verification.confirm_address(member=member, address=member.email, now=now)
    if "bio" in row:
        member = settings.change_profile(actor=member, bio=row["bio"], now=now)
    history.members[row["key"]] = member


def _verify_supplier_member(history: History, row: dict, *, now: datetime):
    history.members[row["key"]] = verification.verify_supplier_member(
        actor=history.members["mo"],
        member=history.members[row["key"]],
        organisation=history.organisations[row["organisation"]],
        now=now,
    )


def _read_inboxes(*, now: datetime):
    for member in Member.objects.filter(unread_count__gt=0):
        inbox.mark_read(member, now=now)


def _read_threads(history: History, key: str, *, now: datetime):
    viewer = Member.objects.for_session().get(pk=history.members[key].pk)
    for thread in queries.with_unread(viewer, queries.threads(viewer), now=now):
        if thread.unread_count:
            reading.mark_read(reader=viewer, thread=thread, number=thread.post_count, now=now)


def _set_password(*, now: datetime):
    """One hash for all of them: a good hash takes its time, and this is no secret."""
    Member.objects.update(password=make_password(PASSWORD))

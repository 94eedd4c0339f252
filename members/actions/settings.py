"""What members change about themselves."""

from datetime import datetime

from lib import text
from lib.validation import all_errors
from members import inbox
from members.actions import NOW, action
from members.models import Member

PROFILE = {
    "name": (text.clean_line, "Write your name."),
    "job_title": (text.clean_line, "Write your job title."),
    "bio": (text.clean_text, ""),
}
MAIL = ("mail_replies", "mail_mentions", "mail_events", "mail_introductions")


@action()
def change_profile(
    *, actor: Member, name: str | None = None, job_title: str | None = None, bio: str | None = None, now: datetime = NOW
) -> Member:
    """Sets what is given of name, job title and bio. Raises Denied, ValidationError."""
    given = {"name": name, "job_title": job_title, "bio": bio}
    cleaned = {}
    with all_errors() as check:
        for field, (clean, needed) in PROFILE.items():
            if given[field] is not None:
                limit = Member._meta.get_field(field).max_length
                cleaned[field] = check(clean, given[field], field=field, limit=limit, needed=needed)
    return _change(actor, cleaned, "member.profile_changed", now)


@action(while_suspended=True)  # the link in a mail works then, too
def choose_mail(*, actor: Member, now: datetime = NOW, **wanted: bool) -> Member:
    """Switches the named kinds of e-mail on or off: choose_mail(actor=…, mail_replies=False). The others stay."""
    assert wanted.keys() <= set(MAIL), wanted
    return _change(actor, wanted, "member.mail_chosen", now)


def _change(member: Member, values: dict, verb: str, now: datetime) -> Member:
    changed = sorted(name for name, value in values.items() if getattr(member, name) != value)
    if not changed:
        return member
    for name in changed:
        setattr(member, name, values[name])
    member.save(update_fields=changed)
    inbox.record(verb, actor=member, target=member, now=now, fields=changed)
    return member

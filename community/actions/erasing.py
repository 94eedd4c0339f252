"""What the community forgets when a person deletes their account."""

import re
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lib import markup
from lib.locks import locked
from members.actions.erasure import erases
from members.models import Activity, Member

from ..models import Post, PostRevision

FORMER = "@former-member"
HANDLE = re.compile(r"@([a-z0-9]+(?:-[a-z0-9]+)*)", re.IGNORECASE)  # wherever it is, and not only where it rings


@erases
def forget_mentions(member: Member, now: datetime):
    """Takes the person's handles, which have their name in them, out of what everybody wrote.

    No version changes: the words say the same. Pages show it within a minute
    (docs/decisions/0007-what-is-kept.md).
    """
    handles = {member.handle, member.former_handle} - {""}
    link = re.compile(rf'<a class="mention" href="{re.escape(member.get_absolute_url())}">[^<]*</a>')

    def forget(text: str) -> str:
        return HANDLE.sub(lambda found: FORMER if found[1].lower() in handles else found[0], text)

    mentions = reduce(or_, [Q(source__icontains=f"@{handle}") for handle in handles])
    for model in (Post, PostRevision):
        rows: QuerySet = locked(model.objects.filter(mentions))
        for written in rows:
            # Not every mention is a link: one in code, or of somebody whom the author may not know, is a word.
            written.source, written.html = forget(written.source), forget(link.sub(FORMER, written.html))
            fields = ["source", "html"]
            if isinstance(written, Post):
                written.text = markup.plain_text(written.html)
                fields.append("text")
            written.save(update_fields=fields)


@erases
def forget_reasons(member: Member, now: datetime):
    """Takes away why a moderator removed what the person wrote. That it was removed, and by whom, stays."""
    removed = Post.objects.filter(author=member).exclude(deletion_reason="")
    Activity.objects.with_any_target(removed).update(reason="")
    removed.update(deletion_reason="")

"""What the community forgets when a person deletes their account."""

import re
from datetime import datetime

from cdoforum.lib import markup
from members.actions.erasure import erases
from members.models import Activity, Member

from ..models import Post, PostRevision

FORMER = "@former-member"


@erases
def forget_mentions(member: Member, now: datetime):
    """Takes the person's handle, which has their name in it, out of what everybody wrote.

    No version changes: the words say the same. Pages show it in less than two minutes
    (docs/architecture.md, What is kept).
    """
    link = re.compile(rf'<a class="mention" href="{re.escape(member.get_absolute_url())}">[^<]*</a>')

    def forget(text: str) -> str:
        return markup.MENTION.sub(lambda found: FORMER if found[1].lower() == member.handle else found[0], text)

    for model in (Post, PostRevision):
        for written in model.objects.filter(source__icontains=f"@{member.handle}").select_for_update(of=("self",)):
            written.source, written.html = forget(written.source), link.sub(FORMER, written.html)
            fields = ["source", "html"]
            if isinstance(written, Post):
                written.text = forget(written.text)
                fields.append("text")
            written.save(update_fields=fields)


@erases
def forget_reasons(member: Member, now: datetime):
    """Takes away why a moderator removed what the person wrote. That it was removed, and by whom, stays."""
    removed = Post.objects.filter(author=member).exclude(deletion_reason="")
    Activity.objects.about_any(removed).update(reason="")
    removed.update(deletion_reason="")

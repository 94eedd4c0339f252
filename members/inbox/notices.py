"""Who is told of what, and in what words. Each app declares all of its verbs in its `notifications.py`."""

from collections.abc import Iterable
from dataclasses import dataclass

from members.models import Activity, Member, Notification


@dataclass(frozen=True, slots=True)
class Link:
    """What a reader sees of a notification: a sentence, and the address to which it leads."""

    text: str
    url: str


class Notice:
    """Who is told of one verb, and in what words. Subclass it once for each verb; subclassing registers it."""

    verb: str
    preference: str | None = None  # the Member field that switches its e-mail off; None: this mail always goes
    template: str | None = None  # templates/emails/<template>/; None: the bell only
    reaches_suspended = False  # whether a suspended member is told, too
    reaches_actor = False  # whether whoever did it is told, too: a receipt

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if hasattr(cls, "verb"):
            _declare(cls.verb, cls())

    def audience(self, activity: Activity) -> Iterable[Member]:
        """Everyone who is told, by bell at least. Access is asked here; announcing leaves out the actor."""
        raise NotImplementedError

    def by_mail(self, activity: Activity, member: Member) -> bool:
        """Whether this member is also owed an e-mail, preference apart."""
        return True

    def collapse_key(self, activity: Activity) -> str:
        """While unread, notifications with the same key are one with a count. By default each stands alone."""
        return f"activity:{activity.pk}"

    def links(self, notifications: list[Notification], reader: Member) -> dict[int, Link]:
        """Notification id → what the reader sees. What the reader may not see now is left out."""
        raise NotImplementedError

    def mail(self, activity: Activity, member: Member) -> dict | None:
        """The template's context, or None when the member may not see the thing any more.

        The key `attachments`, if there, is a list of (filename, content, MIME type).
        """
        raise NotImplementedError


class _Silence(Notice):
    """Of a silent verb, and of one that a row still has, but no app any more."""

    def audience(self, activity):
        return ()

    def links(self, notifications, reader):
        return {}

    def mail(self, activity, member):
        return None


NOTICES: dict[str, Notice] = {}  # by verb
SILENCE = _Silence()


def _declare(verb: str, notice: Notice):
    assert verb not in NOTICES, f"{verb} is declared twice"
    NOTICES[verb] = notice


def silent(*verbs: str):
    """Declares verbs of which nobody is told: they are for the audit trail."""
    for verb in verbs:
        _declare(verb, SILENCE)


def notice_of(verb: str) -> Notice:
    return NOTICES.get(verb, SILENCE)

"""Who is told of what happens to accounts."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from members.inbox import Link, Notice, silent
from members.models import Activity, Member, Notification, Organisation

WHAT = {Member.Standing.OFFICER: "an officer", Member.Standing.SUPPLIER: "a supplier member"}


def _targets(notifications: list[Notification]) -> dict[int, Member]:
    return Member.objects.in_bulk({notification.activity.target_id for notification in notifications})


silent(
    "member.signed_up",
    "member.profile_changed",
    "member.mail_chosen",
    "member.sessions_ended",
    "member.erased",
    "member.administered",
    "organisation.added",
    "organisation.changed",
)


class _ToTheMember(Notice):
    """Told to the member whom it concerns, by bell and by e-mail. These mails can't be switched off."""

    template = "member_notice"
    subject: str
    next_step = ""

    def audience(self, activity: Activity) -> Iterable[Member]:
        return Member.objects.filter(pk=activity.target_id, erased_at=None)

    def text(self, activity: Activity, organisations: dict[int, Organisation]) -> str:
        raise NotImplementedError

    def address(self) -> str:
        """Where the notification and the mail lead."""
        return reverse("members:verification")

    def links(self, notifications, reader):
        known = _organisations([n.activity for n in notifications])
        return {
            n.pk: Link(self.text(n.activity, known), self.address())
            for n in notifications
            if n.activity.target_id == reader.pk
        }

    def mail(self, activity, member):
        if activity.target_id != member.pk:
            return None
        return {
            "subject": self.subject,
            "text": self.text(activity, _organisations([activity])),
            "reason": activity.reason,
            "next_step": self.next_step,
            "url": self.address(),
        }


def _organisations(activities: list[Activity]) -> dict[int, Organisation]:
    return Organisation.objects.in_bulk({a.data["organisation_id"] for a in activities if "organisation_id" in a.data})


class Verified(_ToTheMember):
    verb = "member.verified"
    subject = "You are verified"
    next_step = "You can now read and post in the spaces that are open to you."

    def address(self):
        return settings.LOGIN_REDIRECT_URL

    def by_mail(self, activity, member):
        """Whoever confirmed the address that did it has read so on the page."""
        return activity.actor_id is not None or bool(member.last_login)

    def text(self, activity, organisations):
        organisation = organisations.get(activity.data["organisation_id"])
        what = WHAT.get(activity.data["standing"], "a member")
        return f"You are verified as {what} of {organisation.name}." if organisation else f"You are verified as {what}."


class VerificationDeclined(_ToTheMember):
    verb = "member.verification_declined"
    subject = "We could not verify you"
    next_step = "You can put it right and ask again in your settings."

    def text(self, activity, organisations):
        return "A moderator could not verify whom you work for."


class VerificationRevoked(_ToTheMember):
    verb = "member.verification_revoked"
    subject = "Your verification was taken back"
    next_step = "If that is wrong, say so in your settings, and a moderator looks again."

    def text(self, activity, organisations):
        organisation = organisations.get(activity.data["organisation_id"])
        of = f" of {organisation.name}" if organisation else ""
        return f"A moderator took back your verification as {WHAT.get(activity.data['standing'], 'a member')}{of}."


class VerificationLapsed(_ToTheMember):
    verb = "member.verification_lapsed"
    subject = "Your verification ended with your old address"
    next_step = "You need do nothing: a moderator looks at it."

    def text(self, activity, organisations):
        return "Your new address does not belong to a public body that we know, so a moderator verifies you anew."


class Suspended(_ToTheMember):
    verb = "member.suspended"
    subject = "Your account is suspended"
    reaches_suspended = True
    next_step = "You can’t sign in for now. If you disagree, answer this e-mail, and another moderator looks again."

    def text(self, activity, organisations):
        return "A moderator suspended your account."


class Restored(_ToTheMember):
    verb = "member.restored"
    subject = "Your account is open again"
    next_step = "You can sign in as before."

    def address(self):
        return settings.LOGIN_REDIRECT_URL

    def text(self, activity, organisations):
        return "A moderator opened your account again."


class AwaitingVerification(Notice):
    """The moderators' bell; the queue itself is in the CMS, so there is no e-mail."""

    verb = "member.awaiting_verification"

    @staticmethod
    def key_for(member_id: int) -> str:
        return f"member:{member_id}:verification"

    def collapse_key(self, activity):
        return self.key_for(activity.target_id)

    def audience(self, activity):
        return Member.objects.moderators()

    def links(self, notifications, reader):
        if not reader.is_moderator:
            return {}
        members = _targets(notifications)
        found = {}
        for notification in notifications:
            member = members.get(notification.activity.target_id)
            if member and not member.erased_at:
                text = f"{member.byline.name} waits for verification"
                claim = f", {member.claimed_organisation}." if member.claimed_organisation else "."
                found[notification.pk] = Link(text + claim, reverse("members_people:inspect", args=[member.pk]))
        return found

"""Who is told of what happens with events, and in what words.

Every notice asks access again when it is read or sent. The joining link is put into a mail or its .ics file in one
place, `_mail`, and only for a reader with a place.
"""

from members.inbox import Link, Notice
from members.models import Activity, Member

from . import access, calendar_files, queries
from .models import EventPage, Registration

Status = Registration.Status
WHAT_CHANGED = {
    "time": {"starts_at", "ends_at"},
    "place": {"attendance", "venue", "address"},
    "joining link": {"joining_url"},
}


def about(event_id: int, verb: str) -> str:
    """What is counted together while it is unread."""
    return f"event:{event_id}:{verb}"


class _EventNotice(Notice):
    preference = "mail_events"
    said = ""

    def collapse_key(self, activity):
        return about(activity.data["event"], self.verb)

    def links(self, notifications, reader):
        ids = {n.activity.data["event"] for n in notifications}
        events = access.visible_events(reader).defer("body").in_bulk(ids)
        links = {}
        for n in notifications:
            if event := events.get(n.activity.data["event"]):
                links[n.pk] = Link(self.text(n.activity, event), event.get_absolute_url())
        return links

    def text(self, activity: Activity, event: EventPage) -> str:
        return self.said.format(title=event.title)


def _event(activity: Activity, member: Member) -> EventPage | None:
    """The event, if the member may still see it."""
    events = access.visible_events(member).select_related("state").defer("body")
    return events.filter(pk=activity.data["event"]).first()


def _mail(activity: Activity, member: Member, event: EventPage, *, withdrawn: bool = False, **context) -> dict:
    """A mail about an event, with the .ics file for whoever has a place, or had one."""
    registration = queries.registration_of(member, event)
    has_place = registration is not None and registration.status == Status.REGISTERED
    # Not may_see_joining_link: an editor sees links on the site, but nobody mails one to an editor without a place.
    joining_url = event.joining_url if access.has_joining_link(event, registration) else ""
    context |= {"event": event, "has_place": has_place, "joining_url": joining_url}
    if has_place or withdrawn:
        file = calendar_files.attachment(event, now=activity.created_at, joining_url=joining_url, withdrawn=withdrawn)
        context["attachments"] = [file]
    return context


def _members(registrations) -> list[Member]:
    """Those who have these registrations, without those who may not see the event any more."""
    found = registrations.select_related("member__organisation", "event")
    return [registration.member for registration in found if access.is_for(registration.member, registration.event)]


# --- One registration, told to the member who has it ----------------------------------------------


class _RegistrationNotice(_EventNotice):
    status: str  # what the registration must still be when the mail is sent

    def audience(self, activity):
        return _members(Registration.objects.filter(pk=activity.target_id))

    def mail(self, activity, member):
        event = _event(activity, member)
        registration = Registration.objects.filter(pk=activity.target_id, status=self.status).first()
        if event is None or registration is None or event.cancelled_at or event.is_past:
            return None
        return self.letter(activity, member, event, registration)

    def letter(self, activity: Activity, member: Member, event: EventPage, registration: Registration) -> dict:
        return _mail(activity, member, event)


class Confirmed(_RegistrationNotice):
    verb = "registration.confirmed"
    template = "registration_confirmed"
    reaches_actor = True
    status = Status.REGISTERED
    said = "You have a place at “{title}”."


class Waiting(_RegistrationNotice):
    verb = "registration.waiting"
    template = "registration_waiting"
    reaches_actor = True
    status = Status.WAITING
    said = "You are on the waiting list for “{title}”."

    def letter(self, activity, member, event, registration):
        return _mail(activity, member, event, line=queries.place_in_line(registration))


class SeatGiven(_RegistrationNotice):
    verb = "registration.seat_given"
    template = "registration_seat_given"
    status = Status.REGISTERED
    said = "A place at “{title}” has become free, and it is yours."


class RegistrationCancelled(_RegistrationNotice):
    verb = "registration.cancelled"
    template = "registration_cancelled"
    reaches_actor = True
    status = Status.CANCELLED

    def text(self, activity, event):
        if activity.data.get("was") == Status.WAITING:
            return f"You left the waiting list for “{event.title}”."
        return f"You gave back your place at “{event.title}”."

    def letter(self, activity, member, event, registration):
        if queries.registration_of(member, event):
            return None  # back again in the meantime: a file that deletes the entry would do harm
        had_place = activity.data.get("was") != Status.WAITING
        return _mail(activity, member, event, withdrawn=had_place, had_place=had_place)


# --- The event itself, told to everyone who has a place or waits for one --------------------------


class EventCancelled(_EventNotice):
    verb = "event.cancelled"
    template = "event_cancelled"
    said = "“{title}” has been cancelled."

    def audience(self, activity):
        return _members(Registration.objects.active().filter(event=activity.target_id))

    def mail(self, activity, member):
        event = _event(activity, member)
        if event is None or not event.cancelled_at or queries.registration_of(member, event) is None:
            return None
        return _mail(activity, member, event, reason=event.state.reason)


class EventChanged(_EventNotice):
    verb = "event.changed"
    template = "event_changed"

    def audience(self, activity):
        registrations = Registration.objects.active().filter(event=activity.target_id)
        if _what_changed(activity) == ["joining link"]:
            registrations = registrations.registered()  # those who wait have not had the old one
        return _members(registrations)

    def text(self, activity, event):
        return f"The {_in_words(_what_changed(activity))} of “{event.title}” changed."

    def mail(self, activity, member):
        event = _event(activity, member)
        if event is None or event.cancelled_at or event.is_past or queries.registration_of(member, event) is None:
            return None
        return _mail(activity, member, event, what=_in_words(_what_changed(activity)))


def _what_changed(activity: Activity) -> list[str]:
    changed = set(activity.data["changed"])
    return [word for word, fields in WHAT_CHANGED.items() if changed & fields]


def _in_words(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


class Reminder(_EventNotice):
    verb = "event.reminder"
    template = "event_reminder"

    def audience(self, activity):
        return _members(Registration.objects.registered().filter(pk__in=activity.data["registrations"]))

    def text(self, activity, event):
        return f"“{event.title}” begins soon: {event.when}."

    def mail(self, activity, member):
        event = _event(activity, member)
        if event is None or event.cancelled_at or event.has_begun:
            return None
        registration = queries.registration_of(member, event)
        if registration is None or registration.status != Status.REGISTERED:
            return None
        return _mail(activity, member, event)


VERBS = [
    notice.verb
    for notice in (Confirmed, Waiting, SeatGiven, RegistrationCancelled, EventCancelled, EventChanged, Reminder)
]

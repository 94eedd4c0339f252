"""How the audit trail speaks of events and places at them."""

from members.cms.audit import Description, describes

from ..models import EventPage, Registration


def _address(event: EventPage) -> str:
    return event.get_absolute_url() if event.live else ""


@describes(EventPage.objects.all())
def _event(event: EventPage) -> Description:
    return Description(f"Event “{event.title}”", _address(event))


@describes(Registration.objects.select_related("event", "member__organisation"))
def _registration(registration: Registration) -> Description:
    event = registration.event
    return Description(f"Place of {registration.member.byline.name} at “{event.title}”", _address(event))

"""What has moved on: the sentence for each state of a request and of a listing, and the checks that say it."""

from lib.access import Denied

from ..models import Introduction, SupplierListing

_I, _L = Introduction.Status, SupplierListing.Status
OF_REQUEST: dict[str, str] = {
    _I.DRAFT: "This request has not been sent yet.",
    _I.SUBMITTED: "This request is with a moderator.",
    _I.RETURNED: "This request was returned to the supplier, who can change it and send it again.",
    _I.REJECTED: "A moderator has rejected this request.",
    _I.FORWARDED: "This request has been forwarded to the officer.",
    _I.ACCEPTED: "The officer has accepted this request.",
    _I.DECLINED: "The officer has declined this request.",
    _I.NOT_NOW: "The officer has answered this request with “not now”.",
    _I.WITHDRAWN: "The supplier has withdrawn this request.",
    _I.EXPIRED: "This request has closed, since it was not answered in time.",
}
OF_LISTING: dict[str, str] = {
    _L.DRAFT: "This listing has been taken back by the supplier, who is changing it.",
    _L.SUBMITTED: "This listing is with a moderator.",
    _L.RETURNED: "This listing has already been returned to the supplier.",
    _L.APPROVED: "This listing has already been approved.",
}
CHANGED_SINCE = "The supplier has changed the text since you opened this page. Read it again."

Thing = Introduction | SupplierListing


def may_become(thing: Thing, to: str) -> bool:
    return thing.Status(thing.status).may_become(to)


def check_may_become(thing: Thing, to: str):
    """Raises Denied, with where the thing is now, when no step leads from there to `to`."""
    if not may_become(thing, to):
        raise moved_on(thing)


def check_was_read(thing: Thing, seen: str | None):
    """Raises Denied when the text was sent again since. `seen` is the version that was read; None passes."""
    if seen is not None and seen != thing.version:
        raise Denied(CHANGED_SINCE)


def moved_on(thing: Thing) -> Denied:
    sentences = OF_REQUEST if isinstance(thing, Introduction) else OF_LISTING
    return Denied(sentences[thing.status])

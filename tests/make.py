"""Plain factories: each makes one real thing with believable defaults. Times are given, or now."""

import itertools
import uuid
from datetime import timedelta

from django.utils import timezone
from django.utils.text import slugify

from community.actions import spaces as space_actions
from community.actions import threads as thread_actions
from community.models import CommunityPage, SpaceMembership, SpacePage
from directory.actions import introductions as introduction_actions
from directory.actions import listings as listing_actions
from directory.actions import officer_listings as officer_listing_actions
from directory.models import Introduction, OfficerListing, SupplierListing
from events.actions import registrations as registration_actions
from events.models import EventIndexPage, EventPage, Registration
from members.models import EmailDomain, Member, Organisation

_number = itertools.count(1)

# --- People -------------------------------------------------------------------------------------


def organisation(name="Camden", *, kind="public_body", domain=None, **fields) -> Organisation:
    slug = slugify(name)
    found, made = Organisation.objects.get_or_create(
        slug=slug, defaults={"name": name, "short_name": name, "kind": kind} | fields
    )
    if domain and made:
        EmailDomain.objects.create(organisation=found, domain=domain)
    return found


def supplier(name="BrightWave", **fields) -> Organisation:
    return organisation(name, kind="supplier", **fields)


def member(name="", *, standing="newcomer", organisation=None, groups=(), **fields) -> Member:
    """A member with a confirmed address and the password `forum-demo-2026`."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import Group

    name = name or f"Member {next(_number)}"
    email = fields.pop("email", f"{slugify(name)}@example.org")
    if standing != "newcomer":
        fields.setdefault("verified_at", timezone.now())
    made = Member.objects.create_user(
        email, "forum-demo-2026", name=name, standing=standing, organisation=organisation, **fields
    )
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    for group in groups:
        made.groups.add(Group.objects.get(name=group))
    return made


def officer(name="", *, council="Camden", **fields) -> Member:
    return member(name, standing="officer", organisation=organisation(council), **fields)


def supplier_member(name="", *, company="BrightWave", **fields) -> Member:
    return member(name, standing="supplier", organisation=supplier(company), **fields)


# --- Community ----------------------------------------------------------------------------------


def space(title="Members’ space", *, audience="members", invited=(), **fields) -> SpacePage:
    made = SpacePage(
        title=title,
        slug=fields.pop("slug", slugify(title)),
        summary=fields.pop("summary", f"About {title}."),
        audience=audience,
        **fields,
    )
    CommunityPage.objects.get().add_child(instance=made)
    for one in invited:
        membership(made, one)
    return made


def membership(space, member, *, role="member") -> SpaceMembership:
    return SpaceMembership.objects.create(space=space, member=member, role=role, since=timezone.now())


def decide_readers(space, actor, **changed) -> SpacePage:
    decided = {name: getattr(space, name) for name in SpacePage.DECIDED}
    return space_actions.decide_readers(actor=actor, space=space, **decided | changed)


def publish_space(space, **changed):
    """What the CMS does when an editor presses Publish."""
    page = SpacePage.objects.get(pk=space.pk)
    for name, value in changed.items():
        setattr(page, name, value)
    page.save_revision().publish()


def thread(space, author, title="How did you leave the old system?", source="We want to know.", *, tags=(), now=None):
    return thread_actions.start(
        actor=author, space=space, title=title, source=source, tags=tags, token=uuid.uuid4(), now=now
    )


def reply(thread, author, source="We kept a copy for a year.", *, reply_to=None, now=None):
    return thread_actions.reply(
        actor=author, thread=thread, source=source, token=uuid.uuid4(), reply_to=reply_to, now=now
    )


# --- Events -------------------------------------------------------------------------------------

JOINING_URL = "https://meet.example/room-4711"


def event(
    title="Leaving legacy: a round table", *, starts_in=timedelta(days=7), hours=1, tags=(), **fields
) -> EventPage:
    """A published event: by default online, in a week, for members, without a limit of places."""
    starts_at = fields.pop("starts_at", None) or (timezone.now() + starts_in).replace(second=0, microsecond=0)
    defaults = {
        "slug": slugify(title),
        "summary": f"About {title}.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "attendance": "online",
        "joining_url": JOINING_URL,
    }
    made = EventPage(title=title, **defaults | fields)
    EventIndexPage.objects.get().add_child(instance=made)
    if tags:
        made.tags.add(*tags)
        made.save()
    return made


def registration(event, member, *, now=None) -> Registration:
    return registration_actions.register(actor=member, event=event, token=uuid.uuid4(), now=now)


# --- Directory ----------------------------------------------------------------------------------

LISTING_TEXT = {
    "strapline": "Case work for housing teams.",
    "description": "A case product for housing options. We do housing, and nothing else.",
    "people": 32,
    "founded": 2014,
    "frameworks": ["G-Cloud 14"],
    "clients": ["Lewisham", "Hull"],
    "security": ["Cyber Essentials Plus"],
    "prices": "By number of caseworkers, from £9,600 a year.",
    "website": "https://brightwave.example",
    "contact_name": "Robin Contact",
    "contact_email": "hello@brightwave.example",
    "topics": ["housing", "case-management"],
}


def a_moderator() -> Member:
    return Member.objects.moderators().first() or member("A moderator", groups=["Moderators"])


def supplier_listing(supplier_member, *, status="approved", now=None, **text) -> SupplierListing:
    """The listing of a member's supplier, taken to its status by the actions."""
    made = listing_actions.save(actor=supplier_member, text=LISTING_TEXT | text, now=now)
    if status != "draft":
        made = listing_actions.submit(actor=supplier_member, now=now)
    if status == "approved":
        made = listing_actions.approve(actor=a_moderator(), listing=made, now=now)
    if status == "returned":
        made = listing_actions.return_(actor=a_moderator(), listing=made, reason="Name your prices.", now=now)
    return made


def officer_listing(officer, *, now=None, **values) -> OfficerListing:
    defaults = {
        "works_on": "Repairs that are kept at the first appointment.",
        "open_to": "Case work.",
        "topics": ["housing"],
    }
    return officer_listing_actions.opt_in(actor=officer, now=now, **defaults | values)


def introduction(
    asker, officer, *, status="submitted", purpose="Case work for damp", message="May we talk?", words="", now=None
):
    """A supplier member's request to an officer, taken to its status by the actions. Both have their listings made."""
    if not SupplierListing.objects.filter(supplier=asker.organisation, approved_at__isnull=False).exists():
        supplier_listing(asker, now=now)
    listing = OfficerListing.objects.filter(member=officer).first() or officer_listing(officer, now=now)
    made = introduction_actions.ask(
        actor=asker,
        listing=listing,
        purpose=purpose,
        message=message,
        token=uuid.uuid4(),
        send=status != "draft",
        now=now,
    )
    what = {"introduction": made, "now": now}
    if status in {"returned", "rejected"}:
        action = introduction_actions.return_ if status == "returned" else introduction_actions.reject
        action(actor=a_moderator(), reason=words or "Say what the officer gains.", **what)
    elif status not in {"draft", "submitted", "withdrawn"}:
        introduction_actions.forward(actor=a_moderator(), **what)
        if status in {"accepted", "declined", "not_now"}:
            name = {"accepted": "accept", "declined": "decline"}.get(status, status)
            getattr(introduction_actions, name)(actor=officer, words=words, **what)
        elif status == "expired":
            introduction_actions.expire_due((now or timezone.now()) + timedelta(days=365))
    if status == "withdrawn":
        introduction_actions.withdraw(actor=asker, **what)
    return Introduction.objects.get(pk=made.pk)

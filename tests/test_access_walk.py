"""Who may see and do what: every address of the site × every role, against the table in access_table.txt.

A row says: the route as the resolver has it, a request to it, and the answer for each role. A route that is in no row
fails the test, so whoever adds an address decides who may use it, and writes it there.
"""

import re
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, resolve

from community.models import SpacePage
from events.models import EventPage
from members.inbox import announcing
from members.models import Activity, Notification
from tests import make
from tests.live.sockets import open_socket

ROLES = ["visitor", "newcomer", "supplier", "officer", "invited", "moderator", "editor"]

TABLE = Path(__file__).with_name("access_table.txt")
IN, DONE, ABSENT = "in", "done", "–"

# One body for every POST: each form takes what it knows.
BODY = {
    "title": "A new plan for the archive",
    "source": "We have a plan, and want to hear yours.",
    "tags": "plans",
    "reason": "This names a person.",
    "number": "1",
    "on": "1",
}


def _rows():
    for line in TABLE.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            route, method, address, *answers = line.split()
            assert len(answers) == len(ROLES), f"This row needs an answer for each of {len(ROLES)} roles: {line}"
            yield route.replace('""', ""), method, address, dict(zip(ROLES, answers, strict=True))


def _routes(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = f"{prefix}{str(entry.pattern).removeprefix('^')}" if prefix else str(entry.pattern)
        if route == "cms/" and hasattr(entry, "url_patterns"):
            yield route  # Wagtail's own: one row for the door, and test_cms_is_closed_to_strangers
        elif hasattr(entry, "url_patterns"):
            yield from _routes(entry, route)
        else:
            yield route


@pytest.fixture
def world(ada, ben, cleo, sal, mo, eve):
    """A thread with a tag in a space of each kind; an event for each audience; listings, an introduction."""
    spaces = {
        "open": make.space("Space wordopenword", slug="open", audience="everyone"),
        "members": make.space("Space wordmembersword", slug="members", audience="members"),
        "officers": make.space("Space wordofficersword", slug="officers", audience="officers"),
        "group": make.space("Space wordgroupword", slug="group", audience="group", invited=[ben, cleo]),
        "unpublished": make.space("Space wordunpublishedword", slug="unpublished", audience="everyone"),
    }
    names, threads = {}, {}
    for kind, space in spaces.items():
        starter = ben if kind == "group" else ada
        thread = make.thread(
            space, starter, f"Plan word{kind}word", f"Our plan is word{kind}word.", tags=[f"{kind}-tag"]
        )
        threads[kind] = thread
        names |= {kind: thread.pk, f"{kind}_url": thread.get_absolute_url(), f"{kind}_post": thread.posts.get().pk}
    SpacePage.objects.filter(slug="unpublished").update(live=False)

    from community.actions import posts

    deleted = make.reply(threads["open"], ada, "Our plan was worddeletedword.")
    posts.delete(actor=ada, post=deleted)
    for audience, open_to in {"open": "everyone", "members": "members", "officers": "officers"}.items():
        make.event(f"{audience.capitalize()} plan event", slug=f"{audience}-event", open_to=open_to)
    silent = make.officer("Silent Officer", council="Hull")
    introduction = make.introduction(sal, ben, status="forwarded")
    make.registration(EventPage.objects.get(slug="members-event"), ben)
    reply = make.reply(threads["open"], mo, "The moderators have a plan as well.")
    announcing.announce.call(Activity.objects.get(verb="post.replied", target_id=reply.pk).pk)
    notification = Notification.objects.get(member=ada)
    names |= {
        "no_thread": 987_654,
        "ada": ada.pk,
        "sal": sal.pk,
        "silent_officer": silent.pk,
        "deleted_post": deleted.pk,
        "ben": ben.pk,
        "officer_listing": ben.officer_listing.public_id,
        "introduction": introduction.pk,
        "adas_notification": notification.pk,
    }
    members = dict(zip(ROLES, [None, cleo, sal, ada, ben, mo, eve], strict=True))
    return SimpleNamespace(names=names, members=members, spaces=spaces, threads=threads)


def _client_for(member) -> Client:
    client = Client(raise_request_exception=False)
    if member:
        client.force_login(member)
    return client


def _answer(response) -> str:
    if response.status_code in {301, 302, 303}:
        return IN if response["Location"].startswith("/accounts/login/") else DONE
    return {200: "ok", 403: "no", 404: ABSENT, 405: "method"}.get(response.status_code, str(response.status_code))


def test_every_route_is_in_the_table():
    known = {route for route, *_ in _rows()}
    missing = [route for route in dict.fromkeys(_routes()) if route not in known]
    assert not missing, (
        "These addresses are in no row of tests/access_table.txt. Add one for each, with the answer that each role "
        f"should get, and a second one for something that the role may not know of: {missing}"
    )


def test_every_row_asks_the_route_that_it_names(world):
    for route, _, address, _ in _rows():
        path = address.format(**world.names).partition("?")[0]
        found = resolve(path).route
        is_cms = route == "cms/" and found.startswith("cms/")
        assert found == route or is_cms, f"{path} is answered by {found}, not {route}"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(role, world):
    client = _client_for(world.members[role])
    cookies = client.cookies.output()
    wrong = []
    for route, method, address, answers in _rows():
        url = address.format(**world.names)
        client = Client(raise_request_exception=False)
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        savepoint = transaction.savepoint()
        response = client.get(url) if method == "GET" else client.post(url, BODY | {"token": uuid.uuid4()})
        transaction.savepoint_rollback(savepoint)
        if (given := _answer(response)) != answers[role]:
            wrong.append(f"  {method} {url}: the table says {answers[role]!r}, the site answers {given!r}")
        leaked = _marks(getattr(response, "content", "")) - READS[role] - _marks(url)
        if leaked and (route, role) != ("posts/<int:post_id>/history/", "moderator"):
            wrong.append(f"  {method} {url}: tells of {', '.join(leaked)}")
    assert not wrong, f"For the {role}:\n" + "\n".join(wrong)


# Whose threads each role may read. Each thread, and its space, is marked with a word of its own: wordofficersword.
READS = {
    "visitor": {"open"},
    "newcomer": {"open", "members"},
    "supplier": {"open", "members"},
    "officer": {"open", "members", "officers"},
    "invited": {"open", "members", "officers", "group"},
    "moderator": {"open", "members", "officers", "group"},
    "editor": {"open", "members"},
}


def _marks(text) -> set[str]:
    """Of which kinds of space a text tells."""
    return set(re.findall(r"word([a-z]+?)word", str(text).lower()))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ["/", "/community/", "/search/?q=plan"])
def test_lists_tell_of_what_the_role_may_read_and_of_nothing_else(address, role, world):
    assert _marks(_client_for(world.members[role]).get(address).content) == READS[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_feed_tells_only_of_what_is_open_to_everyone(role, world):
    assert _marks(_client_for(world.members[role]).get("/feeds/threads/").content) == {"open"}


@pytest.mark.parametrize("role", ROLES)
def test_search_counts_only_what_the_role_may_read(role, world):
    results = _client_for(world.members[role]).get("/search/?q=plan").context["results"]
    assert results.count == len(results.found) == len(READS[role]) + 1  # and the moderators' reply in the open


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
async def test_sockets_hear_only_of_what_the_role_may_read(role, world):
    heard = set()
    async with open_socket(world.members[role]) as socket:
        for kind, thread in world.threads.items():
            answer = await socket.ask({"watch": thread.topic, "version": 0})
            assert answer["to"] == thread.topic
            heard |= _marks(answer) if "posts" in answer else set()
            assert ("gone" in answer) == (kind not in READS[role])
    assert heard == READS[role]


@pytest.mark.parametrize("kind", ["open", "members", "officers", "group"])
def test_inbox_and_mail_tell_nobody_who_may_not_read(kind, world, mailoutbox):
    """Everybody is mentioned, and everybody has taken part once: those who may read are told, and nobody else."""
    thread = world.threads[kind]
    mailoutbox.clear()
    for member in world.members.values():
        if member and member != thread.author:
            number = thread.post_count = thread.post_count + 1
            posted = {"source": "Before.", "html": "", "text": "", "version": 1, "created_at": thread.created_at}
            thread.posts.create(number=number + 100, author=member, token=uuid.uuid4(), **posted)
    handles = " ".join(f"@{member.handle}" for member in world.members.values() if member)
    una = make.officer("Una Another", groups=["Moderators"])
    post = make.reply(thread, una, f"Our plan is word{kind}word, {handles}.")
    for activity in Activity.objects.filter(target_id=post.pk, verb__startswith="post."):
        announcing.announce.call(activity.pk)
    members = {role: member for role, member in world.members.items() if member}
    told = set(Notification.objects.filter(activity__target_id=post.pk).values_list("member", flat=True))
    addresses = {address for mail in mailoutbox for address in mail.to}
    may_read = {role for role in members if kind in READS[role]}
    assert {role for role, member in members.items() if member.pk in told} == may_read
    assert {role for role, member in members.items() if member.email in addresses} == may_read


@pytest.mark.parametrize("role", ROLES[1:])
def test_a_right_that_is_lost_takes_the_line_out_of_the_inbox(role, world):
    member = world.members[role]
    for kind in READS[role]:
        activity = Activity.objects.filter(target_id=world.threads[kind].pk, verb="thread.started").get()
        Activity.objects.filter(pk=activity.pk).update(verb="thread.locked")
        at = activity.created_at
        Notification.objects.create(member=member, activity=activity, collapse_key=f"walk:{kind}", updated_at=at)
    client = _client_for(member)
    assert _marks(client.get("/inbox/").content) == READS[role]
    SpacePage.objects.update(live=False)
    assert _marks(client.get("/inbox/").content) == set()


@pytest.mark.parametrize(("role", "names"), [
    ("supplier", {"Ada Okafor"}),  # who took part there
    ("officer", {"Adam Silent"}),  # an officer knows everyone who may read; nobody is offered themselves
    ("moderator", {"Ada Okafor", "Adam Silent"}),
])  # fmt: skip
def test_who_is_offered_for_a_mention(role, names, world):
    make.officer("Adam Silent", council="Derby")
    thread = world.threads["members"]
    offered = _client_for(world.members[role]).get(f"/threads/{thread.pk}/mentionable/?q=ada").json()["members"]
    assert {member["name"] for member in offered} == names


@pytest.mark.parametrize("role", ["visitor", "newcomer", "supplier", "officer"])
def test_the_cms_is_closed_to_strangers(role, world):
    """Every address of Wagtail's admin that needs no argument, and of the moderators' pages in it."""
    client = _client_for(world.members[role])
    entered = []
    for route in _cms_routes():
        response = client.get(f"/{route}")
        if response.status_code not in {302, 403, 404, 405}:
            entered.append(f"{route}: {response.status_code}")
    assert entered == (PUBLIC_IN_CMS if role == "visitor" else [])


PUBLIC_IN_CMS = ["cms/jsi18n/: 200", "cms/sprite/: 200"]  # Wagtail's own words and icons


def _cms_routes():
    from wagtail.admin import urls

    def walk(patterns, prefix):
        for entry in patterns:
            route = f"{prefix}{str(entry.pattern).removeprefix('^').removesuffix('$')}"
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns, route)
            elif not re.search(r"[<(\\\[]", route):
                yield route

    return sorted(set(walk(urls.urlpatterns, "cms/")))

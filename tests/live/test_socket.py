"""The live socket in this process: what it answers, whom it lets in, and when it sends a tab away."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from community import consumers
from community.actions import posts, spaces, threads
from community.models import ReadMarker, SpacePage
from lib import live
from members.actions import sessions, suspension, verification
from tests import make
from tests.live.sockets import connect, in_thread, open_socket, session_cookie

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.xdist_group("live")]


# --- Who gets in -----------------------------------------------------------------------------------


ORIGINS = {
    "http://testserver": True,
    "https://testserver": True,
    "http://localhost:8000": True,
    "http://evil.example": False,
    "http://testserver.evil.example": False,
    "null": False,
    "": False,
    "nonsense": False,
}


async def test_only_our_own_pages_may_connect():
    for origin, is_let_in in ORIGINS.items():
        communicator, accepted = await connect(origin=origin)
        assert accepted == is_let_in, origin
        await communicator.disconnect()


async def test_a_visitor_is_told_that_it_is_live():
    async with open_socket():
        pass


async def test_a_session_that_is_none_is_a_visitors(officers_space, ada):
    officers_thread = await in_thread(make.thread, space=officers_space, author=ada)
    for session in ("", "nonsense", "x" * 3000, "\u00e9"):
        communicator, accepted = await connect(session)
        assert accepted
        await communicator.send_to(text_data=json.dumps({"watch": officers_thread.topic, "version": 0}))
        while "live" in (answer := json.loads(await communicator.receive_from(5))):
            pass
        assert answer == {"to": officers_thread.topic, "gone": True}
        await communicator.disconnect()


# --- Watching --------------------------------------------------------------------------------------


async def test_watching_brings_what_is_newer_and_then_what_comes(ben, sal, thread):
    async with open_socket(sal) as tab:
        first = await tab.watch(thread)
        assert (first["from"], first["version"], [post["number"] for post in first["posts"]]) == (0, 1, [1])
        post = await in_thread(make.reply, thread=thread, author=ben)
        heard = await tab.hear(to=thread.topic)
        assert (heard["from"], heard["version"], [post["number"] for post in heard["posts"]]) == (1, 2, [2])
        await in_thread(posts.edit, actor=ben, post=post, source="Better.")
        heard = await tab.hear(to=thread.topic)
        assert (heard["from"], heard["version"]) == (2, 3)
        assert "Better." in heard["posts"][0]["html"]


async def test_frames_are_those_of_changes_letter_by_letter(as_, ben, sal, thread):
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        await in_thread(make.reply, thread=thread, author=ben)
        heard = await tab.hear(to=thread.topic)
    response = await sync_to_async(lambda: as_(sal).get(f"/threads/{thread.pk}/changes/?since=1").json())()
    assert heard["posts"] == response["posts"]
    assert heard["thread"] == response["thread"]


async def test_after_unwatch_it_is_quiet(ben, sal, thread):
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        await tab.say({"unwatch": thread.topic})
        await tab.ask({"beat": {}})
        await in_thread(make.reply, thread=thread, author=ben)
        assert await tab.is_quiet()


async def test_a_tab_hears_only_what_it_watches(ada, ben, mo, members_space, thread):
    other = await in_thread(make.thread, space=members_space, author=mo, title="Another thread of ours")
    async with open_socket(ben) as tab:
        await tab.watch(thread)
        await in_thread(make.reply, thread=other, author=mo)
        assert await tab.is_quiet()


async def test_an_unknown_thread_is_gone(sal):
    async with open_socket(sal) as tab:
        for topic in ("thread:987654", "thread:2147483647"):
            assert await tab.ask({"watch": topic, "version": 0}) == {"to": topic, "gone": True}


async def test_a_forbidden_thread_is_gone_like_an_unknown_one_and_stays_silent(ada, sal, officers_space):
    secret = await in_thread(make.thread, space=officers_space, author=ada)
    async with open_socket(sal) as tab:
        assert await tab.watch(secret) == {"to": secret.topic, "gone": True}
        await in_thread(make.reply, thread=secret, author=ada)
        assert await tab.is_quiet()


async def test_nobody_watches_the_bell_of_another(ada, ben):
    async with open_socket(ben) as tab:
        assert "error" in await tab.ask({"watch": f"member:{ada.pk}", "version": 0})
        await sync_to_async(live.publish)(f"member:{ada.pk}", {"unread": 5})
        assert await tab.is_quiet()


async def test_ones_own_bell_rings_without_asking(ada, ben, thread):
    async with open_socket(ada) as tab:
        await in_thread(make.reply, thread=thread, author=ben)
        assert await tab.hear(to=f"member:{ada.pk}") == {"to": f"member:{ada.pk}", "unread": 1}


@pytest.mark.parametrize("who", ["ada", None])
async def test_a_tab_watches_twenty_threads_beside_the_bell_and_not_one_more(who, ada, open_space, settings):
    settings.POSTS_PER_MINUTE = 30
    made = [await in_thread(make.thread, space=open_space, author=ada, title=f"Thread number {n}") for n in range(21)]
    async with open_socket(ada if who else None) as tab:
        answers = [await tab.watch(thread) for thread in made]
        assert ["error" in answer for answer in answers] == [False] * 20 + [True]
        assert answers[-1] == {"error": "A tab can watch 20 threads."}
        await tab.say({"unwatch": made[0].topic})
        assert (await tab.watch(made[-1]))["version"] == 1


async def test_a_post_between_joining_and_catching_up_is_not_lost(ben, sal, thread, monkeypatch):
    asked = consumers._changes

    async def slowly(*args):
        found = await asked(*args)
        await in_thread(make.reply, thread=thread, author=ben)
        return found

    monkeypatch.setattr(consumers, "_changes", slowly)
    async with open_socket(sal) as tab:
        await tab.say({"watch": thread.topic, "version": 0})
        heard = [await tab.hear(to=thread.topic) for _ in range(2)]
        assert {post["number"] for message in heard for post in message["posts"]} == {1, 2}


# --- The heartbeat ---------------------------------------------------------------------------------


async def test_the_heartbeat_says_who_is_behind(ben, sal, thread, monkeypatch):
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        monkeypatch.setattr(live, "publish", lambda topic, payload: None)  # the hint gets lost
        await in_thread(make.reply, thread=thread, author=ben)
        assert await tab.ask({"beat": {thread.topic: 1}}) == {"to": thread.topic, "behind": 2}
        assert await tab.hear() == {"beat": True}
        assert await tab.ask({"beat": {thread.topic: 2}}) == {"beat": True}


async def test_the_heartbeat_says_what_is_gone(sal, members_space, thread):
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        await SpacePage.objects.filter(pk=members_space.pk).aupdate(audience="officers")
        assert await tab.ask({"beat": {thread.topic: 1}}) == {"to": thread.topic, "gone": True}


async def test_the_heartbeat_asks_for_all_that_is_watched_whatever_the_tab_names(sal, members_space, thread):
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        await SpacePage.objects.filter(pk=members_space.pk).aupdate(audience="officers")
        assert await tab.ask({"beat": {}}) == {"to": thread.topic, "gone": True}


async def test_the_heartbeat_knows_the_rights_of_this_moment(ada, officers_space):
    thread = await in_thread(make.thread, space=officers_space, author=ada)
    async with open_socket(ada) as tab:
        await tab.watch(thread)
        await type(ada).objects.filter(pk=ada.pk).aupdate(standing="newcomer")  # and nobody told the socket
        assert await tab.ask({"beat": {thread.topic: 1}}) == {"to": thread.topic, "gone": True}


async def test_the_heartbeat_tells_nothing_of_what_is_not_watched(ada, sal, officers_space, thread):
    secret = await in_thread(make.thread, space=officers_space, author=ada)
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        assert await tab.ask({"beat": {secret.topic: 0, "nonsense": 1, "thread:x": 1}}) == {"beat": True}


async def test_the_heartbeat_closes_a_socket_whose_session_has_ended(sal):
    async with open_socket(sal) as tab:
        await sal.sessions.all().adelete()
        await tab.say({"beat": {}})
        assert await tab.close_code() == live.GONE


async def test_what_is_too_long_for_one_message_is_asked_for(ben, sal, thread):
    for _ in range(4):
        await in_thread(make.reply, thread=thread, author=ben, source='"' * 9_800)  # six times as long in HTML
    async with open_socket(sal) as tab:
        assert await tab.watch(thread, version=1) == {"to": thread.topic, "behind": 5}
        assert [post["number"] for post in (await tab.watch(thread, version=4))["posts"]] == [5]


# --- Reading ---------------------------------------------------------------------------------------


async def test_reading_is_noted_and_never_goes_back(ben, sal, thread):
    await in_thread(make.reply, thread=thread, author=ben)
    async with open_socket(sal) as tab:
        for number in (2, 1):
            await tab.say({"read": {"thread": thread.pk, "number": number}})
        await tab.ask({"beat": {}})
    assert (await ReadMarker.objects.aget(member=sal, thread=thread)).number == 2


async def test_a_visitors_reading_is_not_noted(ada, open_space):
    thread = await in_thread(make.thread, space=open_space, author=ada)
    async with open_socket() as tab:
        await tab.say({"read": {"thread": thread.pk, "number": 1}})
        await tab.ask({"beat": {}})
    assert await ReadMarker.objects.acount() == 1


async def test_reading_what_one_may_not_read_is_not_noted(ada, sal, officers_space):
    secret = await in_thread(make.thread, space=officers_space, author=ada)
    async with open_socket(sal) as tab:
        assert await tab.ask({"read": {"thread": secret.pk, "number": 1}}) == {"to": secret.topic, "gone": True}
    assert not await ReadMarker.objects.filter(member=sal).aexists()


# --- Sent away -------------------------------------------------------------------------------------


async def test_a_suspended_member_is_sent_away_within_a_second_and_can_not_come_back(mo, ben, thread):
    key = await session_cookie(ben)
    async with open_socket(ben) as tab:
        await tab.watch(thread)
        await in_thread(suspension.suspend, actor=mo, member=ben, reason="Rule 2.")
        async with asyncio.timeout(3):
            assert await tab.close_code() == live.GONE
    communicator, _ = await connect(key)  # a visitor's now
    await communicator.send_to(text_data=json.dumps({"watch": thread.topic, "version": 0}))
    while "live" in (answer := json.loads(await communicator.receive_from(5))):
        pass
    assert answer == {"to": thread.topic, "gone": True}
    await communicator.disconnect()


async def test_who_lost_verification_is_sent_away_and_then_sees_less(mo, ben, ada, officers_space):
    secret = await in_thread(make.thread, space=officers_space, author=ada)
    async with open_socket(ben) as tab:
        assert "posts" in await tab.watch(secret)
        await in_thread(verification.revoke, actor=mo, member=ben, reason="Left Leeds.")
        assert await tab.close_code() == live.GONE
    async with open_socket(ben) as tab:
        assert await tab.watch(secret) == {"to": secret.topic, "gone": True}


async def test_a_changed_audience_sends_away_who_watches_there_and_nobody_else(
    ada, ben, sal, mo, open_space, members_space, thread
):
    elsewhere = await in_thread(make.thread, space=open_space, author=ada)
    async with open_socket(sal) as there, open_socket(ben) as other:
        await there.watch(thread)
        await other.watch(elsewhere)
        await in_thread(make.decide_readers, space=members_space, actor=mo, audience="officers")
        assert await there.close_code() == live.GONE
        assert await other.is_quiet()
    async with open_socket(sal) as there:
        assert await there.watch(thread) == {"to": thread.topic, "gone": True}


async def test_who_may_still_read_comes_back(ben, members_space, thread):
    async with open_socket(ben) as tab:
        await tab.watch(thread)
        await in_thread(spaces.follow_publication, space=members_space)
        assert await tab.close_code() == live.GONE
    async with open_socket(ben) as tab:
        assert (await tab.watch(thread, version=1))["version"] == 1


async def test_ending_other_sessions_closes_their_sockets_only(ben):
    async with open_socket(ben) as first, open_socket(ben) as second:
        keys = [key async for key in ben.sessions.values_list("session_key", flat=True)]
        kept = next(key for key in keys if key == second.session_key)
        await in_thread(sessions.end_others, actor=ben, keep=kept)
        assert await first.close_code() == live.GONE
        assert await second.is_quiet()


async def test_signing_out_closes_the_socket(ben):
    async with open_socket(ben) as tab:

        def sign_out():
            from django.test import Client

            client = Client()
            client.cookies["sessionid"] = tab.session_key
            client.post("/accounts/logout/")

        await sync_to_async(sign_out)()
        assert await tab.close_code() == live.GONE


# --- The hub ---------------------------------------------------------------------------------------


async def test_the_hub_forgets_who_has_left(ben, sal, thread):
    async with open_socket(ben) as first, open_socket(sal) as second:
        await first.watch(thread)
        await second.watch(thread)
        hub = live.hub()
        assert len(hub.watchers[thread.topic]) == 2
    assert not hub.sockets and not hub.watchers and not hub.joining


async def test_one_action_is_one_frame_however_many_watch(ben, sal, mo, thread, monkeypatch):
    rendered = []
    real = consumers.queries.render_post
    monkeypatch.setattr(consumers.queries, "render_post", lambda *args: rendered.append(1) or real(*args))
    async with open_socket(sal) as first, open_socket(mo) as second:
        await first.watch(thread, version=1)
        await second.watch(thread, version=1)
        rendered.clear()
        await in_thread(
            threads.reply, actor=ben, thread=thread, source="Once.", token="6f0c7c1e-1111-4111-8111-111111111111"
        )
        assert await first.hear(to=thread.topic) == await second.hear(to=thread.topic)
    assert len(rendered) == 1


async def test_a_message_that_nobody_understands_does_not_make_the_hub_deaf(ben, sal, thread):
    """As another version of this site might send it, while a new one is being rolled out."""
    layer = get_channel_layer()
    async with open_socket(sal) as tab:
        await tab.watch(thread)
        for message in ({"type": "live.drop", "whom": {"planet": 3}}, {"type": "live.frame"}, {"type": "live.unknown"}):
            await layer.group_send(live.EVERY_HUB, message)
        await in_thread(make.reply, thread=thread, author=ben)
        assert (await tab.hear(to=thread.topic))["version"] == 2

"""Story 1: officers talk in a thread that both have open."""

import re

import pytest
from playwright.sync_api import expect

from .people import ADDRESSES
from .threads import composer, is_in_thread, is_live, number_of, post, posts, replies, starts_thread, status

SPACE = "officers-only"


def test_a_thread_is_started_and_both_follow_it(person, ben):
    ada = person()
    ada.opens("/")
    ada.follows("Sign in", within=".masthead")
    ada.signs_in(ADDRESSES["ada"])
    ada.follows("Community", within=".mainnav")
    ada.sees_heading("Community")
    space = ada.page.locator("li.space").filter(has_text="Officers only").first
    expect(space.locator(".count")).to_have_text(re.compile(r"\d+\s*threads?"))
    expect(space).to_contain_text("Latest:")

    space.get_by_role("link", name="Officers only").click()
    ada.follows("Start a thread")
    ada.page.get_by_label("Title").fill("Who has left a data centre this year?")
    ada.page.get_by_label("Your post").fill(
        "We must be out by **March**.\n\n- What did you move first?\n- What stayed?"
    )
    ada.page.get_by_label("Tags").fill("hosting, data-centre")
    ada.presses("Preview")
    expect(ada.page.locator("#preview strong")).to_have_text("March")
    expect(ada.page.locator("#preview li")).to_have_count(2)
    ada.presses("Start thread")
    thread = is_in_thread(ada, "Who has left a data centre this year?")
    expect(post(ada, 1).locator(".prose strong")).to_have_text("March")
    expect(ada.page.locator(".thread-head .tags a")).to_have_text(["hosting", "data-centre"])

    ben.opens(f"/community/{SPACE}/")
    ben.follows("Who has left a data centre this year?")
    is_live(ben)
    is_live(ada)

    replies(ada, "We began with the telephones.")
    expect(posts(ben)).to_contain_text(["We must be out by March.", "We began with the telephones."])
    replies(ben, "Two of our systems went first.")
    expect(posts(ada)).to_have_count(3)
    expect(posts(ada).last).to_contain_text("Two of our systems went first.")

    # Ben edits; Ada sees the new words where the old ones stood, and what they were before.
    post(ben, 3).get_by_role("link", name="Edit").click()
    ben.page.get_by_label("Your post").fill("Three of our systems went first.")
    ben.presses("Save changes")
    expect(post(ben, 3).locator(".prose")).to_have_text("Three of our systems went first.")
    expect(post(ada, 3).locator(".prose")).to_have_text("Three of our systems went first.")
    expect(posts(ada)).to_have_count(3)
    assert ada.page.url.endswith(thread), "Ada's page was never loaded again"
    post(ada, 3).get_by_role("link", name="Edited").click()
    ada.sees_heading("History of post 3")
    ada.sees("Three of our systems went first.")
    ada.sees("Two of our systems went first.")


def test_what_was_missed_arrives_in_order_once_and_the_page_says_so(ada, ben):
    thread = starts_thread(ada, SPACE, "Which suppliers let you leave?", "And what did the export cost?")
    ben.opens(thread)
    is_live(ben)
    is_live(ada)
    ben.expects("ERR_INTERNET_DISCONNECTED")
    ben.context.set_offline(True)
    expect(status(ben)).to_contain_text("Offline")
    composer(ben).fill("Half a sentence")

    for words in ("One: ours did.", "Two: at no cost.", "Three: in a week."):
        replies(ada, words)
    expect(posts(ben)).to_have_count(1)

    ben.context.set_offline(False)
    expect(status(ben)).to_have_text("Up to date. 3 posts arrived while you were away.")
    expected = ["And what did the export cost?", "One: ours did.", "Two: at no cost.", "Three: in a week."]
    expect(posts(ben)).to_have_text(expected)
    expect(composer(ben)).to_have_value("Half a sentence")
    replies(ada, "Four: and live again.")
    expect(posts(ben)).to_have_text([*expected, "Four: and live again."])


def test_pressed_twice_and_sent_again_is_posted_once(ada, ben):
    ada.opens(f"/community/{SPACE}/start/")
    ada.page.get_by_label("Title").fill("Started once")
    ada.page.get_by_label("Your post").fill("By a double click.")
    ada.page.locator("main").get_by_role("button", name="Start thread").dblclick()
    thread = is_in_thread(ada, "Started once")
    ben.opens(f"/community/{SPACE}/")
    expect(ben.page.get_by_role("link", name="Started once")).to_have_count(1)
    ben.opens(thread)
    is_live(ben)

    composer(ada).fill("Pressed twice.")
    with ada.page.expect_request(re.compile("/reply/$")) as sent:
        ada.page.locator("main").get_by_role("button", name="Post reply").dblclick()
    expect(posts(ada)).to_have_text(["By a double click.", "Pressed twice."])

    # The same form once more, as after an answer that got lost on its way.
    request = sent.value
    again = ada.context.request.post(request.url, data=request.post_data_buffer, headers=request.all_headers())
    assert again.status == 201
    assert again.json()["number"] == 2
    replies(ada, "The next one.")
    expect(posts(ben)).to_have_text(["By a double click.", "Pressed twice.", "The next one."])


@pytest.mark.parametrize("who", ["cleo", "sal", None], ids=["newcomer", "supplier member", "visitor"])
def test_others_cannot_find_it_by_any_road(person, ada, who):
    title, words = f"Vending machines and {who}", "zeppelin budgets"
    thread = starts_thread(ada, SPACE, title, f"About {words}.", tags="zeppelins")
    outsider = person(ADDRESSES[who]) if who else person()

    for path in ("/", "/community/", "/feeds/threads/"):
        answer = outsider.context.request.get(f"{outsider.site}{path}")
        assert answer.ok
        for hidden in (title, SPACE, "Officers only"):
            assert hidden not in answer.text(), f"{hidden!r} stands at {path}"
    outsider.finds_nothing("zeppelin")
    for path in (
        f"/community/{SPACE}/",
        f"/community/{SPACE}/start/" if who else f"/community/{SPACE}/",
        "/community/tags/zeppelins/",
        thread,
        f"/threads/{number_of(thread)}/",
        f"/threads/{number_of(thread)}/changes/?since=0",
    ):
        outsider.is_refused(path)

    # The socket tells a thread that is not theirs from one that is not there by nothing.
    outsider.opens("/community/")
    answers = [_watched(outsider, number) for number in (number_of(thread), 999_999)]
    assert answers == ["gone", "gone"]


def _watched(person, number: int) -> str:
    return person.page.evaluate(
        """number => new Promise((resolve, reject) => {
            const socket = new WebSocket(location.origin.replace("http", "ws") + "/live/");
            const topic = `thread:${number}`;
            socket.onopen = () => socket.send(JSON.stringify({ watch: topic, version: 0 }));
            socket.onerror = () => reject(new Error("no socket"));
            socket.onmessage = ({ data }) => {
                const message = JSON.parse(data);
                if (message.to !== topic) return;
                socket.close();
                resolve(message.gone ? "gone" : data);
            };
        })""",
        number,
    )

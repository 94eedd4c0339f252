"""Where no socket comes through, the thread still follows: the page asks every few seconds, and says so."""

import re

from playwright.sync_api import WebSocketRoute, expect

from .threads import is_live, posts, replies, starts_thread, status


def test_a_thread_follows_by_asking(ada, ben):
    ben.context.add_init_script(
        "window.WebSocket = class { static OPEN = 1; readyState = 0; close() {}"
        " constructor() { setTimeout(() => this.onclose?.({ code: 1006 }), 50); } };"
    )
    thread = starts_thread(ada, "officers-only", "Behind an old proxy", "Can you hear us?")
    ben.opens(thread)
    replies(ada, "One.")
    replies(ada, "Two.")
    expect(posts(ben)).to_have_text(["Can you hear us?", "One.", "Two."])
    replies(ben, "Yes.")
    expect(posts(ben)).to_have_text(["Can you hear us?", "One.", "Two.", "Yes."])
    expect(posts(ada)).to_have_text(["Can you hear us?", "One.", "Two.", "Yes."])


def test_a_line_that_breaks_comes_back(ada, ben):
    """Ben's socket is cut; what was posted meanwhile arrives with the next one, without a reload."""
    lines: list[WebSocketRoute] = []

    def connect(line: WebSocketRoute):
        lines.append(line)
        line.connect_to_server()

    ben.context.route_web_socket(re.compile("/live/$"), connect)
    thread = starts_thread(ada, "officers-only", "A line that breaks", "Hello?")
    ben.opens(thread)
    is_live(ben)
    count = len(lines)
    lines[-1].close(code=1011)
    replies(ada, "Still there?")
    expect(posts(ben)).to_have_text(["Hello?", "Still there?"])
    expect(status(ben)).to_be_visible()
    replies(ada, "Good.")
    expect(posts(ben)).to_have_text(["Hello?", "Still there?", "Good."])
    assert len(lines) > count

"""People in front of browsers of their own, and what they do on every page."""

import re
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

PASSWORD = "forum-demo-2026"
ADDRESSES = {
    "ada": "ada@camden.example",
    "ben": "ben@leeds.example",
    "cleo": "cleo@newcomer.example",
    "sal": "sal@brightwave.example",
    "eve": "eve@forum.example",
    "mo": "mo@forum.example",
}
NAMES = {"ada": "Ada Okafor", "ben": "Ben Hartley"}


class Person:
    """One person with one browser. What the browser complains of is kept: see `complaints`."""

    def __init__(self, context: BrowserContext, site: str, email: str = ""):
        self.context, self.site, self.email = context, site, email
        self.expected: list[str] = []  # complaints that belong to the story, as regular expressions
        self._heard: list[str] = []
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._heard.append(f"script: {error.error}"))
        context.on("response", self._look)
        self.page: Page = context.new_page()

    # --- What goes wrong unseen ------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage):
        if message.type in {"error", "warning"} and "the server responded with a status" not in message.text:
            where = message.location.get("url", "") if message.location else ""
            self._heard.append(f"console: {message.text} ({where})")

    def _look(self, response: Response):
        """A page may say no (404, 422); what a page fetches for itself may not."""
        if response.status >= (500 if response.request.resource_type == "document" else 400):
            self._heard.append(f"answer: {response.status} {response.url}")

    def expects(self, *complaints: str):
        """What the browser will complain of, as it should: an address that is refused, a network that is gone."""
        self.expected += complaints

    @property
    def complaints(self) -> list[str]:
        return [heard for heard in self._heard if not any(re.search(known, heard) for known in self.expected)]

    # --- Getting about ---------------------------------------------------------------------------

    def opens(self, path: str) -> Response | None:
        return self.page.goto(path if path.startswith("http") else f"{self.site}{path}")

    def is_refused(self, path: str):
        """An address that is not there for this person."""
        response = self.opens(path)
        assert response is not None and response.status == 404, path

    def follows(self, name: str, *, within: str = "main"):
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()

    def presses(self, name: str, *, within: str = "main"):
        self.page.locator(within).get_by_role("button", name=name, exact=True).click()

    def sees(self, words: str | re.Pattern, *, within: str = "main"):
        expect(self.page.locator(within).get_by_text(words).first).to_be_visible()

    def sees_heading(self, words: str | re.Pattern):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def does_not_see(self, words: str):
        expect(self.page.locator("body")).not_to_contain_text(words)
        assert words not in self.page.content(), f"{words!r} stands in the page's source"

    # --- Signing in --------------------------------------------------------------------------------

    def signs_in(self, email: str = "", password: str = PASSWORD):
        """By the form, to which they have come."""
        self.sees_heading("Sign in")
        self.page.get_by_label("E-mail address").fill(email or self.email)
        self.page.get_by_label("Password").fill(password)
        self.presses("Sign in")
        expect(self.page.locator("#account")).to_be_attached()

    # --- Mail --------------------------------------------------------------------------------------

    def mail(self, subject: str, *, to: str = "") -> Locator:
        """The newest mail with this subject, open in /demo/mail/."""
        self.opens("/demo/mail/")
        rows = self.page.locator(".rows > li").filter(has_text=f"To {to or self.email}").filter(has_text=subject)
        rows.first.get_by_role("link").click()
        return self.page.locator("pre.mail").first

    def has_no_mail(self, subject: str, *, to: str = ""):
        self.opens("/demo/mail/")
        rows = self.page.locator(".rows > li").filter(has_text=f"To {to or self.email}").filter(has_text=subject)
        expect(rows).to_have_count(0)

    # --- Searching -----------------------------------------------------------------------------------

    def finds_nothing(self, words: str):
        self.opens(f"/search/?q={quote(words)}")
        expect(self.page.get_by_role("heading", name="No posts")).to_be_visible()

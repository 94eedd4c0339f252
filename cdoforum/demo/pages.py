"""What the editor wrote: the home page, plain pages, and the spaces. All of it published through Wagtail."""

import json
import re
from datetime import datetime

from markdown_it import MarkdownIt
from wagtail.images.models import Image
from wagtail.models import Page, PageLogEntry

from cdoforum.models import ContentPage, HomePage, SiteSettings
from community.actions import memberships
from community.models import CommunityPage, SpacePage
from events.models import EventIndexPage
from members.models import Member

from . import content
from .history import History

_markdown = MarkdownIt("commonmark").enable("table")


def plan(history: History):
    opened = history.ago(427)
    history.add(opened, _fill_first_pages, history)
    for row in content.read("pages")["page"]:
        history.add(opened, _publish_page, history, row)
    begins = _first_threads()
    for row in content.read("spaces")["space"]:
        # A group is opened when its members have joined; the others were there from the beginning.
        at = history.ago(begins[row["slug"]] + 1) if row["audience"] == SpacePage.Audience.GROUP else opened
        history.add(at, _publish_space, history, row)


def publish(page: Page, *, below: Page, by: Member, now: datetime):
    """Adds a page and publishes it, as if it had been done at `now`: Wagtail itself knows only the present."""
    page.live, page.owner = False, by
    below.add_child(instance=page)
    change(page, by=by, now=now)
    page.refresh_from_db()


def change(page: Page, *, by: Member, now: datetime):
    """Publishes what a page says now as its next version."""
    page.save_revision(user=by).publish(user=by)
    page.revisions.update(created_at=now)
    PageLogEntry.objects.filter(page=page.pk).update(timestamp=now)
    times = dict.fromkeys(["first_published_at", "last_published_at", "latest_revision_created_at"], now)
    Page.objects.filter(pk=page.pk).update(**times)


def rich_text(source: str) -> str:
    """Markdown → the HTML that the CMS keeps. It knows no tables: their rows become items of a list."""
    return re.sub(r"<table>.*?</table>", _list_of, _markdown.render(source), flags=re.DOTALL).strip()


def _list_of(table: re.Match) -> str:
    heads, *rows = (re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in table[0].split("</tr>") if "<tr>" in row)
    items = []
    for first, *others in rows:
        told = " ".join(f"{head}: {cell[:1].lower()}{cell[1:]}." for head, cell in zip(heads[1:], others, strict=True))
        items.append(f"<li><b>{first}.</b> {told}</li>")
    return f"<ul>{''.join(items)}</ul>"


def stream(blocks: list[tuple]) -> str:
    """Blocks → what a StreamField keeps."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def picture(image: Image) -> tuple[str, dict]:
    """The block of a picture that says nothing the words don't say."""
    return "image", {"image": image.pk, "decorative": True, "alt_text": ""}


def _first_threads() -> dict[str, float]:
    return {space: max(row["days_ago"] for row in rows) for space, rows in content.threads().items()}


def _fill_first_pages(history: History, *, now: datetime):
    eve = history.members["eve"]
    words = content.read("pages")["home"]
    home = HomePage.objects.get()
    home.heading, home.welcome = words["welcome_heading"], words["welcome_text"]
    change(home, by=eve, now=now)
    community, events = CommunityPage.objects.get(), EventIndexPage.objects.get()
    community.introduction, events.introduction = words["community_introduction"], words["events_introduction"]
    change(community, by=eve, now=now)
    change(events, by=eve, now=now)
    SiteSettings.objects.update_or_create(defaults={"contact_email": words["contact_email"]})


def _publish_page(history: History, row: dict, *, now: datetime):
    before, *sections = re.split(r"^## ", row["body"], flags=re.MULTILINE)
    body = [("paragraph", rich_text(before))] if before.strip() else []
    for section in sections:
        heading, _, text = section.partition("\n")
        body += [("heading", heading.strip()), ("paragraph", rich_text(text))]
    page = ContentPage(title=row["title"], slug=row["slug"], introduction=row["intro"], body=stream(body))
    publish(page, below=HomePage.objects.get(), by=history.members["eve"], now=now)


def _publish_space(history: History, row: dict, *, now: datetime):
    fields = {name: value for name, value in row.items() if name != "invited"}
    space = SpacePage(**fields)
    publish(space, below=CommunityPage.objects.get(), by=history.members["eve"], now=now)
    for key in row.get("invited", ()):
        memberships.invite(actor=history.members["mo"], space=space, member=history.members[key], now=now)

"""A person leaves: what they and others wrote stays readable, without their name."""

import re

import pytest

from community.actions import posts
from members.actions import verification
from members.actions.erasure import erase
from members.actions.sign_up import sign_up
from tests import make

pytestmark = pytest.mark.django_db


def mentions(page: str, handle: str) -> bool:
    """Whether the page has this very handle, however it is written and whatever follows it."""
    return re.search(rf"@{handle}(?![\w-])", page, re.IGNORECASE) is not None


def pages_of(client, post) -> str:
    """Each page that has the post's words, of now and of before."""
    addresses = (post.thread.get_absolute_url(), f"/posts/{post.pk}/history/", f"/posts/{post.pk}/edit/")
    return "".join(client.get(address).content.decode() for address in addresses)


def test_nobody_is_named_by_a_mention_any_more(as_, ada, ben, thread):
    post = make.reply(thread, ada, "As @Ben-Hartley said, and `@ben-hartley` again. Not @ben-hartley-2, not @benjamin.")
    posts.edit(actor=ada, post=post, source=f"{post.source} Yes.")
    erase(actor=ben)
    client = as_(ada)
    for address in (thread.get_absolute_url(), f"/posts/{post.pk}/history/", f"/posts/{post.pk}/edit/"):
        page = client.get(address).content.decode()
        assert "@former-member said" in page and "Ben-Hartley" not in page and not mentions(page, "ben-hartley")
        assert "@ben-hartley-2" in page and "@benjamin" in page
        assert f'href="/members/{ben.pk}/"' not in page
    assert client.get("/search/?q=former-member said").context["results"].count == 1


def test_mentions_of_others_stay(ada, ben, sal, thread):
    make.reply(thread, sal, "I was here.")
    post = make.reply(thread, ada, "@sal-rivers and @ben-hartley")
    before = post.html
    erase(actor=ben)
    post.refresh_from_db()
    assert post.source == "@sal-rivers and @former-member"
    assert f'<a class="mention" href="/members/{sal.pk}/">@sal-rivers</a>' in post.html and post.html != before


@pytest.mark.parametrize(
    "words",
    [
        "`@ben-hartley`",
        "```\nask @ben-hartley\n```",
        "[@ben-hartley](https://leeds.example/)",
        "**Ask**@ben-hartley",
        " ".join(f"@nobody-{number}" for number in range(20)) + " @Ben-Hartley",
    ],
)
def test_a_mention_that_never_became_a_link_is_forgotten_as_well(as_, ada, ben, thread, words):
    post = make.reply(thread, ada, f"{words}, not @ben-hartley-2")
    post = posts.edit(actor=ada, post=post, source=f"{post.source}, nor @benjamin")
    erase(actor=ben)
    pages = pages_of(as_(ada), post) + as_(ada).get("/search/?q=benjamin").content.decode()
    assert not mentions(pages, "ben-hartley")
    assert "@former-member" in pages and mentions(pages, "ben-hartley-2") and mentions(pages, "benjamin")


def test_a_mention_by_somebody_who_may_not_know_them_is_forgotten(as_, ben, sal, thread):
    post = make.reply(thread, sal, "Does @ben-hartley know?")
    assert "<a" not in post.html
    erase(actor=ben)
    assert "<p>Does @former-member know?</p>" in as_(sal).get(thread.get_absolute_url()).content.decode()


def test_the_handle_of_a_newcomer_is_forgotten_after_they_have_another(as_, ada, mo, thread):
    cleo = sign_up(email="cleo@stroud.example", password="slate-harbour-lantern", name="Cleo Marsh")
    by_chance = cleo.handle
    post = make.reply(thread, ada, f"@{by_chance} and `@{by_chance}`, not @{by_chance}-2")
    cleo = verification.verify_officer(actor=mo, member=cleo, organisation=make.organisation("Stroud"))
    post = posts.edit(actor=ada, post=post, source=f"{post.source}, but @{cleo.handle}")
    assert cleo.handle == "cleo-marsh"
    erase(actor=cleo)
    pages = pages_of(as_(ada), post)
    assert not mentions(pages, by_chance) and not mentions(pages, "cleo-marsh")
    assert mentions(pages, f"{by_chance}-2")
    cleo.refresh_from_db()
    assert "cleo" not in f"{cleo.handle} {cleo.former_handle}"


@pytest.mark.parametrize(
    "written", ["@ada-okafor_", "@ada-okafor@mastodon.example", "@ada-okafor.example", "x@ada-okafor"]
)
def test_a_handle_is_forgotten_also_where_it_rings_nobody(written, ada, ben, thread):
    post = make.reply(thread, ben, f"Ask {written} about it.")
    erase(actor=ada)
    post.refresh_from_db()
    assert "okafor" not in f"{post.source} {post.html} {post.text}".lower()

"""A person leaves: what they and others wrote stays readable, without their name."""

import pytest

from community.actions import posts
from members.actions.erasure import erase
from tests import make

pytestmark = pytest.mark.django_db


def test_nobody_is_named_by_a_mention_any_more(as_, ada, ben, thread):
    post = make.reply(thread, ada, "As @Ben-Hartley said, and `@ben-hartley` again. Not @ben-hartley-2, not @benjamin.")
    posts.edit(editor=ada, post_id=post.pk, source=f"{post.source} Yes.")
    erase(actor=ben)
    client = as_(ada)
    for address in (thread.get_absolute_url(), f"/posts/{post.pk}/history/", f"/posts/{post.pk}/edit/"):
        page = client.get(address).content.decode()
        assert "@former-member said" in page and "Ben-Hartley" not in page and "@ben-hartley " not in page
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

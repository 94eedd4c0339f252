"""Pages and settings of every kind are cleaned, whichever road saves them; events: tests/events/test_text.py."""

import pytest
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cdoforum.models import ContentPage, HomePage, SiteSettings
from community.models import SpacePage
from tests import make

pytestmark = pytest.mark.django_db
TYPED, CLEAN = "Fair\ufffe\x0b \u202eterms\u200b", "Fair terms"


def test_a_space(members_space, client):
    make.publish_space(members_space, title=TYPED, summary=TYPED, guidelines=TYPED)
    space = SpacePage.objects.get(pk=members_space.pk)
    assert (space.title, space.summary) == (CLEAN, CLEAN) and space.guidelines == CLEAN


def test_a_page_of_text(client):
    body = [{"type": "heading", "value": TYPED}, {"type": "notice", "value": {"text": f"<p>{TYPED}</p>"}}]
    page = HomePage.objects.first().add_child(
        instance=ContentPage(title=TYPED, slug="fair-terms", introduction=f"{TYPED}\n{TYPED}", body=body)
    )
    page.save_revision().publish()
    page = ContentPage.objects.get(pk=page.pk)
    assert (page.title, page.introduction) == (CLEAN, f"{CLEAN}\n{CLEAN}")
    shown = client.get("/fair-terms/").content.decode()
    assert "\ufffe" not in shown and "\u202e" not in shown and shown.count(CLEAN) >= 5


def test_the_notice_of_the_site(as_, eve):
    settings = SiteSettings.load()
    data = {"contact_email": "", "notice": rich_text(f"<p>{TYPED}</p>")}
    response = as_(eve).post(f"/cms/settings/cdoforum/sitesettings/{settings.pk}/", nested_form_data(data))
    assert response.status_code == 302
    assert CLEAN in SiteSettings.load().notice and "\ufffe" not in SiteSettings.load().notice


@pytest.mark.parametrize("slug", ["search", "settings", "cms", "media", "static", "threads", "introductions", "feeds"])
def test_a_page_can_not_be_where_the_forum_itself_is(slug, as_, eve):
    home = HomePage.objects.first()
    typed = {"title": "Fair terms", "slug": slug, "introduction": "", "body": streamfield([]), "action-publish": "1"}
    typed |= {"seo_title": "", "search_description": "", "go_live_at": "", "expire_at": ""}
    add = f"/cms/pages/add/cdoforum/contentpage/{home.pk}/"
    response = as_(eve).post(add, nested_form_data(typed))
    assert f"The forum itself uses “{slug}” as an address" in str(response.context["form"].errors["slug"])
    assert not ContentPage.objects.filter(slug=slug).exists()
    assert as_(eve).post(add, nested_form_data(typed | {"slug": "fair-terms"})).status_code == 302

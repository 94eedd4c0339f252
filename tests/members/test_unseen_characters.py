"""No name, job title or text of a profile holds characters that nobody sees, or that turn what stands beside them."""

import pytest

from members.models import Member

pytestmark = pytest.mark.django_db
PROFILE = "/settings/profile/"


def test_they_are_left_out(ada, as_):
    values = {"name": "Ada \u202eOkafor\u200b", "job_title": "Chief\x07 Officer", "bio": "Two lines\x01.\nOf words."}
    assert as_(ada).post(PROFILE, values).status_code == 302
    ada = Member.objects.get(pk=ada.pk)
    assert (ada.name, ada.job_title, ada.bio) == ("Ada Okafor", "Chief Officer", "Two lines.\nOf words.")


@pytest.mark.parametrize("name", ["\u200b\u3164", "\u202e", " \u2060 "])
def test_a_name_of_nothing_else_is_none(name, ada, as_):
    response = as_(ada).post(PROFILE, {"name": name, "job_title": "Director", "bio": ""})
    assert response.context["form"].errors["name"]
    assert Member.objects.get(pk=ada.pk).name == "Ada Okafor"


def test_nor_does_anybody_sign_up_with_one(client):
    fields = {"name": "\u3164", "job_title": "", "organisation": "", "email": "new@council.example"}
    response = client.post("/accounts/signup/", fields | {"password1": "three words apart"})
    assert response.context["form"].errors["name"]
    assert not Member.objects.exists()

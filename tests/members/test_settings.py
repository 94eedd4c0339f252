"""What members change about themselves."""

import pytest
from django.core.exceptions import ValidationError

from members.actions import settings
from members.models import Activity, Member

PAGES = ["", "profile/", "verification/", "mail/", "sessions/", "erase/"]


def fresh(member):
    return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("page", PAGES)
def test_visitors_sign_in_first_and_come_back(client, db, page):
    response = client.get(f"/settings/{page}")
    assert (response.status_code, response.url) == (302, f"/accounts/login/?next=/settings/{page}")


@pytest.mark.parametrize("who", ["ada", "cleo", "sal", "mo"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_everybody(request, who, page, as_):
    assert as_(request.getfixturevalue(who)).get(f"/settings/{page}").status_code == 200


@pytest.mark.parametrize(("who", "words"), [("cleo", "Change your verification"), ("ada", "Look at your verification")])
def test_the_link_to_the_verification_is_a_sentence(request, who, words, as_):
    page = as_(request.getfixturevalue(who)).get("/settings/").content.decode()
    assert words in page.replace('<span class="visually-hidden">', "")


def test_changes_the_profile_and_keeps_the_handle(ada, as_):
    response = as_(ada).post(
        "/settings/profile/", {"name": " Ada  O’Connor ", "job_title": "Director", "bio": "Two lines.\nOf words."}
    )
    assert response.status_code == 302
    member = fresh(ada)
    assert (member.name, member.job_title, member.handle) == ("Ada O’Connor", "Director", "ada-okafor")
    activity = Activity.objects.get()
    assert (activity.verb, activity.data) == ("member.profile_changed", {"fields": ["bio", "job_title", "name"]})


def test_what_is_too_long_is_said_in_our_words(ada, as_):
    page = (
        as_(ada)
        .post("/settings/profile/", {"name": "x" * 121, "job_title": "y" * 122, "bio": "z" * 601})
        .content.decode()
    )
    for limit, length in ((120, 121), (120, 122), (600, 601)):
        assert (
            f"This is {length - limit} character{'' if length - limit == 1 else 's'} too long: the limit is {limit}."
            in page
        )
    assert "Ensure" not in page


def test_saving_nothing_new_is_no_activity(ada, as_):
    values = {"name": ada.name, "job_title": ada.job_title, "bio": ada.bio}
    assert as_(ada).post("/settings/profile/", values).status_code == 302
    assert Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Write your name."),
        ({"job_title": "", "bio": "Poet and digital officer"}, "Write your job title."),
        ({"job_title": "\u2800", "bio": "Poet and digital officer"}, "Write your job title."),
        ({"name": "x" * 121}, "the limit is 120"),
        ({"bio": "x" * 601}, "the limit is 600"),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"name": "www@spam.example"}, "Write a name, without an address."),
    ],
)
def test_nonsense_is_answered_and_what_was_typed_is_kept(ada, as_, changes, message):
    values = {"name": "Ada", "job_title": "Poet and digital officer", "bio": ""} | changes
    response = as_(ada).post("/settings/profile/", values)
    page = response.content.decode()
    assert message in page
    assert "Poet and digital officer" in page
    assert "Signed in as Ada Okafor" in page  # the head does not show what was not saved
    assert fresh(ada).name == "Ada Okafor"


def test_action_leaves_out_what_nobody_sees(ada):
    settings.change_profile(actor=ada, values={"job_title": "\u2067Poet", "bio": "\u200b\u3164"})
    assert (fresh(ada).job_title, fresh(ada).bio) == ("Poet", "")
    with pytest.raises(ValidationError, match="Write your name"):
        settings.change_profile(actor=ada, values={"name": "\u200b\u3164"})
    with pytest.raises(ValidationError, match="Write your job title"):
        settings.change_profile(actor=ada, values={"job_title": "\u200b\u3164"})


def test_biography_of_the_greatest_length_may_have_many_lines(ada, as_):
    """Browsers send the end of a line as two characters."""
    bio = "line\r\n" * 119 + "line"
    assert as_(ada).post("/settings/profile/", {"name": "Ada", "job_title": "CDO", "bio": bio}).status_code == 302
    assert len(fresh(ada).bio) == 599


def test_standing_can_not_be_smuggled_in(cleo, as_):
    as_(cleo).post(
        "/settings/profile/", {"name": "Cleo", "job_title": "x", "bio": "", "standing": "officer", "is_superuser": "1"}
    )
    settings.change_profile(actor=cleo, values={"name": "Cleo", "standing": "officer", "is_superuser": True})
    assert (fresh(cleo).standing, fresh(cleo).is_superuser) == ("newcomer", False)


def test_chooses_mail(ada, as_):
    as_(ada).post("/settings/mail/", {"mail_mentions": "on"})
    member = fresh(ada)
    assert (member.mail_mentions, member.mail_replies, member.mail_events, member.mail_introductions) == (
        True, False, False, False,
    )  # fmt: skip
    page = as_(ada).get("/settings/").content.decode()
    assert "Mentions of me" in page
    assert "Introductions</li>" not in page

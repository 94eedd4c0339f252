"""The moderators' queue in the CMS: what stands there, and what its buttons do."""

import pytest

from directory.actions import introductions as actions
from directory.models import Introduction
from directory.rules.states import CHANGED_SINCE
from tests import make
from tests.directory.decisions import open_form, press

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(sal, ada):
    return make.introduction(sal, ada)


def test_what_waits_stands_first_with_who_why_and_what_was_before(as_, mo, sal, ben, waiting):
    make.introduction(sal, ben, status="declined")
    queue = as_(mo).get("/cms/introductions/").content.decode()
    assert 0 < queue.index("Waits for you") < queue.rindex("Declined")
    page = as_(mo).get(f"/cms/introductions/{waiting.pk}/").content.decode()
    for words in (
        "Sal Rivers",
        "Ada Okafor",
        "May we talk?",
        "Repairs that are kept",
        "2 of 5 requests",
        "Declined: 1",
    ):
        assert words in page
    assert "1 introduction waits" in " ".join(as_(mo).get("/cms/").content.decode().split())


@pytest.mark.parametrize(
    ("button", "data", "status"),
    [
        ("forward", {}, "forwarded"),
        ("return", {"reason": "Say more."}, "returned"),
        ("reject", {"reason": "No."}, "rejected"),
    ],
)
def test_each_button_calls_its_action(button, data, status, as_, mo, waiting):
    path = f"/cms/introductions/{waiting.pk}/{button}/"
    assert as_(mo).get(path).status_code == 200
    response = press(as_(mo), path, data, follow=True)
    assert response.status_code == 200
    waiting.refresh_from_db()
    assert waiting.status == status
    assert as_(mo).post(path, data).status_code in {200, 302}, "twice is harmless"
    assert waiting.steps.filter(status=status).count() == 1


@pytest.mark.parametrize(("was_draft", "is_shown"), [(False, False), (True, True)])
def test_a_draft_is_a_step_only_where_one_waited(was_draft, is_shown, as_, mo, sal, ada):
    introduction = make.introduction(sal, ada, status="draft" if was_draft else "submitted")
    if was_draft:
        actions.submit(actor=sal, introduction=introduction)
    for page in (f"/introductions/{introduction.pk}/", f"/cms/introductions/{introduction.pk}/"):
        reader = sal if page.startswith("/introductions") else mo
        assert ("Draft begun" in as_(reader).get(page).content.decode()) == is_shown


@pytest.mark.parametrize("show_name", [True, False])
def test_the_moderator_reads_whether_the_supplier_knows_the_name(show_name, as_, mo, sal, ada):
    make.officer_listing(ada, show_name=show_name)
    address = f"/cms/introductions/{make.introduction(sal, ada).pk}/"
    pages = {button: as_(mo).get(f"{address}{button}/").content.decode() for button in ("forward", "return", "reject")}
    assert ("still doesn’t learn who the officer is" in pages["forward"]) != show_name
    assert all(("don’t name the officer" in pages[button]) != show_name for button in ("return", "reject"))
    assert ("The supplier sees the name, too" in as_(mo).get(address).content.decode()) == show_name


@pytest.mark.parametrize("button", ["return", "reject"])
def test_no_decision_against_the_supplier_without_a_reason(button, as_, mo, waiting):
    response = as_(mo).post(f"/cms/introductions/{waiting.pk}/{button}/", {"reason": " "})
    assert "Write the reason" in response.content.decode()
    waiting.refresh_from_db()
    assert waiting.status == "submitted"


def test_what_is_wrong_with_a_reason_stands_beside_it(as_, mo, ada, waiting):
    path = f"/cms/introductions/{waiting.pk}/return/"
    for reason, said in ((f"Ask {ada.name} first.", "gives the officer’s name"), ("x" * 1001, "the limit is 1,000")):
        errors = press(as_(mo), path, {"reason": reason}).context["form"].errors
        assert list(errors) == ["reason"] and said in errors["reason"][0]


def test_a_colleague_who_was_quicker_is_told(as_, mo, waiting):
    read = open_form(as_(mo), f"/cms/introductions/{waiting.pk}/reject/")
    press(as_(mo), f"/cms/introductions/{waiting.pk}/forward/")
    response = as_(mo).post(f"/cms/introductions/{waiting.pk}/reject/", read | {"reason": "No."})
    assert "has been forwarded to the officer" in response.content.decode()


@pytest.mark.parametrize(
    ("button", "data"), [("forward", {}), ("return", {"reason": "Say more."}), ("reject", {"reason": "No."})]
)
def test_nobody_decides_about_a_text_that_came_after_the_one_they_read(button, data, as_, mo, sal, waiting):
    path, ids = f"/cms/introductions/{waiting.pk}/{button}/", {"introduction": waiting}
    read = open_form(as_(mo), path)
    actions.return_(actor=make.member("Mim Second", groups=["Moderators"]), reason="Say more.", **ids)
    actions.edit(actor=sal, purpose="Case work for damp", message="Come to our party.", **ids)
    actions.submit(actor=sal, **ids)
    page = as_(mo).post(path, read | data).content.decode()
    assert CHANGED_SINCE in page and "Come to our party." in page
    waiting.refresh_from_db()
    assert waiting.status == "submitted"
    press(as_(mo), path, data)
    waiting.refresh_from_db()
    assert waiting.status != "submitted"


@pytest.mark.parametrize("status", ["accepted", "declined", "not_now"])
def test_an_officers_words_are_for_the_two_sides_alone(status, as_, mo, sal, ada):
    answered = make.introduction(sal, ada, status=status, words="Between the two of us.")
    for path in (f"/introductions/{answered.pk}/", f"/cms/introductions/{answered.pk}/", "/cms/audit/"):
        page = as_(mo).get(path)
        assert page.status_code == 200 and "Between the two of us." not in page.content.decode()
    for reader in (sal, ada):
        assert "Between the two of us." in as_(reader).get(f"/introductions/{answered.pk}/").content.decode()


def test_drafts_and_what_concerns_oneself_are_not_in_the_queue(as_, mo, sal, ada, ben, waiting):
    from django.contrib.auth.models import Group

    draft = make.introduction(sal, ben, status="draft", purpose="A private draft")
    assert "A private draft" not in as_(mo).get("/cms/introductions/").content.decode()
    assert as_(mo).get(f"/cms/introductions/{draft.pk}/").status_code == 404
    for concerned in (sal, ada):
        concerned.groups.add(Group.objects.get(name="Moderators"))
        assert "Case work for damp" not in as_(concerned).get("/cms/introductions/").content.decode()
        assert as_(concerned).get(f"/cms/introductions/{waiting.pk}/").status_code == 404
        assert as_(concerned).post(f"/cms/introductions/{waiting.pk}/forward/").status_code == 404


@pytest.mark.parametrize("who", ["eve", "sal", "ada", "cleo"])
def test_only_moderators_get_in(who, as_, eve, sal, ada, cleo, waiting):
    client = as_({"eve": eve, "sal": sal, "ada": ada, "cleo": cleo}[who])
    for name in ("", "forward/", "return/", "reject/"):
        assert client.post(f"/cms/introductions/{waiting.pk}/{name}", {"reason": "x"}).status_code in {
            302,
            403,
            404,
            405,
        }
    assert Introduction.objects.get(pk=waiting.pk).status == "submitted"
    home = client.get("/cms/").content.decode()
    assert "introduction waits" not in " ".join(home.split())


def test_nothing_can_be_added_changed_or_deleted_past_the_actions(as_, admin, waiting):
    for name in ("new/", f"edit/{waiting.pk}/", f"delete/{waiting.pk}/", f"{waiting.pk}/delete/"):
        assert as_(admin).get(f"/cms/introductions/{name}").status_code == 404


def test_the_queue_is_filtered_and_searched(as_, mo, sal, ben, waiting):
    make.introduction(sal, ben, purpose="Maps with lists", status="rejected")
    page = as_(mo).get("/cms/introductions/results/?status=rejected").content.decode()
    assert "Maps with lists" in page and "Case work for damp" not in page
    assert "Maps with lists" in as_(mo).get("/cms/introductions/results/?q=maps").content.decode()

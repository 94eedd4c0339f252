"""Who asked has been suspended, has left the supplier, or is nobody's member any more: nobody is introduced to them."""

import pytest

from directory.actions import introductions as actions
from lib.access import Denied
from members.models import Member
from tests import make

pytestmark = pytest.mark.django_db

SAID = "does not speak for BrightWave here any more"
GONE = {
    "suspended": lambda: {"is_active": False},
    "at another supplier": lambda: {"organisation": make.supplier("Elsewhere")},
    "a newcomer again": lambda: {"standing": "newcomer"},
}


@pytest.fixture(params=GONE)
def leave(request, sal):
    return lambda: Member.objects.filter(pk=sal.pk).update(**GONE[request.param]())


def test_their_request_is_not_forwarded_but_returned_or_rejected(leave, as_, sal, ada, ben, mo):
    first, second = make.introduction(sal, ada), make.introduction(sal, ben)
    leave()
    assert SAID in as_(mo).get(f"/cms/introductions/{first.pk}/").content.decode()
    with pytest.raises(Denied, match=f"{SAID}.*Return or reject"):
        actions.forward(actor=mo, introduction=first)
    assert actions.return_(actor=mo, introduction=first, reason="Who asks now?").status == "returned"
    assert actions.reject(actor=mo, introduction=second, reason="Nobody asks any more.").status == "rejected"


def test_their_request_is_not_accepted_but_declined(leave, as_, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="forwarded")
    path, client = f"/introductions/{introduction.pk}/", as_(ada)
    assert f"{path}accept/" in client.get(path).content.decode()
    leave()
    page = client.get(path).content.decode()
    assert SAID in page and f"{path}accept/" not in page and f"{path}decline/" in page
    for answer in (client.get(f"{path}accept/"), client.post(f"{path}accept/", {"words": "Yes."})):
        assert answer.status_code == 403 and SAID in answer.content.decode()
    introduction.refresh_from_db()
    assert introduction.status == "forwarded"
    client.post(f"{path}decline/", {"words": ""})
    introduction.refresh_from_db()
    assert introduction.status == "declined"


def test_who_was_introduced_before_stays_so(leave, sal, ada, mo):
    introduction = make.introduction(sal, ada, status="accepted")
    leave()
    assert actions.accept(actor=ada, introduction=introduction).status == "accepted"

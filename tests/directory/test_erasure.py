"""A person deletes their account: what the directory forgets, and what stays for the others."""

import pytest
from django.core import mail

from directory.models import Introduction, OfficerListing
from members.actions.erasure import erase
from tests import make

pytestmark = pytest.mark.django_db


def test_an_officer_who_leaves(as_, sal, ada, ben, mo, django_capture_on_commit_callbacks):
    accepted = make.introduction(sal, ada, status="accepted", words="Yes, ring 020 7946 0000.")
    other = make.supplier_member("Robin Rival", company="Quillhouse")
    waiting = make.introduction(other, ada, status="forwarded")
    with django_capture_on_commit_callbacks(execute=True):
        erase(actor=ada)
    assert not OfficerListing.objects.filter(member=ada).exists()
    page = as_(sal).get(f"/introductions/{accepted.pk}/").content.decode()
    assert "Accepted" in page and "A former member" in page
    for gone in ("Ada", "020 7946 0000", "ada@camden.example", "Chief Digital Officer"):
        assert gone not in page
    waiting.refresh_from_db()
    assert waiting.status == "expired"
    assert [m.to for m in mail.outbox if "No answer in time" in m.subject] == [[other.email]]


def test_a_supplier_member_who_leaves(as_, sal, ada, ben, mo, django_capture_on_commit_callbacks):
    pat = make.supplier_member("Pat Colleague", company="BrightWave")
    forwarded = make.introduction(sal, ada, status="forwarded")
    draft = make.introduction(sal, ben, status="draft")
    with django_capture_on_commit_callbacks(execute=True):
        erase(actor=sal)
    assert set(Introduction.objects.values_list("status", flat=True)) == {"withdrawn"}
    assert [m.to for m in mail.outbox if "withdrew its request" in m.subject] == [[ada.email]]
    for reader, one in ((ada, forwarded), (pat, forwarded), (pat, draft)):
        page = as_(reader).get(f"/introductions/{one.pk}/").content.decode()
        assert "A former member" in page and "Sal Rivers" not in page and "May we talk?" not in page

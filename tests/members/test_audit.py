"""The audit trail in the CMS."""

from members.actions import suspension, verification


def test_shows_who_did_what_to_whom_and_why(waiting_cleo, stroud, mo, ben, as_):
    suspension.suspend(actor=mo, member=ben, reason="Repeated advertising.")
    verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    page = as_(mo).get("/cms/audit/").content.decode()
    for text in ("Mo Farrell", "Member: suspended", "Ben Hartley", "Repeated advertising.", "Member: verified"):
        assert text in page


def test_filters_by_verb_and_member(waiting_cleo, stroud, mo, ben, as_):
    suspension.suspend(actor=mo, member=ben, reason="Repeated advertising.")
    verification.verify_officer(actor=mo, member=waiting_cleo, organisation=stroud)
    client = as_(mo)
    by_verb = client.get("/cms/audit/results/?verb=member.suspended").content.decode()
    assert "Ben Hartley" in by_verb
    assert "Cleo Marsh" not in by_verb
    by_member = client.get(f"/cms/audit/results/?member={waiting_cleo.pk}").content.decode()
    assert "Cleo Marsh" in by_member
    assert "Ben Hartley" not in by_member


def test_can_not_be_changed(mo, admin, as_):
    for actor in (mo, admin):
        assert as_(actor).post("/cms/audit/", {}).status_code == 405


def test_erased_member_has_no_name_here(ada, mo, as_):
    from members.actions import erasure

    erasure.erase(actor=ada)
    page = as_(mo).get("/cms/audit/").content.decode()
    assert "A former member" in page
    assert "Ada" not in page


def test_costs_the_same_for_many(mo, ada, ben, as_, django_assert_max_num_queries):
    for _ in range(20):
        verification.revoke(actor=mo, member=ada, reason="x")
        suspension.suspend(actor=mo, member=ben, reason="x")
        suspension.restore(actor=mo, member=ben)
    client = as_(mo)
    client.get("/cms/audit/")
    with django_assert_max_num_queries(14):
        client.get("/cms/audit/")

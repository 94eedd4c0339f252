"""The public register of UK local authorities, read in and read again."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from members.models import Activity, EmailDomain, Member, Organisation
from tests import make

FIXTURE = Path(__file__).parent / "authorities.csv"


def run(path=FIXTURE, **options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("import_authorities", str(path), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def changed(tmp_path):
    """changed(old, new) → a copy of the file with one text in place of another."""

    def copy(old, new):
        path = tmp_path / "changed.csv"
        path.write_text(FIXTURE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return path

    return copy


def test_creates_public_bodies(db):
    out, err = run()
    assert out == "4 created, 0 updated, 0 unchanged, 0 skipped, 0 members verified.\n"
    assert err == ""
    craven = Organisation.objects.get(authority_code="CRV")
    assert (craven.kind, craven.name, craven.short_name, craven.slug) == (
        "public_body", "Craven District Council", "Craven", "craven",
    )  # fmt: skip
    assert (craven.gss_code, craven.nation, craven.region) == ("E07000163", "England", "Yorkshire and The Humber")
    assert (craven.authority_type, craven.closed_on) == ("Non-metropolitan district", date(2023, 3, 31))
    assert set(EmailDomain.objects.values_list("domain", flat=True)) == {
        "camden.example", "leeds.example", "leeds-two.example",
    }  # fmt: skip
    assert set(Activity.objects.values_list("verb", flat=True)) == {"organisation.added"}


def test_again_changes_nothing(db):
    run()
    before = list(Organisation.objects.order_by("pk").values())
    assert run()[0].startswith("0 created, 0 updated, 4 unchanged")
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert Activity.objects.count() == 4


def test_updates_what_changed_and_keeps_the_address(db, changed):
    run()
    out, _ = run(changed("Craven District Council,Craven", "Craven Council,Craven and Dales"))
    assert out.startswith("0 created, 1 updated, 3 unchanged")
    craven = Organisation.objects.get(authority_code="CRV")
    assert (craven.name, craven.short_name, craven.slug) == ("Craven Council", "Craven and Dales", "craven")
    assert list(Activity.objects.filter(verb="organisation.changed").values_list("target_id", flat=True)) == [craven.pk]


def test_one_added_by_hand_is_taken_for_the_same(db):
    by_hand = make.organisation("Leeds City Council", short_name="Leeds Council")
    assert run()[0].startswith("3 created, 1 updated")
    by_hand.refresh_from_db()
    assert (by_hand.authority_code, by_hand.slug) == ("LDS", "leeds-city-council")


def test_supplier_of_the_same_name_is_another_organisation(db):
    supplier = make.supplier("London Borough of Camden", slug="camden")
    run()
    assert Organisation.objects.get(authority_code="CMD").slug == "camden-2"
    supplier.refresh_from_db()
    assert supplier.is_supplier and supplier.authority_code is None


def test_empty_domains_leave_what_moderators_set(db):
    run()
    gwynedd = Organisation.objects.get(authority_code="GWN")
    EmailDomain.objects.create(organisation=gwynedd, domain="gwynedd.example")
    run()
    assert gwynedd.email_domains.count() == 1


def test_new_domains_verify_who_waits(waiting_cleo, changed):
    out, _ = run(changed("camden.example", "newcomer.example"))
    assert ", 1 members verified" in out
    assert Member.objects.get(pk=waiting_cleo.pk).is_officer


def test_bad_rows_are_named_and_the_others_kept(db, changed):
    path = changed("2023-03-31", "31/03/2023")
    rows = [
        "CMD,Second of a code,Second,E09000007,,,England,London,x,",
        ",Without a code,Without,,,,England,,x,",
        "LNG,Long GSS,Long,E0900000799999,,,England,,x,",
        "FRE,Free mail,Free,,,,England,,x,gmail.com",
        "TKN,Taken,Taken,,,,England,,x,leeds.example",
        "SHORT,Too few cells",
        "MANY,Too,many,,,,,,,,,cells",
        "NON,,Nameless,,,,England,,x,",
    ]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
    out, err = run(path)
    assert out.startswith("3 created, 0 updated, 0 unchanged, 9 skipped")
    for number, why in (
        (5, "31/03/2023 is not a date"),
        (6, "The code CMD stands in row 2"),
        (7, "code or the official name is missing"),
        (8, "at most 9 characters"),
        (9, "Anybody can have an address at gmail.com"),
        (10, "leeds.example belongs to Leeds City Council"),
        (11, "fewer cells"),
        (12, "more cells"),
        (13, "code or the official name is missing"),
    ):
        assert any(line.startswith(f"Row {number} skipped") and why in line for line in err.splitlines()), (number, err)
    assert not Organisation.objects.filter(authority_code__in=["FRE", "TKN"]).exists()


def test_file_without_the_columns_is_refused(db, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text("name,code\nCamden,CMD\n", encoding="utf-8")
    with pytest.raises(CommandError, match="has no column local-authority-code, official-name"):
        run(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="has no column"):
        run(path)


def test_no_file_and_no_text_are_refused(db, tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        run(tmp_path / "nowhere.csv")
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(CommandError, match="not a text file"):
        run(path)


def test_dry_run_keeps_nothing(db):
    out, _ = run(dry_run=True)
    assert out == (
        "4 created, 0 updated, 0 unchanged, 0 skipped, 0 members verified.\nThis was a dry run: nothing was kept.\n"
    )
    assert not Organisation.objects.exists()


def test_all_or_nothing(db, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("members.inbox.record_unannounced", fail)
    with pytest.raises(RuntimeError):
        run()
    assert not Organisation.objects.exists()


def test_file_saved_by_excel_is_read(db, tmp_path):
    path = tmp_path / "excel.csv"
    path.write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8-sig", newline="\r\n")
    assert run(path)[0].startswith("4 created")


def test_another_code_is_another_body_although_it_has_the_same_name(db, changed):
    run()
    craven = Organisation.objects.get(authority_code="CRV")
    assert run(changed("CRV,", "CRV2,"))[0].startswith("1 created, 0 updated, 3 unchanged")
    craven.refresh_from_db()
    assert craven.authority_code == "CRV"


def test_one_added_by_hand_is_taken_for_one_row_only(db, changed):
    make.organisation("Craven District Council")
    path = changed("LDS,Leeds City Council", "LDS,Craven District Council")
    assert run(path)[0].startswith("3 created, 1 updated")
    assert Organisation.objects.filter(name="Craven District Council").count() == 2


def test_a_body_without_a_short_name_goes_by_its_whole_name(db, changed):
    run(changed("Craven District Council,Craven,", "Craven District Council,,"))
    craven = Organisation.objects.get(authority_code="CRV")
    assert (craven.short_name, craven.slug) == ("Craven District Council", "craven-district-council")


def test_a_file_without_domains_is_read(db, changed):
    assert run(changed(",email-domains", ",remarks"))[0].startswith("4 created")
    assert not EmailDomain.objects.exists()


def test_new_domains_alone_are_an_update_that_verifies_all_who_wait(waiting_cleo, changed):
    make.member("Una Known", email="una@camden-two.example")
    run()
    out, _ = run(changed("camden.example", "newcomer.example camden-two.example"))
    assert out.splitlines()[-1] + "\n" == "0 created, 1 updated, 3 unchanged, 0 skipped, 2 members verified.\n"
    camden = Organisation.objects.get(authority_code="CMD")
    assert set(camden.members.values_list("name", flat=True)) == {"Cleo Marsh", "Una Known"}
    assert list(Activity.objects.filter(verb="organisation.changed").values_list("target_id", flat=True)) == [camden.pk]


def test_a_cell_that_is_a_whole_book_is_refused(db, changed):
    with pytest.raises(CommandError, match="Row 3 can’t be read as CSV"):
        run(changed("Gwynedd Council,", "x" * 200_000))
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("dry_run", [False, True])
def test_domains_typed_by_hand_stay_and_are_named(dry_run, db):
    run()
    camden = Organisation.objects.get(authority_code="CMD")
    EmailDomain.objects.create(organisation=camden, domain="camden-digital.example")
    out, _ = run(dry_run=dry_run)
    assert "Camden keeps camden-digital.example, which the file does not name." in out and "0 updated" in out
    assert {one.domain for one in camden.email_domains.all()} == {"camden.example", "camden-digital.example"}

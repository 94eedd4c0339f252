"""Before an officer says yes, nothing on the site and nothing in the mail tells a supplier who the officer is."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail

from directory.actions import introductions as actions
from directory.models import Introduction, OfficerListing
from directory.presenters.cards import officer_card
from directory.presenters.introductions import seen as seen_by
from members.models import Activity, Mail, Notification
from tests import make

pytestmark = pytest.mark.django_db

LINK = re.compile(r'(?:href|action|hx-get|src)="(/[^"#]*)"')
STARTS = [
    "/",
    "/directory/",
    "/directory/officers/",
    "/introductions/",
    "/inbox/",
    "/community/",
    "/events/",
    "/search/?q=repairs",
]
NOT_WALKED = ("/accounts/", "/static/", "/cms/", "/media/", "/settings/", "/demo/")


@pytest.fixture
def zenobia(db):
    return make.officer(
        "Zenobia Quartermain", council="Leeds", job_title="Head of Digital", email="z.quartermain@leeds.example"
    )


@pytest.fixture
def pat(sal):
    return make.supplier_member("Pat Colleague", company="BrightWave", email="pat@brightwave.example")


@pytest.fixture
def rival(db):
    one = make.supplier_member("Robin Rival", company="Quillhouse", email="robin@quillhouse.example")
    make.supplier_listing(one)
    return one


def secrets_of(member) -> re.Pattern:
    """What would give the officer away, in any letter case."""
    words = [*member.name.split(), member.email, member.handle, f"/members/{member.pk}/", f"member:{member.pk}"]
    return re.compile(
        "|".join(map(re.escape, words)) + f"|(?<![A-Za-z]){member.byline.initials}(?![A-Za-z])", re.IGNORECASE
    )


def walk(client, starts) -> dict[str, str]:
    """Everything that can be reached by links and form addresses, as text."""
    found, ahead = {}, list(starts)
    while ahead:
        path = ahead.pop()
        if path in found or path.startswith(NOT_WALKED) or len(found) > 400:
            continue
        response = client.get(path)
        text = (
            response.headers.get("Location", "") if response.status_code >= 300 and response.status_code < 400 else ""
        )
        if not response.streaming:
            text += response.content.decode(errors="replace")
        text += repr(sorted(response.headers.items()))
        found[path] = re.sub(r'(nonce|value|name="csrf[^"]*" value)="[A-Za-z0-9+/=_-]{16,}"', "", text)
        ahead += [link.replace("&amp;", "&") for link in LINK.findall(found[path])]
    return found


def assert_unknown(secret: re.Pattern, client, reader, starts=STARTS):
    pages = walk(client, starts)
    assert len(pages) > len(starts) / 2
    for path, text in pages.items():
        leak = secret.search(text)
        assert not leak, f"{path} tells {reader.name}: …{text[max(0, leak.start() - 80) : leak.end() + 80]}…"
    for message in mail.outbox:
        if reader.email in message.to:
            whole = message.message().as_string() + message.body + str(message.alternatives)
            leak = secret.search(whole)
            assert not leak, (
                f"“{message.subject}” tells {reader.name}: …{whole[max(0, leak.start() - 80) : leak.end() + 80]}…"
            )


def extra_pages(introduction, officer_listing) -> list[str]:
    pk = introduction.pk
    names = ["", "edit/", "submit/", "withdraw/", "accept/", "decline/", "not-now/"]
    return [
        *[f"/introductions/{pk}/{name}" for name in names],
        f"/introductions/new/?officer={officer_listing.public_id}",
        f"/directory/officers/{officer_listing.public_id}/",
    ]


STATES = [status for status in Introduction.Status.values if status != "accepted"]
WORDS = {"declined": "Not for us this year.", "not_now": "Ask in spring.", "returned": "Say more.", "rejected": "No."}
OFFICERS = [
    "Zenobia Quartermain",
    "Xanthe Fotheringay",
    "Peregrine Ollerenshaw",
    "Philippa Wrigglesworth",
    "Thaddeus Babblejack",
]
OFFICERS += ["Hermione Snodgrass", "Ptolemy Ravensdale", "Guinevere Thistleby", "Montague Ffoulkes"]


def test_no_road_leads_to_a_name_before_the_yes(as_, sal, pat, rival, mo, settings, django_capture_on_commit_callbacks):
    """One officer for each state: what the supplier, its rival and a colleague can reach names none."""
    settings.INTRODUCTIONS_PER_MONTH = len(STATES)
    secrets, guessed, pages = [], [], list(STARTS)
    for status, name in zip(STATES, OFFICERS, strict=True):
        officer = make.officer(name, council=f"Council {status}", job_title="Head of Digital")
        with django_capture_on_commit_callbacks(execute=True):
            introduction = make.introduction(sal, officer, status=status, words=WORDS.get(status, ""))
        secrets.append(secrets_of(officer).pattern)
        guessed.append(f"/members/{officer.pk}/")
        pages += extra_pages(introduction, OfficerListing.objects.get(member=officer))
    secret = re.compile("|".join(secrets), re.IGNORECASE)
    for reader in (sal, pat, rival):
        client = as_(reader)
        for address in guessed:
            assert client.get(address).status_code == 404
        assert_unknown(secret, client, reader, pages)
    assert len([message for message in mail.outbox if message.to == [sal.email]]) >= 6, "there were mails to look into"


def test_the_walk_can_find_a_name(as_, sal, zenobia, mo, django_capture_on_commit_callbacks):
    """Were this to pass with the name hidden, the test above would prove nothing."""
    with django_capture_on_commit_callbacks(execute=True):
        make.introduction(sal, zenobia, status="accepted")
    with pytest.raises(AssertionError, match="tells Sal"):
        assert_unknown(secrets_of(zenobia), as_(sal), sal)


def test_after_the_yes_both_know_and_nobody_else(as_, sal, pat, rival, zenobia, mo, django_capture_on_commit_callbacks):
    words = "Yes, I am Zenobia: call me on Tuesdays."
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(sal, zenobia, status="accepted", words=words)
    page = f"/introductions/{introduction.pk}/"
    for_sal = as_(sal).get(page).content.decode()
    assert zenobia.name in for_sal and zenobia.email in for_sal and "call me on Tuesdays" in for_sal
    for_her = as_(zenobia).get(page).content.decode()
    assert sal.name in for_her and sal.email in for_her
    assert as_(sal).get(f"/members/{zenobia.pk}/").status_code == 200
    [to_sal] = [m for m in mail.outbox if m.to == [sal.email] and "You are introduced" in m.subject]
    assert zenobia.email in to_sal.body and zenobia.name in to_sal.subject
    [to_her] = [m for m in mail.outbox if m.to == [zenobia.email] and "You are introduced" in m.subject]
    assert sal.email in to_her.body

    secret = secrets_of(zenobia)
    for other in (pat, rival):
        assert as_(other).get(f"/members/{zenobia.pk}/").status_code == 404
        assert_unknown(secret, as_(other), other)
    assert "call me on Tuesdays" not in as_(pat).get(page).content.decode()
    assert "Sal Rivers, who asked, has the contact details" in as_(pat).get(page).content.decode()
    assert as_(rival).get(page).status_code == 404


def test_the_officer_sees_who_asks_but_no_address_before_the_yes(as_, sal, zenobia, mo):
    introduction = make.introduction(sal, zenobia, status="forwarded")
    page = as_(zenobia).get(f"/introductions/{introduction.pk}/").content.decode()
    assert sal.name in page and "May we talk?" in page
    assert sal.email not in page and "hello@brightwave.example" not in page


def test_what_a_moderator_and_the_supplier_said_to_each_other_stays_between_them(as_, sal, zenobia, mo):
    introduction = make.introduction(sal, zenobia, status="returned", words="Take the gift out.")
    actions.submit(actor=sal, introduction=introduction)
    actions.forward(actor=mo, introduction=introduction)
    assert "Take the gift out." in as_(sal).get(f"/introductions/{introduction.pk}/").content.decode()
    assert "Take the gift out." not in as_(zenobia).get(f"/introductions/{introduction.pk}/").content.decode()


def test_a_search_for_the_name_finds_what_a_search_for_any_name_finds(as_, sal, zenobia):
    make.officer_listing(zenobia)
    make.supplier_listing(sal)

    def found(name):
        pages = [
            as_(sal).get(f"{path}?q={name}").content.decode()
            for path in ("/search/", "/directory/", "/directory/officers/")
        ]
        return [re.sub(r'(value|nonce|content)="[^"]*"', "", page).replace(name, "NAME") for page in pages]

    assert found("Zenobia") == found("Xantippe")


def test_a_refused_form_does_not_say_whether_a_guessed_name_is_right(as_, sal, zenobia):
    listing = make.officer_listing(zenobia)
    make.supplier_listing(sal)

    def answer(name):
        response = as_(sal).post(
            f"/introductions/new/?officer={listing.public_id}", {"purpose": "", "message": f"Dear {name}", "token": "x"}
        )
        return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", response.content.decode()).replace(name, "NAME")

    assert answer("Zenobia Quartermain") == answer("Xantippe Quillfeather")


@pytest.mark.parametrize(
    "words",
    ["Regards, Zenobia", "No.\nZenobia Quartermain", "Write to z.quartermain@leeds.example", "no\r\n– Quartermain."],
)
def test_an_officer_is_stopped_from_signing_a_no(words, as_, sal, zenobia, mo):
    introduction = make.introduction(sal, zenobia, status="forwarded")
    response = as_(zenobia).post(f"/introductions/{introduction.pk}/decline/", {"words": words})
    assert response.status_code == 422
    assert "gives your name" in response.content.decode() or "give your name" in response.content.decode()
    introduction.refresh_from_db()
    assert introduction.status == "forwarded"


def test_a_moderator_is_stopped_from_naming_the_officer(sal, zenobia, mo):
    from django.core.exceptions import ValidationError

    introduction = make.introduction(sal, zenobia)
    with pytest.raises(ValidationError, match="officer’s name"):
        actions.reject(actor=mo, introduction=introduction, reason="Zenobia Quartermain is on leave.")


def test_a_name_is_shown_where_its_owner_wants_it(as_, sal, rival, zenobia):
    listing = make.officer_listing(zenobia, show_name=True)
    for path in ("/directory/officers/", f"/directory/officers/{listing.public_id}/"):
        page = as_(sal).get(path).content.decode()
        assert zenobia.name in page and zenobia.email not in page
    make.officer_listing(zenobia, show_name=False)
    assert zenobia.name not in as_(sal).get("/directory/officers/").content.decode()


def test_an_address_is_shown_to_officers_only_and_only_by_choice(as_, sal, ben, zenobia):
    listing = make.officer_listing(zenobia)
    page = f"/directory/officers/{listing.public_id}/"
    assert zenobia.email not in as_(ben).get(page).content.decode()
    make.officer_listing(zenobia, show_email=True)
    assert zenobia.email in as_(ben).get(page).content.decode()
    assert zenobia.email not in as_(sal).get(page).content.decode()


def test_nobody_but_officers_gets_the_address_whatever_their_page_would_show(as_, sal, mo, cleo, eve, ben, zenobia):
    listing = make.officer_listing(zenobia, show_email=True)
    for reader in (sal, mo, cleo, eve, AnonymousUser()):
        assert officer_card(reader, listing).email == "", reader
    assert officer_card(ben, listing).email == zenobia.email
    page = f"/directory/officers/{listing.public_id}/"
    for reader in (sal, mo, cleo, eve, None):
        assert zenobia.email not in as_(reader).get(page).content.decode()


@pytest.mark.parametrize("status", ["forwarded", "declined", "not_now", "expired", "withdrawn"])
def test_the_officer_gets_no_address_of_the_supplier_without_a_yes(status, as_, sal, zenobia, mo):
    introduction = make.introduction(sal, zenobia, status=status)
    if introduction.forwarded_at:
        seen = seen_by(zenobia, introduction)
        assert seen.asker_email == "" and seen.contact is None
    for path in ("/directory/suppliers/brightwave/", f"/introductions/{introduction.pk}/"):
        page = as_(zenobia).get(path).content.decode()
        assert "hello@brightwave.example" not in page and sal.email not in page


def test_and_gets_both_with_it(sal, zenobia, mo):
    seen = seen_by(zenobia, make.introduction(sal, zenobia, status="accepted"))
    assert seen.asker_email == sal.email and seen.contact == ("Robin Contact", "hello@brightwave.example")


def test_activities_hold_ids_and_no_words(sal, zenobia, mo):
    make.introduction(sal, zenobia, status="accepted", words="Yes, call me.")
    for activity in Activity.objects.filter(verb__startswith="introduction."):
        assert not secrets_of(zenobia).search(repr(activity.data))
        assert activity.reason == ""


def test_what_the_reader_may_not_see_any_more_is_neither_shown_nor_sent(
    as_, sal, zenobia, mo, django_capture_on_commit_callbacks
):
    """A supplier member who has left the supplier since."""
    introduction = make.introduction(sal, zenobia, status="forwarded")
    with django_capture_on_commit_callbacks() as callbacks:
        actions.accept(actor=zenobia, introduction=introduction)
    mail.outbox.clear()
    type(sal).objects.filter(pk=sal.pk).update(organisation=make.supplier("Elsewhere"))
    for callback in callbacks:
        callback()
    assert not [message for message in mail.outbox if message.to == [sal.email]]
    assert not Mail.objects.filter(member=sal, sent_at__isnull=False, activity__verb="introduction.accepted").exists()
    assert not Notification.objects.filter(member=sal, activity__verb="introduction.accepted").exists()
    assert zenobia.name not in as_(sal).get("/inbox/").content.decode()


def test_an_officer_whose_name_is_shown_is_told_what_is_true(as_, sal, zenobia, mo, django_capture_on_commit_callbacks):
    make.officer_listing(zenobia, show_name=True)
    with django_capture_on_commit_callbacks(execute=True):
        introduction = make.introduction(sal, zenobia, status="forwarded")
    [message] = [m for m in mail.outbox if m.to == [zenobia.email]]
    assert "They know your name, your role" in message.body
    path = f"/introductions/{introduction.pk}/"
    assert "They know your name, your role" in as_(zenobia).get(path).content.decode()
    assert "They know your name from your listing" in as_(zenobia).get(f"{path}decline/").content.decode()
    refused = as_(zenobia).post(f"{path}decline/", {"words": f"Write to {zenobia.email}"})
    assert refused.status_code == 422
    page = (
        as_(zenobia).post(f"{path}decline/", {"words": "Not this year. Regards, Zenobia"}, follow=True).content.decode()
    )
    assert "You declined." in page and "This has not told them your name" not in page
    assert zenobia.email not in as_(sal).get(path).content.decode()

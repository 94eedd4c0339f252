"""/introductions/: ask, follow, answer."""

import uuid
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lib.access import refusal
from lib.forms import form_page, posted, submit
from members import inbox
from members.held_text import held_text, sign_in_keeps

from .. import access
from ..actions import introductions as actions
from ..forms import AnswerForm, AskForm, AskSupplierForm, ChangeForm
from ..presenters.cards import officer_card
from ..presenters.introductions import SeenIntroduction, seen
from ..queries import introductions as queries
from ..rules.asking_again import open_between
from ..rules.quota import quota

WITH_MODERATORS = "Your request is with the moderators."


@login_required
@require_safe
def introductions(request):
    """Those which the member has a part in: what waits for them first."""
    mine = queries.mine(request.user)
    supplier = access.supplier_of(request.user)
    context = {
        "section": "directory",
        "waiting": [one for one in mine if one.may_answer or one.may_change],
        "open": [one for one in mine if one.is_open and not (one.may_answer or one.may_change)],
        "closed": [one for one in mine if not one.is_open],
        "supplier": supplier,
        "quota": quota(supplier, timezone.now()) if supplier else None,
        "may_browse_officers": access.may_browse_officers(request.user),
        "is_officer": request.user.is_officer,
        "is_moderator": request.user.is_moderator,
    }
    return render(request, "directory/introductions/list.html", context)


@sign_in_keeps("purpose", "message")
def new(request):
    """/introductions/new/?officer=<public id>: a supplier's member asks."""
    supplier = access.own_supplier(request.user)
    listing = access.officer_listing(request.user, _public_id(request))
    send = "draft" not in request.POST
    form = AskForm(posted(request), initial=held_text(request, {}))
    introduction = submit(request, form, partial(actions.ask, actor=request.user, listing=listing, send=send))
    if introduction is not None:
        messages.success(request, WITH_MODERATORS if send else "Your draft is saved. Nobody has been told.")
        return redirect(introduction)
    now = timezone.now()
    return form_page(
        request,
        "directory/introductions/new.html",
        form,
        section="directory",
        card=officer_card(request.user, listing),
        supplier=supplier,
        quota=quota(supplier, now),
        quota_refusal=refusal(access.check_quota, supplier, now),
        open=None if form.is_bound else open_between(supplier, listing.member),
        refusal=refusal(access.check_request, supplier, listing.member, now),
    )


def _public_id(request) -> uuid.UUID:
    try:
        return uuid.UUID(request.GET.get("officer", ""))
    except ValueError as error:
        raise Http404 from error


@sign_in_keeps("purpose", "message")
def ask_supplier(request, slug: str):
    """/directory/suppliers/<slug>/ask/: an officer writes to a supplier."""
    listing = access.supplier_listing(request.user, slug)
    access.require_officer(request.user)
    form = AskSupplierForm(posted(request), initial=held_text(request, {}))
    introduction = submit(request, form, partial(actions.ask_supplier, actor=request.user, listing=listing))
    if introduction is not None:
        messages.success(request, f"Your message is with {listing.supplier.short_name}.")
        return redirect(introduction)
    return form_page(
        request,
        "directory/introductions/ask_supplier.html",
        form,
        section="directory",
        listing=listing,
        refusal=""
        if form.is_bound
        else refusal(access.check_write_to_supplier, request.user, listing.supplier, timezone.now()),
    )


@login_required
@require_safe
def introduction(request, introduction_id: int):
    """One introduction, as this member may see it."""
    found = seen(request.user, access.introduction(request.user, introduction_id))
    inbox.mark_read(request.user, about=[found.about])
    return render(request, "directory/introductions/introduction.html", _context(found))


def _context(introduction: SeenIntroduction) -> dict:
    return {"section": "directory", "introduction": introduction}


@sign_in_keeps("purpose", "message")
def edit(request, introduction_id: int):
    """A draft, or what a moderator returned. With the button "send" it goes to the moderators as well."""
    found = access.introduction(request.user, introduction_id)
    if request.method != "POST":
        access.check_change(request.user, found)
    send = "send" in request.POST
    form = ChangeForm(
        posted(request), initial={"purpose": found.purpose, "message": found.message} | held_text(request, {})
    )
    changed = submit(request, form, partial(actions.edit, actor=request.user, introduction=found, send=send))
    if changed is not None:
        messages.success(request, WITH_MODERATORS if send else "Your change is saved.")
        return redirect(found)
    return form_page(
        request,
        "directory/introductions/edit.html",
        form,
        quota=quota(found.supplier, timezone.now()),
        **_context(seen(request.user, found)),
    )


@login_required
@require_POST
def send(request, introduction_id: int):
    found = access.introduction(request.user, introduction_id)
    actions.submit(actor=request.user, introduction=found)
    messages.success(request, WITH_MODERATORS)
    return redirect(found)


@login_required
def withdraw(request, introduction_id: int):
    found = access.introduction(request.user, introduction_id)
    if request.method == "POST":
        actions.withdraw(actor=request.user, introduction=found)
        messages.success(request, "The request is withdrawn.")
        return redirect(found)
    access.check_withdraw(request.user, found)
    access.check_open(found)
    return render(request, "directory/introductions/withdraw.html", _context(seen(request.user, found)))


HINT = "You can leave this empty. They read it as you write it."
HINTS = {"accept": "You can leave this empty. For example: when it suits you, what you would like to see first."}
UNKNOWN = "This has not told them your name or address."


@sign_in_keeps("words")
def accept(request, introduction_id: int):
    said = "You accepted. Both of you have the other’s contact details now."
    return _answer(request, introduction_id, actions.accept, said, check=access.check_accept)


@sign_in_keeps("words")
def decline(request, introduction_id: int):
    return _answer(request, introduction_id, actions.decline, "You declined.")


@sign_in_keeps("words")
def not_now(request, introduction_id: int):
    return _answer(request, introduction_id, actions.not_now, "You said not now.")


def _answer(request, introduction_id: int, action, said: str, check=access.check_answer):
    """Asks the officer for their words, and answers with them."""
    found = access.introduction(request.user, introduction_id)
    if request.method != "POST":
        check(request.user, found)
        access.check_open(found)
    introduction, name = seen(request.user, found), action.__name__
    stays_unknown = name != "accept" and not introduction.shows_name
    hint = f"{HINTS.get(name, HINT)} {'Leave your name out.' if stays_unknown else ''}".strip()
    form = AnswerForm(posted(request), initial=held_text(request, {}), hint=hint)
    if submit(request, form, partial(action, actor=request.user, introduction=found)) is not None:
        messages.success(request, f"{said} {UNKNOWN}" if stays_unknown else said)
        return redirect(found)
    return form_page(request, f"directory/introductions/{name}.html", form, **_context(introduction))

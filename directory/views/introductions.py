"""/introductions/: ask, follow, answer."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lib.access import Denied
from lib.forms import show_refusal
from members import inbox
from members.held_text import held_text, sign_in_keeps

from .. import access
from ..actions import introductions as actions
from ..actions.steps import MOVED_ON
from ..forms import AnswerForm, AskForm, AskSupplierForm, ChangeForm
from ..models import Introduction
from ..queries import introductions as queries
from ..queries import limits, listings


@login_required
@require_safe
def introductions(request):
    """Those which the member has a part in: what waits for them first."""
    mine = queries.mine(request.user)
    supplier = access.supplier_of(request.user)
    context = {
        "section": "directory",
        "waiting": [one for one in mine if one.may_answer or one.may_send],
        "open": [one for one in mine if one.is_open and not (one.may_answer or one.may_send)],
        "closed": [one for one in mine if not one.is_open],
        "supplier": supplier,
        "quota": limits.quota(supplier, timezone.now()) if supplier else None,
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
    now = timezone.now()
    form = AskForm(request.POST if request.method == "POST" else None, initial=held_text(request, {}))
    if request.method == "POST" and form.is_valid():
        send = "draft" not in request.POST
        try:
            introduction = actions.ask(actor=request.user, officer=listing.public_id, send=send, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(
                request,
                "Your request is with the moderators." if send else "Your draft is saved. Nobody has been told.",
            )
            return redirect(introduction)
    under_way = limits.open_between(supplier, listing.member)
    context = {
        "section": "directory",
        "form": form,
        "card": listings.officer_card(request.user, listing),
        "supplier": supplier,
        "quota": limits.quota(supplier, now),
        "quota_refusal": limits.why_quota_is_spent(supplier, now),
        "open": under_way if request.method != "POST" else None,
        "refusal": limits.why_supplier_may_not_ask(supplier)
        or limits.why_officer_is_not_asked(supplier, listing.member, now),
    }
    return render(request, "directory/introductions/new.html", context, status=422 if form.errors else 200)


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
    form = AskSupplierForm(request.POST if request.method == "POST" else None, initial=held_text(request, {}))
    if request.method == "POST" and form.is_valid():
        try:
            introduction = actions.ask_supplier(actor=request.user, supplier=slug, **form.cleaned_data)
        except ValidationError as error:
            show_refusal(form, error)
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(request, f"Your message is with {listing.supplier.short_name}.")
            return redirect(introduction)
    context = {
        "section": "directory",
        "form": form,
        "listing": listing,
        "refusal": limits.why_not_write_again(listing.supplier, request.user, timezone.now())
        if request.method != "POST"
        else "",
    }
    return render(request, "directory/introductions/ask_supplier.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def introduction(request, introduction_id: int):
    """One introduction, as this member may see it."""
    seen = queries.seen(request.user, access.introduction(request.user, introduction_id))
    inbox.mark_read(request.user, about=[seen.about])
    return render(request, "directory/introductions/introduction.html", _page(seen))


def _page(seen: queries.SeenIntroduction, **extra) -> dict:
    return {"section": "directory", "introduction": seen, **extra}


@sign_in_keeps("purpose", "message")
def edit(request, introduction_id: int):
    """A draft, or what a moderator returned."""
    found = access.introduction(request.user, introduction_id)
    access.check_change(request.user, found)
    if found.status not in Introduction.CHANGEABLE:
        raise Denied(MOVED_ON[found.status])
    written = {"purpose": found.purpose, "message": found.message} | held_text(request, {})
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=written)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(actor=request.user, introduction_id=introduction_id, **form.cleaned_data)
            if "send" in request.POST:
                actions.submit(actor=request.user, introduction_id=introduction_id)
        except ValidationError as error:
            show_refusal(form, error)
        except Denied as denied:
            form.add_error(None, denied.reason)
        else:
            messages.success(
                request, "Your request is with the moderators." if "send" in request.POST else "Your change is saved."
            )
            return redirect(found)
    seen = queries.seen(request.user, found)
    context = _page(seen, form=form, quota=limits.quota(found.supplier, timezone.now()))
    return render(request, "directory/introductions/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def submit(request, introduction_id: int):
    found = access.introduction(request.user, introduction_id)
    actions.submit(actor=request.user, introduction_id=introduction_id)
    messages.success(request, "Your request is with the moderators.")
    return redirect(found)


@login_required
def withdraw(request, introduction_id: int):
    found = access.introduction(request.user, introduction_id)
    if request.method == "POST":
        actions.withdraw(actor=request.user, introduction_id=introduction_id)
        messages.success(request, "The request is withdrawn.")
        return redirect(found)
    access.check_withdraw(request.user, found)
    _check_open(found)
    return render(request, "directory/introductions/withdraw.html", _page(queries.seen(request.user, found)))


HINT = "You can leave this empty. They read it as you write it."
HINTS = {"accept": "You can leave this empty. For example: when it suits you, what you would like to see first."}
UNKNOWN = "This has not told them your name or address."


@sign_in_keeps("words")
def accept(request, introduction_id: int):
    return _answer(
        request,
        introduction_id,
        actions.accept,
        "accept",
        "You accepted. Both of you have the other’s contact details now.",
    )


@sign_in_keeps("words")
def decline(request, introduction_id: int):
    return _answer(request, introduction_id, actions.decline, "decline", "You declined.")


@sign_in_keeps("words")
def not_now(request, introduction_id: int):
    return _answer(request, introduction_id, actions.not_now, "not_now", "You said not now.")


def _answer(request, introduction_id: int, action, name: str, said: str):
    """Asks the officer for their words, and answers with them."""
    found = access.introduction(request.user, introduction_id)
    if request.method != "POST":
        access.check_answer(request.user, found)
        _check_open(found)
    seen = queries.seen(request.user, found)
    if request.method != "POST" and name == "accept" and seen.why_not_accept:
        raise Denied(seen.why_not_accept)
    stays_unknown = name != "accept" and not seen.shows_name
    hint = f"{HINTS.get(name, HINT)} {'Leave your name out.' if stays_unknown else ''}".strip()
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=held_text(request, {}), hint=hint)
    if request.method == "POST" and form.is_valid():
        try:
            action(actor=request.user, introduction_id=introduction_id, words=form.cleaned_data["words"])
        except ValidationError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{said} {UNKNOWN}" if stays_unknown else said)
            return redirect(found)
    return render(
        request, f"directory/introductions/{name}.html", _page(seen, form=form), status=422 if form.errors else 200
    )


def _check_open(found: Introduction):
    """Before a form is shown: whether there is still anything to do. The action asks again."""
    if not found.is_open:
        raise Denied(MOVED_ON[found.status])

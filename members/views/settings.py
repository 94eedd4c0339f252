"""/settings/: profile, verification, e-mails, sessions, and leaving."""

from copy import copy
from functools import partial

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lib.forms import form_page, posted, submit
from lib.mail import UNSUBSCRIBE_SALT
from members import queries
from members.actions import erasure
from members.actions import sessions as signed_in
from members.actions import settings as choices
from members.actions import verification as verifying
from members.forms import EraseForm, MailForm, ProfileForm, VerificationForm
from members.held_text import held_text, sign_in_keeps
from members.models import Member


@login_required
def settings(request):
    """All that can be set, each with the way to its own page."""
    member = request.user
    wanted = [field.label for name, field in MailForm().fields.items() if getattr(member, name)]
    return render(
        request,
        "members/settings/index.html",
        {"wanted": wanted, "sessions": queries.sessions_of(member).count()},
    )


@sign_in_keeps("name", "job_title", "bio")
def profile(request):
    # A copy: what the form writes on its instance must not reach the page's head while it is wrong.
    form = ProfileForm(posted(request), instance=copy(request.user), initial=held_text(request, {}))
    if submit(request, form, partial(choices.change_profile, actor=request.user)) is not None:
        messages.success(request, "Your profile is saved.")
        return redirect("members:profile")
    return form_page(request, "members/settings/profile.html", form)


@login_required
def verification(request):
    """A newcomer says whom they work for; others read how they are verified."""
    form = VerificationForm(posted(request), initial={"organisation": request.user.claimed_organisation})
    member = submit(request, form, partial(verifying.ask, actor=request.user))
    if member is not None:
        waits = "Thank you. A moderator looks at it, often within a day."
        messages.success(request, waits if member.is_newcomer else "You are verified.")
        return redirect("members:verification")
    return form_page(request, "members/settings/verification.html", form)


@login_required
def mail(request):
    form = MailForm(posted(request), instance=copy(request.user))
    if submit(request, form, partial(choices.choose_mail, actor=request.user)) is not None:
        messages.success(request, "Your choice of e-mails is saved.")
        return redirect("members:mail")
    return form_page(request, "members/settings/mail.html", form)


@csrf_exempt  # the signed token in the address is what allows it: mail programs post it without a page of ours
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request):
    """Switches one kind of e-mail off, for whoever holds the link from such an e-mail (RFC 8058)."""
    try:
        member_id, preference = signing.loads(request.GET.get("token", ""), salt=UNSUBSCRIBE_SALT)
        member = Member.objects.get(pk=member_id, erased_at=None)
    except (signing.BadSignature, Member.DoesNotExist, ValueError, TypeError) as error:
        raise Http404 from error
    if preference not in choices.MAIL:
        raise Http404
    what = MailForm.base_fields[preference].label
    if request.method == "POST":
        choices.choose_mail(actor=member, **{preference: False})
        if "List-Unsubscribe" in request.POST:
            return HttpResponse("This kind of e-mail is switched off.", content_type="text/plain; charset=utf-8")
        return render(request, "members/settings/mail_off_done.html", {"what": what})
    return render(request, "members/settings/mail_off.html", {"what": what})


@login_required
def sessions(request):
    """Where the member is signed in, with the one way out of all the others."""
    own = request.session.session_key
    if request.method == "POST":
        ended = signed_in.end_others(actor=request.user, keep=own)
        messages.success(request, "You are signed out everywhere else." if ended else "You were signed in only here.")
        return redirect("members:sessions")
    rows = []
    for row in queries.sessions_of(request.user):
        data = row.get_decoded()
        since = parse_datetime(data.get("since", ""))
        rows.append({"device": data.get("device", "A browser"), "since": since, "is_this": row.session_key == own})
    rows.sort(key=lambda row: not row["is_this"])
    return render(request, "members/settings/sessions.html", {"sessions": rows})


@login_required
def erase(request):
    form = EraseForm(posted(request), member=request.user)
    if submit(request, form, lambda password: erasure.erase(actor=request.user)) is not None:
        logout(request)
        messages.success(request, "Your account is deleted. What you wrote stands under “A former member”.")
        return redirect("/")
    return form_page(request, "members/settings/erase.html", form)

"""Text that was sent after the session had ended: held until its author has signed in again."""

from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.shortcuts import redirect, resolve_url

HELD = "held_text"
BESIDE_A_POST = 1_000  # characters: a title, tags
KEPT_FOR = 60 * 60  # seconds
IN_EVERY_FORM = frozenset({"csrfmiddlewaretoken", "writer", "token", "version", "reply_to", "next"})
MAX_SHOWN = 40  # fields


def hold_text(request, back_to: str = ""):
    """Keeps what was typed into this POST (keeps_text) in the anonymous session, and sends the person to sign in.

    Django keeps an anonymous session's data when its owner signs in, so the text is there afterwards. Anybody can
    send it, so it is kept for an hour; members.receivers.remember_device() gives who signs in the usual time again.
    """
    back_to = back_to or request.get_full_path()
    if request.method == "POST":
        request.session[HELD] = {
            "path": urlsplit(back_to).path,
            "query": urlsplit(back_to).query,
            "fields": _as_far_as_there_is_room(request, request.text_fields),
            "writer": request.POST.get("writer", "")[:20],  # whose form it was: the session can't tell any more
        }
        request.session.set_expiry(KEPT_FOR)
    query = urlencode({"next": back_to}, safe="/")
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{query}")


def _as_far_as_there_is_room(request, fields: Iterable[str]) -> dict[str, str]:
    """The longest post, and what stands beside it, fit into all fields together."""
    kept, room = {}, settings.POST_MAX_LENGTH + BESIDE_A_POST
    for name in fields:
        kept[name] = request.POST.get(name, "").replace("\r\n", "\n")[:room]
        room -= len(kept[name])
    return kept


def held_text(request, default=None):
    """What was held for this page, handed out once: a dict of fields if `default` is a dict, else the source."""
    held = request.session.get(HELD) if request.user.is_authenticated else None
    if not held or not _is_for(held, request.path, request.META.get("QUERY_STRING", "")):
        return default
    del request.session[HELD]
    if held["writer"] not in {"", str(request.user.pk)}:  # the next person at this browser
        return default
    return held["fields"] if isinstance(default, dict) else held["fields"].get("source", default)


def waits_for(request, address: str) -> bool:
    """Whether this page will hand out some text once its author has signed in."""
    held, (path, _, query) = request.session.get(HELD), address.partition("?")
    return bool(held) and any(map(str.strip, held["fields"].values())) and _is_for(held, path, query)


def _is_for(held: dict, path: str, query: str) -> bool:
    """Whether a page is the one the text was written on. What only one of the two addresses asks for (?page=3) does
    not matter; what both ask for has to be the same: /introductions/new/?officer=A is not for officer B."""
    written, asked = parse_qs(held["query"]), parse_qs(query)
    return path.startswith(held["path"]) and all(written[name] == asked[name] for name in written.keys() & asked)


def written(request) -> list[tuple[str, str, str]]:
    """(name, label, text) of what was typed into this POST, for a page (403.html, 404.html) that has no form for it.

    Where no view said what people type into it, that is all but passwords and what stands in every form.
    """
    if request.method != "POST":
        return []
    names = getattr(request, "text_fields", None)
    if names is None:
        names = [name for name in request.POST if name not in IN_EVERY_FORM and "password" not in name][:MAX_SHOWN]
    sent = [(name, request.POST.get(name, "")) for name in names]
    return [(name, name.replace("_", " ").capitalize(), text) for name, text in sent if text.strip()]


def keeps_text(*fields: str) -> Callable:
    """Names the fields of a view that people type into. If its answer is a page that says no, that shows them: see
    written()."""

    def decorate(view):
        @wraps(view)
        def named(request, *args, **kwargs):
            request.text_fields = fields
            return view(request, *args, **kwargs)

        return named

    return decorate


def sign_in_keeps(*fields: str) -> Callable:
    """As login_required, but what was sent in these fields waits for its author: hand `held_text(request, {})` to the
    form as (a part of) what it begins with."""

    def decorate(view):
        @keeps_text(*fields)
        @wraps(view)
        def asked(request, *args, **kwargs):
            if request.user.is_authenticated:
                return view(request, *args, **kwargs)
            return hold_text(request)

        return asked

    return decorate

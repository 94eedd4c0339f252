"""Who is asking: the session and its member, read in one query a request.

SESSION_ENGINE names this module, so it must hold a SessionStore.
"""

import re

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db.models import CharField, DateTimeField, Exists, OuterRef
from django.http import JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from lib.access import Denied
from lib.compiled import Compiled

from . import access
from .models import Member, Session
from .models.people import EDITORS, MODERATORS

KEY = re.compile(r"[a-z0-9]{8,40}")


def _session_with_member(session_key, now):
    groups = Member.groups.through.objects.filter(member=OuterRef("member"))
    return (
        Session.objects.filter(session_key=session_key, expire_date__gt=now)
        .select_related("member__organisation")
        .annotate(
            in_moderators=Exists(groups.filter(group__name=MODERATORS)),
            in_editors=Exists(groups.filter(group__name=EDITORS)),
        )
    )


_session = Compiled(_session_with_member, session_key=CharField(), now=DateTimeField())


class SessionStore(DatabaseSessionStore):
    """Django's database sessions, which bring their member along."""

    member: Member | None = None

    def _validate_session_key(self, key):
        # Only what we could have given: a cookie holds anything, and PostgreSQL takes no null character.
        return bool(key) and KEY.fullmatch(key) is not None

    @classmethod
    def get_model_class(cls):
        return Session

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.member_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None  # type: ignore[attr-defined] # our own row
        return row

    def _get_session_from_db(self):
        row = _session(session_key=self.session_key, now=timezone.now())
        if row is None:
            self._session_key = None
        elif row.member:
            self.member = row.member
            self.member.in_moderators, self.member.in_editors = row.in_moderators, row.in_editors
        return row

    def authenticated_member(self) -> Member | None:
        """The member who is signed in here, or None when the session has ended, the account is suspended or the
        password was changed elsewhere."""
        if SESSION_KEY not in self or self.member is None or not self.member.is_active:
            return None
        known = self.get(HASH_SESSION_KEY, "")
        hashes = [self.member.get_session_auth_hash(), *self.member.get_session_auth_fallback_hash()]
        return self.member if any(constant_time_compare(known, valid) for valid in hashes) else None


class MemberBackend(ModelBackend):
    """E-mail address and password. `get_user` serves what asks without our middleware (allauth, tests).

    A suspended member with the right password is recognised, so that the sign-in page can say why it stops here;
    no session of theirs is ever accepted.
    """

    def user_can_authenticate(self, user):
        return not user.erased_at

    def authenticate(self, request, username=None, password=None, email=None, **kwargs):
        return super().authenticate(request, username=email or username, password=password, **kwargs)

    def get_user(self, user_id):
        return Member.objects.active().for_session().filter(pk=user_id).first()


class MemberMiddleware(AuthenticationMiddleware):
    """Sets request.user from the session's own row, and takes no form that was made for somebody else."""

    def process_request(self, request):
        request.user = request.session.authenticated_member() or AnonymousUser()
        if SESSION_KEY in request.session and not request.user.is_authenticated:
            request.session.flush()

        async def auser():
            return request.user

        request.auser = auser

    def process_response(self, request, response):
        """A member's page is for nobody else's cache."""
        if getattr(request, "user", None) and request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private"
        return response

    def process_view(self, request, view, args, kwargs):
        """In one tab Ada writes, in another Mo has signed in, and then Ada's tab sends."""
        try:
            access.check_writer(request.user, request.POST.get("writer", "") if request.method == "POST" else "")
        except Denied as refusal:
            if request.accepts("text/html"):
                raise
            return JsonResponse({"error": refusal.reason}, status=refusal.status)
        return None

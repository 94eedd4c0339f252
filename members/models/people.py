"""Members, their sessions, and the organisations they work for."""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from string import ascii_lowercase, digits

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from lib.locks import locked
from lib.states import States
from lib.text import initials

from .domains import validate_domain

MODERATORS = "Moderators"
EDITORS = "Editors"


class Organisation(models.Model):
    """A council, another public body, or a supplier."""

    class Kind(models.TextChoices):
        PUBLIC_BODY = "public_body", "Public body"
        SUPPLIER = "supplier", "Supplier"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.CharField(max_length=200)
    short_name = models.CharField(
        max_length=100, help_text="As people say it, for example “Camden”. Stands beside a member's name."
    )
    slug = models.SlugField(max_length=120, unique=True)
    region = models.CharField(max_length=100, blank=True)
    nation = models.CharField(max_length=40, blank=True)
    authority_type = models.CharField(
        max_length=100, blank=True, help_text="For councils, for example “London borough”."
    )
    authority_code = models.CharField(
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        help_text="The local authority code, the key of the public register.",
    )
    gss_code = models.CharField("GSS code", max_length=9, blank=True)
    website = models.URLField(blank=True)
    closed_on = models.DateField(
        null=True, blank=True, help_text="The day on which this body was abolished or replaced."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="organisation_kind", condition=Q(kind__in=["public_body", "supplier"])),
        ]

    def __str__(self):
        return self.name

    @property
    def is_public_body(self) -> bool:
        return self.kind == self.Kind.PUBLIC_BODY

    @property
    def is_supplier(self) -> bool:
        return self.kind == self.Kind.SUPPLIER


class EmailDomain(models.Model):
    """A domain by which a public body's officers are verified. One domain belongs to one organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="email_domains")
    domain = models.CharField(max_length=253, unique=True, validators=[validate_domain])

    class Meta:
        ordering = ["domain"]
        constraints = [models.CheckConstraint(name="email_domain_lower_case", condition=Q(domain=Lower("domain")))]

    def __str__(self):
        return self.domain


@dataclass(frozen=True, slots=True)
class Byline:
    """How a member is named. Names reach a page, frame, mail, feed or search result only through this."""

    name: str
    detail: str  # "Head of Digital, Leeds"
    badge: str  # "Officer", "Supplier" or ""
    initials: str
    tone: str  # one of a, b, c: the avatar's colour
    url: str
    place: str = ""  # "Leeds": where there is no room for the whole detail

    @property
    def is_supplier(self) -> bool:
        return self.badge == "Supplier"


class MemberQuerySet(models.QuerySet["Member"]):
    def for_session(self):
        """With all that a page asks of the signed-in member, in one query."""
        groups = Member.groups.through.objects.filter(member=OuterRef("pk"))
        return self.select_related("organisation").annotate(
            in_moderators=Exists(groups.filter(group__name=MODERATORS)),
            in_editors=Exists(groups.filter(group__name=EDITORS)),
        )

    def active(self):
        return self.filter(is_active=True)

    def administrators(self):
        return self.active().filter(is_superuser=True)

    def moderators(self):
        """Everyone who does a moderator's work, in the order in which they came."""
        is_moderator = Exists(Member.groups.through.objects.filter(member=OuterRef("pk"), group__name=MODERATORS))
        return self.active().filter(Q(is_superuser=True) | is_moderator).order_by("pk")

    def lock(self, pk):
        """One member, whose row nobody else changes until the transaction ends. Raises DoesNotExist.

        Without a join: after waiting for another's change, PostgreSQL gives the new row, but joins it as of before.
        """
        return locked(self).get(pk=pk)

    def lock_all(self, pks):
        """Locks several, as lock() does. Everybody locks them in this one order, so that nobody waits in a circle."""
        list(locked(self.filter(pk__in=list(pks)).order_by("pk")).values_list("pk"))

    def free_handle(self, name: str) -> str:
        """A handle that none of these has: ada-okafor, ada-okafor-2, …"""
        base = _handle_of(name)
        taken = set(self.filter(handle__startswith=base).values_list("handle", flat=True))
        if base not in taken:
            return base
        return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        if not member.handle:
            member.handle = self.free_handle(member.name or email.partition("@")[0])
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, **{"name": "Administrator"} | fields, is_superuser=True)

    def handle_by_chance(self, name: str) -> str:
        """ada-okafor-k3x9: for newcomers, since the number of a free handle would tell who is a member already."""
        return f"{_handle_of(name)}-{get_random_string(4, ascii_lowercase + digits)}"


def _handle_of(name: str) -> str:
    return slugify(name)[:60] or "member"


class Member(AbstractBaseUser, PermissionsMixin):
    """A person with an account, who signs in by e-mail address.

    `standing` says what we know of the person: a newcomer has confirmed an address, an officer works for a public
    body, a supplier member for a supplier. Moderator and editor are groups, administrator is `is_superuser`.
    """

    class Standing(States):
        NEWCOMER = "newcomer", "Newcomer"
        OFFICER = "officer", "Officer"
        SUPPLIER = "supplier", "Supplier member"

        @classmethod
        def moves(cls):
            return {
                cls.NEWCOMER: {cls.OFFICER, cls.SUPPLIER},
                cls.OFFICER: {cls.OFFICER, cls.NEWCOMER},  # of another body, after moving there
                cls.SUPPLIER: {cls.NEWCOMER},
            }

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    handle = models.SlugField(max_length=80, unique=True, help_text="For mentions: @handle.")
    former_handle = models.SlugField(max_length=80, blank=True, editable=False, db_index=False)  # a newcomer's
    job_title = models.CharField(max_length=120, blank=True)
    bio = models.TextField("about you", max_length=600, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    claimed_organisation = models.CharField(
        max_length=200, blank=True, help_text="What the person wrote at sign-up; a moderator checks it."
    )
    standing = models.CharField(max_length=20, choices=Standing.choices, default=Standing.NEWCOMER)
    verified_at = models.DateTimeField(null=True, blank=True)
    verification_asked_at = models.DateTimeField(null=True, blank=True)  # set while a moderator is to decide
    verification_declined_at = models.DateTimeField(null=True, blank=True)  # from then on only moderators verify
    is_active = models.BooleanField(default=True, help_text="A suspended member can't sign in.")
    date_joined = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    # What e-mail they want; the bell tells of everything.
    mail_replies = models.BooleanField("replies to what I started or wrote", default=True)
    mail_mentions = models.BooleanField("mentions of me", default=True)
    mail_events = models.BooleanField("events I registered for", default=True)
    mail_introductions = models.BooleanField("introductions", default=True)

    unread_count = models.PositiveIntegerField(default=0, editable=False)  # unread notifications: the bell

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = MemberManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="member_email_once"),
            models.CheckConstraint(
                name="member_standing", condition=Q(standing__in=["newcomer", "officer", "supplier"])
            ),
            models.CheckConstraint(
                name="member_verified_with_organisation",
                condition=Q(standing="newcomer") | Q(organisation__isnull=False, verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="member_asks_as_newcomer",
                condition=Q(verification_asked_at__isnull=True) | Q(standing="newcomer", erased_at__isnull=True),
            ),
            models.CheckConstraint(
                name="member_erased_is_inactive", condition=Q(erased_at__isnull=True) | Q(is_active=False)
            ),
        ]
        indexes = [
            models.Index(
                name="member_waiting",
                fields=["verification_asked_at"],
                condition=Q(verification_asked_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.partition(" ")[0]

    def get_absolute_url(self):
        return f"/members/{self.pk}/"  # reverse() would take a tenth of the time of a page of many people

    # --- Roles --------------------------------------------------------------------------------
    @property
    def is_officer(self) -> bool:
        return self.standing == self.Standing.OFFICER

    @property
    def is_supplier_member(self) -> bool:
        return self.standing == self.Standing.SUPPLIER

    @property
    def is_newcomer(self) -> bool:
        return self.standing == self.Standing.NEWCOMER

    @property
    def is_suspended(self) -> bool:
        return not self.is_active and not self.erased_at

    @cached_property
    def is_moderator(self) -> bool:
        """Administrators can do what moderators can. Costs no query for a member loaded with for_session()."""
        return self.is_superuser or self._is_in("in_moderators", MODERATORS)

    @cached_property
    def may_use_cms(self) -> bool:
        return self.is_moderator or self._is_in("in_editors", EDITORS)

    def _is_in(self, annotation: str, group: str) -> bool:
        known = self.__dict__.get(annotation)
        return self.groups.filter(name=group).exists() if known is None else known

    # --- How others see them --------------------------------------------------------------------
    @property
    def detail(self) -> str:
        """Job title and organisation, as far as they are known: "Head of Digital, Leeds"."""
        return ", ".join(filter(None, [self.job_title, self.organisation.short_name if self.organisation_id else ""]))

    @property
    def byline(self) -> Byline:
        if self.erased_at:
            return Byline("A former member", "", "", "–", "a", "")
        return Byline(
            name=self.name,
            detail=self.detail,
            badge={"officer": "Officer", "supplier": "Supplier"}.get(self.standing, ""),
            initials=initials(self.name),
            tone="c" if self.is_supplier_member else "ab"[self.pk % 2],
            url=self.get_absolute_url(),
            place=self.organisation.short_name if self.organisation_id else "",
        )


class Session(AbstractBaseSession):
    """A signed-in browser. Knows its member, so that a request reads both in one query."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls):
        return import_module(settings.SESSION_ENGINE).SessionStore

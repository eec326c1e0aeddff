"""Who may come in: users, their memberships, what each membership may do, and tokens."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row, uuid7
from remit.apps.records.rows import Rows

ROLES = (
    "administrator",
    "signatory",
    "approver",
    "manager",
    "requester",
    "preparer",
    "reviewer",
    "evaluator",
    "biller",
    "auditor",
    "reader",
)


class Users(BaseUserManager["User"]):
    """Finds and makes log-ins by mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A log-in. Which organizations it acts for stands in its memberships."""

    rows = Rows("outside", why="read before an organization is known: sign-in")
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, blank=True)
    is_active = models.BooleanField(default=True)
    USERNAME_FIELD = "email"
    objects = Users()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_a_mail_address")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class Membership(Row):
    """A dated tie of a log-in, a person on Remit, or both, to an organization (from and until half-open)."""

    rows = Rows("membership")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="memberships")
    person_id = models.UUIDField(null=True, db_index=True)
    """The person's key; persons are rows of an app above this one, which lays the foreign key."""
    name = models.CharField(max_length=120)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "user"], name="membership_by_user")]


class Grant(Row):
    """A role given to a membership for a time, within a scope, up to a limit."""

    rows = Rows("own", narrow="{table}.membership_id = (select my_membership()) or {table}.id in (select g.id from my_grants() g)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=[(r, r) for r in ROLES])
    scope = models.CharField(max_length=12, choices=[(s, s) for s in ("organization", "entity", "engagement", "field")], default="organization")
    scope_id = models.UUIDField(null=True)
    scope_field = models.CharField(max_length=40, blank=True)
    limit_amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    limit_currency = models.CharField(max_length=3, blank=True)
    granted_by = models.UUIDField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["membership", "role"], name="grant_by_membership")]


class ApiToken(Row):
    """A bearer token of a user for one organization; only its SHA-256 is kept."""

    rows = Rows("outside", why="read before an organization is known: the token says which")
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    membership = models.ForeignKey(Membership, models.DO_NOTHING, related_name="+", db_constraint=False)
    organization = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+", db_constraint=False)
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    """"read", or names of actions, or "*" for whatever the person may."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class SecurityEvent(Row):
    """Something that concerns a log-in's safety: signed in, failed, a factor or device added or taken away. Shown to its holder, never changed."""

    rows = Rows("outside", why="of a log-in, which is no organization's; written at sign-in, before one is known", grants="select, insert")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="events")
    """None: a try for an address without log-in, kept so that both take equally long."""
    kind = models.CharField(max_length=24)
    detail = models.CharField(max_length=120, blank=True)
    """Which factor or device."""
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    """By the real clock."""

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="security_event_by_user")]


class FirstCode(Row):
    """The printed one-time code by which an empty installation gets its first administrator."""

    rows = Rows("outside", why="read before any organization exists")
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

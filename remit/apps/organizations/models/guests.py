"""Who takes part without a log-in: a link for one thing, the codes that open it, and the mails that carry both."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row
from remit.apps.records.models import Audience
from remit.apps.records.rows import Rows


class GuestLink(Row):
    """What a guest may do about one thing, for which organization, until when (by the real clock). Its secret is kept as SHA-256 only."""

    rows = Rows("shared", narrow="reaches_object({table}.audience_id, {table}.about_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    """For whom the guest acts; it takes part in the audience."""
    invited_by_organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    invited_by = models.UUIDField(null=True)
    about_kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    about_reference = models.CharField(max_length=40)
    acts = ArrayField(models.CharField(max_length=60))
    """Names of the actions that the link opens."""
    email = models.EmailField()
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class GuestCode(Row):
    """A one-time code sent for a link: tried a few times, within minutes (by the real clock)."""

    rows = Rows("outside", why="asked while a guest is not let in yet; hashes only")
    link_id = models.UUIDField(db_index=True)
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    is_mailed = models.BooleanField()
    """False where no mail is set up and the code stands in the outbox: the record says so."""


class Message(Row):
    """A mail of an organization: what it says, about what, and how far it came. What is secret in it (link, code) is sealed under the installation's key."""

    rows = Rows("own", narrow="exists (select 1 from organizations_guestlink t where t.id = {table}.link_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ("guest", "code", "request", "reminder", "member", "reset", "notice", "digest", "event")])
    to_email = models.EmailField()
    to_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    """Text with {secret} where the sealed part stands."""
    sealed = models.BinaryField(null=True)
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.UUIDField(null=True)
    about_reference = models.CharField(max_length=40, blank=True)
    link = models.ForeignKey(GuestLink, models.PROTECT, null=True, related_name="messages", db_constraint=False)
    reply_key = models.CharField(max_length=40, unique=True)
    """Stands in Message-ID and reply address, so that an answer finds its thing."""
    made_at = models.DateTimeField()
    """By the real clock, as the three that follow."""
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    """Why it was not sent, or why it came back."""
    written_by = models.UUIDField(null=True)
    """The log-in that wrote it, or for whose invitation it was written."""
    is_held = models.BooleanField(default=False)
    """Written while no mail was set up: it stays to be copied, and goes out only when somebody says so."""
    next_try_at = models.DateTimeField(null=True)
    put_aside_at = models.DateTimeField(null=True)
    """Somebody saw that it failed or came back, and has dealt with it."""
    in_reply_to = models.CharField(max_length=255, blank=True)
    """Message-ID of the mail that this one answers."""

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-made_at"], name="message_by_organization"),
            models.Index(fields=["about_id"], name="message_by_thing"),
            models.Index(fields=["made_at"], condition=models.Q(sent_at=None, failed_at=None, is_held=False), name="message_to_send"),
        ]

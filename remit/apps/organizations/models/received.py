"""Mails that came into the installation's mailbox: each handled once, with what became of it."""

from django.db import models

from remit.apps.organizations.models.guests import Message
from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row
from remit.apps.records.rows import Rows

OUTCOMES = ("placed", "partly", "unplaced", "bounce", "automatic")


class ReceivedMail(Row):
    """A mail that came in and what became of it; its text and files are not kept here. Of the organization whose mail it answers, else of the operator's."""

    rows = Rows("own", narrow="exists (select 1 from organizations_message t where t.id = {table}.message_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    """SHA-256 that names the mail wherever it turns up again: of Message-ID and sender, or of all its bytes."""
    mailbox = models.CharField(max_length=64)
    """SHA-256 of server, log-in, folder and UIDVALIDITY."""
    uid = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    """When it was fetched, by the real clock."""
    from_email = models.CharField(max_length=254, blank=True)
    from_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=[(each, each) for each in OUTCOMES])
    reasons = models.JSONField(default=list)
    """What became of each part and what was known of the sender: stated reasons, to be said in the reader's language."""
    file_count = models.PositiveSmallIntegerField(default=0)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="received")
    """The mail that it answers, or that came back."""
    about_reference = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    """When a mail said why it could not be placed."""
    put_aside_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-received_at"], name="received_by_organization"),
            models.Index(fields=["mailbox", "uid"], name="received_by_place"),
            models.Index(fields=["from_email", "answered_at"], name="received_and_answered"),
        ]

"""The register of access to the client's own systems: which systems the work is done in, and who has which account there, from whom, until when."""

from django.db import models

from remit.apps.agreements.models import Engagement, SharedRow
from remit.apps.people.models import Person
from remit.apps.records.rows import Rows


class ClientSystem(SharedRow):
    """A system of the client's (accounting, practice, payroll) that the work of an engagement is done in: nobody works there without an account."""

    rows = Rows("shared", narrow="exists (select 1 from agreements_engagement t where t.id = {table}.engagement_id)")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="systems")
    name = models.CharField(max_length=80)
    named_by = models.UUIDField(null=True)
    named_by_name = models.CharField(max_length=120)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "name"], condition=models.Q(ended_at=None), name="one_system_of_a_name")]


class SystemAccess(SharedRow):
    """One person's account in one system: asked for by the provider, granted or declined by the client, looked at again, revoked."""

    rows = Rows("shared", narrow="exists (select 1 from work_clientsystem t where t.id = {table}.system_id)")
    system = models.ForeignKey(ClientSystem, models.PROTECT, related_name="accesses")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    right = models.CharField(max_length=80)
    """What they may do there, such as read or post."""
    account = models.CharField(max_length=120, blank=True)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True)
    granted_by_name = models.CharField(max_length=120, blank=True)
    granted_at = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True)
    """From this day on the account no longer counts until the client has looked at it again."""
    released_why = models.CharField(max_length=8, blank=True, choices=[(why, why) for why in ("left", "wall", "ended", "other")])
    """Why the provider's side needs it no more; the client then takes it away."""
    released_by = models.UUIDField(null=True)
    released_by_name = models.CharField(max_length=120, blank=True)
    released_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    """Declined or revoked."""
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "person"], condition=models.Q(ended_at=None), name="one_account_of_a_person"),
            models.CheckConstraint(condition=models.Q(granted_at=None) | models.Q(review_due_on__isnull=False), name="granted_until_a_review"),
        ]

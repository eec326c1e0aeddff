"""How a member is told of what needs them: one mail a day at their hour, some kinds at once, none in their quiet hours; and what they were told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from remit.apps.organizations.models.access import Membership
from remit.apps.organizations.models.guests import Message
from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row
from remit.apps.records.rows import Rows

MINE = "{table}.membership_id = (select my_membership())"


class DigestPlan(Row):
    """When a member wants it: an hour of their own zone, on working days or every day; and what they want at once, or not by mail. Without one nothing is
    mailed."""

    rows = Rows("own", narrow=MINE)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="digest_plan")
    hour = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    workdays_only = models.BooleanField(default=True)
    language = models.CharField(max_length=8)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    at_once = ArrayField(models.CharField(max_length=12), default=list)
    """Kinds (`domain.notifying`) that are mailed as they arise; `only_today`: kinds that are not mailed at all."""
    only_today = ArrayField(models.CharField(max_length=12), default=list)
    quiet_from = models.PositiveSmallIntegerField(null=True)
    """Hours of the day in `zone`, half-open, over midnight where the second is the smaller."""
    quiet_until = models.PositiveSmallIntegerField(null=True)
    quiet_weekends = models.BooleanField(default=False, db_default=False)
    looked_at = models.DateTimeField(null=True)
    """When the job last looked whether something arose or was settled."""
    look_again_at = models.DateTimeField(null=True)
    """When it looks again at the latest, even if nothing was decided meanwhile."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lt=24), name="digest_hour_of_a_day"),
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_until=None) | models.Q(quiet_from__lt=24, quiet_until__lt=24), name="quiet_hours_of_a_day"
            ),
        ]


class Digest(Row):
    """The digest of a member's day; without a mail where nothing needed them."""

    rows = Rows("own", update=False, narrow=MINE)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="digests")
    day = models.DateField()
    things = models.PositiveIntegerField()
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "day"], name="one_digest_a_day")]


class Notification(Row):
    """That a member was told of something that needed them: each event once until it needs them no more."""

    rows = Rows("own", narrow=MINE)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notifications")
    instead_of = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    """The member who was away, where it was told to their deputy."""
    kind = models.CharField(max_length=12)
    event = models.CharField(max_length=300)
    """The same for the same event, whoever is told of it and in whatever language."""
    about_reference = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, choices=[("once", "once"), ("digest", "digest")])
    address = models.CharField(max_length=300)
    """The page it led to."""
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    """When its link was first followed by the member, signed in."""
    over_at = models.DateTimeField(null=True)
    """When it was seen that it needs them no more: done, or another's."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "event"], condition=models.Q(over_at=None), name="told_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "about_reference"], name="notification_by_thing"),
            models.Index(fields=["organization", "event"], condition=models.Q(over_at=None), name="notification_open"),
        ]

"""One mail a day of what needs a member, at the hour that they chose; at every other hour they are left in peace."""

from django.db import models

from remit.apps.organizations.models.access import Membership
from remit.apps.organizations.models.guests import Message
from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row
from remit.apps.records.rows import Rows

MINE = "{table}.membership_id = (select my_membership())"


class DigestPlan(Row):
    """When a member wants it: an hour of their own zone, on working days or every day. Without one nothing is mailed."""

    rows = Rows("own", narrow=MINE)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.OneToOneField(Membership, models.PROTECT, related_name="digest_plan")
    hour = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    workdays_only = models.BooleanField(default=True)
    language = models.CharField(max_length=8)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hour__lt=24), name="digest_hour_of_a_day")]


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

"""What a member set aside on Today: a thing in the state in which it was, until an instant."""

from django.db import models

from remit.apps.organizations.models.access import Membership
from remit.apps.organizations.models.digests import MINE
from remit.apps.organizations.models.organization import Organization
from remit.apps.records.keys import Row
from remit.apps.records.rows import Rows


class SetAside(Row):
    """`event` as in `Notification`: what changes its state is another event, and stands on Today again."""

    rows = Rows("own", narrow=MINE, delete=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    event = models.CharField(max_length=300)
    until_at = models.DateTimeField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "event"], name="set_aside_once")]

"""Who acts for a member who is away."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from remit.apps.organizations.models.access import Membership
from remit.apps.organizations.models.organization import Organization
from remit.apps.records.context import By
from remit.apps.records.keys import Row
from remit.apps.records.rows import Rows


class Deputy(Row):
    """Who acts for a member while that member is away (from and until half-open), with all of their roles or those named."""

    rows = Rows(
        "own", narrow="{table}.away_id = (select my_membership()) or {table}.deputy_id = (select my_membership()) or {table}.id = (select my_membership())"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    away = models.ForeignKey(Membership, models.PROTECT, related_name="deputies")
    """Whose grants count."""
    deputy = models.ForeignKey(Membership, models.PROTECT, related_name="deputy_for")
    """Who acts."""
    roles = ArrayField(models.CharField(max_length=16), default=list)
    """Of the roles of whoever is away; none: all that they hold meanwhile."""
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField()
    named_by = models.UUIDField(null=True)
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["deputy"], name="deputy_by_membership")]
        constraints = [models.CheckConstraint(condition=~models.Q(away=models.F("deputy")), name="deputy_is_another")]

    def reason_for(self, by: By) -> str:
        """Why somebody is away, for the two and whoever named the deputy; nothing for everybody else."""
        return self.reason if by.membership in (self.away_id, self.deputy_id) or (by.user is not None and by.user == self.named_by) else ""

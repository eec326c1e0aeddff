"""What an engagement adds to the gate: permissions on file, and what it only observes for a time."""

from django.db import models

from remit.apps.agreements.models import Engagement, SharedRow
from remit.apps.people.models import Person
from remit.apps.records.models import File
from remit.apps.records.rows import Rows

WITHIN = "exists (select 1 from agreements_engagement t where t.id = {table}.engagement_id)"


class Permission(SharedRow):
    """A consent, clause, permit or report on file, with the days on which it holds; the client says that it is there."""

    rows = Rows("shared", narrow=WITHIN)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="permissions")
    kind = models.CharField(max_length=60)
    """As rule files name it: irc_7216_consent, standard_clauses, ao_146_2b_permit."""
    countries = models.JSONField(default=list)
    """For which countries; empty: for all."""
    says = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    """The first day on which it no longer holds."""
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    recorded_by = models.UUIDField(null=True)
    recorded_by_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    withdrawn_by_name = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True)


class Observing(SharedRow):
    """A rule or condition of the gate that an engagement only observes: it warns, is recorded, and refuses nobody. What always binds cannot be."""

    rows = Rows("shared", narrow=WITHIN)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="observings")
    what = models.CharField(max_length=80)
    """A rule's id, or a condition of the gate."""
    reason = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_until = models.DateField()
    set_by = models.UUIDField(null=True)
    set_by_name = models.CharField(max_length=120)
    set_at = models.DateTimeField()
    ended_by_name = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "what"], condition=models.Q(ended_at=None), name="observed_once"),
            models.CheckConstraint(condition=models.Q(valid_until__gt=models.F("valid_from")), name="observed_for_a_time"),
        ]


class BreakGlass(SharedRow):
    """For one person a refusal of the gate only warns for some hours: asked by one, confirmed by another of the client's side, with a reason."""

    rows = Rows("shared", narrow=WITHIN)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="broken_glass")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    code = models.CharField(max_length=80)
    """What refuses: its code, or the id of the rule."""
    reason = models.CharField(max_length=300)
    until_at = models.DateTimeField()
    asked_by = models.UUIDField()
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(confirmed_by=None) | ~models.Q(confirmed_by=models.F("asked_by")), name="glass_needs_two_persons"),
            models.CheckConstraint(condition=models.Q(until_at__gt=models.F("asked_at")), name="glass_for_some_hours"),
        ]

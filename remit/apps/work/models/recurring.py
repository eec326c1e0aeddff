"""What comes back by itself, and as what class of work a task is done from a day on."""

from django.db import models

from remit.apps.agreements.models import AgreedEntity, Engagement, SharedRow
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience
from remit.apps.records.rows import Rows


class Recurrence(Referenced):
    """A task that comes back for an entity (none: for every entity of the engagement), in each month that its rhythm falls on."""

    PREFIX = "RW"
    rows = Rows("shared", narrow="{table}.entity_id is null or exists (select 1 from agreements_agreedentity t where t.id = {table}.entity_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="recurrences")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, null=True, related_name="+")
    task = models.CharField(max_length=40)
    every_months = models.PositiveSmallIntegerField(default=1)
    """1, 2, 3, 4, 6 or 12; counted so that a period ends with the entity's fiscal year."""
    due_workday = models.PositiveSmallIntegerField()
    """The working day after the period's end, in the entity's calendar, by which it is due."""
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(every_months__in=(1, 2, 3, 4, 6, 12)), name="a_rhythm_divides_the_year"),
            models.CheckConstraint(condition=models.Q(due_workday__gte=1, due_workday__lte=250), name="due_within_a_year"),
        ]


class Reclassification(SharedRow):
    """A task is done as another class of work from now on: BPO by procedure, or KPO by judgement. Open items follow; what is finished stays."""

    rows = Rows("shared", update=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="reclassifications")
    task = models.CharField(max_length=40)
    before = models.CharField(max_length=4)
    work_class = models.CharField(max_length=4, choices=[("bpo", "bpo"), ("kpo", "kpo")])
    reason = models.TextField()
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField()

"""Time on items: entries that are never edited, what withdraws or bills them, the running timer; and what was brought from time tools."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.models import Organization
from remit.apps.people.models import OwnRow, Person
from remit.apps.records.keys import Referenced
from remit.apps.records.models import File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow, WorkItem

OF_ITEM = "exists (select 1 from work_workitem t where t.id = {table}.item_id)"


class TimeEntry(ItemRow):
    """Time of one person on an item: a span, half-open and in whole minutes, or minutes of a day by hand. It is corrected by a row that succeeds it."""

    rows = Rows("shared", update=False, narrow=OF_ITEM)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    step = models.CharField(max_length=40, blank=True)
    level = models.PositiveSmallIntegerField()
    """As what it is billed: the person's level on the day."""
    done_on = models.DateField()
    """On the entity's clock; of a span the day on which it begins."""
    minutes = models.PositiveSmallIntegerField()
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=6, choices=[(s, s) for s in ("timer", "hand", "import")])
    source_key = models.CharField(max_length=64, blank=True)
    """Of a row of a time tool: the same row brought again is known by it."""
    why = models.CharField(max_length=300, blank=True)
    """Why somebody else entered or corrected it."""
    unbilled_why = models.CharField(max_length=300, blank=True)
    """Why it is not billed, where it is not: rework, training, goodwill."""
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="time_of_a_day_at_most"),
            models.CheckConstraint(condition=Q(begins_at=None, ends_at=None) | Q(ends_at__gt=F("begins_at")), name="time_begins_and_ends"),
            models.UniqueConstraint(fields=["organization", "person", "source_key"], condition=~Q(source_key=""), name="row_of_a_tool_once"),
        ]
        indexes = [models.Index(fields=["person", "done_on"], name="time_of_a_person")]


class TimeWithdrawal(ItemRow):
    """An entry does not count any more: who said so, and why."""

    rows = Rows("shared", update=False, narrow=OF_ITEM)
    entry = models.OneToOneField(TimeEntry, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()


class BilledTime(ItemRow):
    """An entry stands on an invoice: it is frozen, and billed once."""

    rows = Rows("shared", update=False, narrow=OF_ITEM)
    entry = models.OneToOneField(TimeEntry, models.PROTECT, related_name="billed")
    number = models.CharField(max_length=30)
    """Of the invoice."""
    billed_at = models.DateTimeField()


class Presence(ItemRow):
    """When a person was at work by an entry that stands. Written by a trigger alone; nobody is in two places, across organizations."""

    rows = Rows("placed", narrow=OF_ITEM)
    entry = models.OneToOneField(TimeEntry, models.PROTECT, related_name="presence")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    during = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="person_works_in_one_place",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class Timer(OwnRow):
    """A timer that runs, one for a person wherever they work; gone once it is stopped or discarded."""

    rows = Rows("own", update=False, delete=True, narrow=OF_ITEM)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="timers")
    step = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    started_at = models.DateTimeField()


class TimeDraft(OwnRow, Referenced):
    """An export of a time tool, read and kept until somebody takes it in; nothing is made of it before."""

    PREFIX = "TI"
    rows = Rows("own", narrow="{table}.membership_id = (select my_membership())")
    membership_id = models.UUIDField(null=True)
    name = models.CharField(max_length=200)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    zone = models.CharField(max_length=60)
    brought = models.JSONField()
    """What `formats/timesheets` read, as plain values."""
    brought_by_name = models.CharField(max_length=120)
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)


class TimeMapping(OwnRow):
    """What a time tool calls a piece of work, and which work of ours it is: the newest item of that kind that was there on the day."""

    rows = Rows("own", delete=True, narrow="exists (select 1 from agreements_engagement t where t.id = {table}.engagement_id)")
    called = models.CharField(max_length=300)
    """Client, project and task of the tool, as compared."""
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, related_name="+")
    service = models.CharField(max_length=40)
    task = models.CharField(max_length=40, blank=True)
    kept_by_name = models.CharField(max_length=120)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "called"], name="called_one_thing")]

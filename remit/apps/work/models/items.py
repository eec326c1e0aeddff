"""What is asked for: periods, their work items, who does each step, its papers and its working state."""

from django.db import models

from remit.apps.agreements.models import AgreedEntity, Engagement, SharedRow
from remit.apps.organizations.models import Organization
from remit.apps.people.models import Booking, Person
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.domain.record.decision import ObjectReference


class Period(Referenced):
    """One entity x one calendar unit of an engagement; half-open. What is closed and then sealed."""

    PREFIX = "PR"
    rows = Rows("shared", narrow="exists (select 1 from agreements_agreedentity t where t.id = {table}.entity_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="periods")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, related_name="periods")
    begins_on = models.DateField()
    ends_on = models.DateField()
    close_due_at = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "entity", "begins_on"], name="one_period_a_month")]

    def title(self) -> str:
        """Month and entity, as a decision names it."""
        return f"{self.begins_on:%Y-%m} {self.entity.name}"

    def within(self) -> ObjectReference:
        """As entries name the container whose books they change."""
        return ObjectReference(kind="period", id=self.id, reference=self.reference)


class WorkItem(Referenced):
    """One piece of work of a service line inside an engagement."""

    PREFIX = "WI"
    rows = Rows("shared", narrow="exists (select 1 from work_period t where t.id = {table}.period_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="items")
    period = models.ForeignKey(Period, models.PROTECT, related_name="items")
    service = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField()
    task = models.CharField(max_length=40, blank=True, default="", db_default="")
    """The task of the service line; empty for the one that the line itself makes something of."""
    title = models.CharField(max_length=200)
    work_class = models.CharField(max_length=4, choices=[("bpo", "bpo"), ("kpo", "kpo")])
    answers = models.JSONField(default=dict)
    carried = models.JSONField(null=True)
    """What the service line carried over from the period before."""
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    deadline = models.JSONField(default=dict, db_default={})
    """Of what is filed with an authority: {id, sha256, due_on, authority, source, verified} of the rule in force when it was opened; else empty."""


class ItemRow(SharedRow):
    """A row of a work item."""

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Assignment(ItemRow):
    """A person on a step of an item, from an instant until they are taken off; the gate's verdict stands in the entry."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=True)
    person_name = models.CharField(max_length=120)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    assigned_by = models.UUIDField(null=True)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    """The provider's own row that keeps the person's hours free."""
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    """The hours booked for it, half-open, as both sides see them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "step"], condition=models.Q(ended_at=None), name="one_person_on_a_step"),
        ]


class ItemFile(ItemRow):
    """A file brought to a slot of an item, with what its reader found. A later one of the same slot supersedes it."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    slot = models.CharField(max_length=40)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    findings = models.JSONField(default=list)
    brought_by = models.UUIDField(null=True)
    brought_by_name = models.CharField(max_length=120, blank=True)
    brought_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)


class StepState(ItemRow):
    """The working state of a step: the journal of moves is the truth, `state` its fold."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    journal = models.JSONField(default=list)
    """[{command, values, why, by, name, at}]"""
    state = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "step"], name="one_state_a_step")]

"""What went wrong between the two sides: complaints, disputes and incidents, and everything that was done about each."""

from django.db import models

from remit.apps.agreements.models import Engagement, SharedRow
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import WorkItem


class Matter(Referenced):
    """Raised by one side of an engagement, about all of it, an item, or a line of an invoice. It stops nothing else."""

    PREFIX = "MT"
    rows = Rows("shared", update=False, narrow="{table}.item_id is null or exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="matters")
    item = models.ForeignKey(WorkItem, models.PROTECT, null=True, related_name="matters")
    kind = models.CharField(max_length=10, choices=[("complaint", "complaint"), ("dispute", "dispute"), ("incident", "incident")])
    category = models.CharField(max_length=16)
    severity = models.CharField(max_length=6)
    says = models.TextField()
    invoice = models.CharField(max_length=40, blank=True)
    """Number of the disputed invoice; empty where none is."""
    line = models.PositiveSmallIntegerField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    """What is disputed, in the invoice's currency: it is not due until the matter is over."""
    occurred_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    """Of an incident: from when its clock runs."""
    notices = models.JSONField(default=list)
    """Of an incident: [{id, words, to, owed_by, due_at, source, verified, sha256}] by the rules then in force."""
    answer_due_at = models.DateTimeField(null=True)
    raised_side = models.CharField(max_length=8)
    raised_by = models.UUIDField(null=True)
    raised_by_name = models.CharField(max_length=120)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind="incident") | models.Q(detected_at=None), name="incidents_are_detected")]


class MatterStep(SharedRow):
    """Something said or done about a matter, by a step of `remit.domain.matters.STEPS`."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_matter t where t.id = {table}.matter_id)")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12)
    says = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    """What is done so that it does not happen again."""
    notice = models.CharField(max_length=80, blank=True)
    """The notice that was sent, or is not owed, by its id."""
    sent_at = models.DateTimeField(null=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=8)
    done_by = models.UUIDField(null=True)
    done_by_name = models.CharField(max_length=120)
    done_at = models.DateTimeField()

"""What goes out: deliverables with their files, reviews and acceptances."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.records.models import File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow


class Deliverable(ItemRow):
    """A set of files under one manifest, made once and stored. `number` counts the item's deliverables from 1."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    manifest = models.ForeignKey(File, models.PROTECT, related_name="+")
    manifest_sha256 = models.CharField(max_length=64)
    checks = models.JSONField()
    """[{code, severity, place, values}] of the checks run on it."""
    quantities = models.JSONField()
    """[{measure, count, variant}]"""
    carry = models.JSONField(null=True)
    state = models.JSONField(null=True)
    """The working state that it was made from, as the step's own type keeps it."""
    readers = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """Names or mail addresses of those on the client's side who alone may open its files; empty: everybody who reads the engagement."""
    made_by = models.UUIDField(null=True)
    made_by_name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="deliverable_numbers_run_on")]


class DeliverableFile(SharedRow):
    """One file of a deliverable."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_deliverable t where t.id = {table}.deliverable_id)")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")


class Review(SharedRow):
    """A second qualified person's verdict on exactly the bytes of a manifest."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_deliverable t where t.id = {table}.deliverable_id)")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="reviews")
    manifest_sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=[("passed", "passed"), ("returned", "returned")])
    note = models.TextField(blank=True)
    extent = models.CharField(max_length=6, blank=True, default="", db_default="", choices=[("sample", "sample"), ("full", "full")])
    """What was looked at of what goes out; empty where nobody said."""
    reviewed_by = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=120)
    reviewed_at = models.DateTimeField()


class Acceptance(SharedRow):
    """The client's verdict on a passed deliverable."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_deliverable t where t.id = {table}.deliverable_id)")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="acceptances")
    manifest_sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=[("accepted", "accepted"), ("returned", "returned")])
    note = models.TextField(blank=True)
    accepted_by = models.UUIDField(null=True)
    accepted_by_name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable"], condition=models.Q(verdict="accepted"), name="accepted_once")]

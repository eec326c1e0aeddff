"""Files kept before there is work that they belong to."""

from django.db import models

from remit.apps.people.models import OwnRow
from remit.apps.records.keys import Referenced
from remit.apps.records.models import File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import WorkItem


class KeptFile(OwnRow, Referenced):
    """A file that somebody kept as a first item, before there is work that it belongs to; with what its reader found."""

    rows = Rows("own", narrow="exists (select 1 from work_workitem t where t.id = {table}.used_for_id)")
    PREFIX = "KF"
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=9, choices=[("statement", "statement"), ("pack", "pack"), ("invoice", "invoice")])
    facts = models.JSONField()
    """What the reader took from it, by label: [[label, value]]; nothing where it cannot be read."""
    findings = models.JSONField()
    kept_by_name = models.CharField(max_length=120)
    kept_at = models.DateTimeField()
    used_for = models.ForeignKey(WorkItem, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

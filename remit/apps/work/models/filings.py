"""What goes to an authority: when it was sent, and the receipt that makes it filed."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.records.models import File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow


class Filing(ItemRow):
    """An accepted deliverable was sent to an authority. Sent is not filed: that it is with the receipt alone. A later filing of the item supersedes it."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    deliverable = models.ForeignKey("work.Deliverable", models.PROTECT, related_name="filings")
    authority = models.CharField(max_length=160)
    sent_by = models.UUIDField(null=True)
    sent_by_name = models.CharField(max_length=120)
    """The person who sent it, who need not be whoever says so here."""
    sent_at = models.DateTimeField()
    told_by = models.UUIDField(null=True)
    told_by_name = models.CharField(max_length=120)
    told_at = models.DateTimeField()


class Receipt(SharedRow):
    """The authority's receipt for a filing: its bytes, and when the authority says that it had the filing."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_filing t where t.id = {table}.filing_id)")
    filing = models.OneToOneField(Filing, models.PROTECT, related_name="receipt")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    brought_by = models.UUIDField(null=True)
    brought_by_name = models.CharField(max_length=120)
    brought_at = models.DateTimeField()

"""What running relations bring along, and the files that they are taken over from."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.people.models import OwnRow
from remit.apps.records.keys import Referenced
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import Period


class OpeningTime(SharedRow):
    """Work done before a relation was taken over that no invoice holds: billed with the first accepted work of its month, by the price of its own day."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_period t where t.id = {table}.period_id)")
    period = models.ForeignKey(Period, models.PROTECT, related_name="opening_times")
    service = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12)
    measure = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    done_on = models.DateField()


class TakeoverDraft(OwnRow, Referenced):
    """Files brought to take running relations over, with what their readers found; nothing is made of them until somebody says so."""

    PREFIX = "TO"
    rows = Rows("own", narrow="false")
    files = models.JSONField()
    """[{name, sha256, file (its key), sheet}]"""
    brought = models.JSONField()
    """[what `formats/takeover` read in each sheet, as plain values]"""
    brought_by_name = models.CharField(max_length=120)
    brought_at = models.DateTimeField()
    carried_out_at = models.DateTimeField(null=True)

"""Accepted work that was found wrong: why, by whose fault, who found it, and what becomes of what was filed."""

from django.db import models

from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow


class ItemReopening(ItemRow):
    """An accepted deliverable does not stand any more. Its acceptance stays in the record; what replaces it is rework."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    deliverable = models.OneToOneField("work.Deliverable", models.PROTECT, related_name="reopening")
    category = models.CharField(max_length=10)
    """What kind of error: a category of findings."""
    cause = models.CharField(max_length=12)
    """Where it came from, by `remit.domain.corrections.CAUSES`."""
    found_by = models.CharField(max_length=10)
    """Which side found it, by `remit.domain.corrections.FINDERS`."""
    found_by_name = models.CharField(max_length=120, blank=True)
    says = models.TextField()
    filing = models.CharField(max_length=10, blank=True)
    """What becomes of the papers that were filed with it: corrected, stands; empty where nothing was filed."""
    filing_words = models.TextField(blank=True)
    is_rework = models.BooleanField()
    """Whether time on it is left off the invoice unless a manager says otherwise: the provider's own error is."""
    reopened_by = models.UUIDField(null=True)
    reopened_by_name = models.CharField(max_length=120)
    reopened_at = models.DateTimeField()

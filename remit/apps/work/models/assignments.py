"""What the professional says to an assignment."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import Assignment


class AssignmentAnswer(SharedRow):
    """Accepted or declined by whoever was assigned. Declining takes them off, and counts nowhere."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_assignment t where t.id = {table}.assignment_id)")
    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=8, choices=[("accepted", "accepted"), ("declined", "declined")])
    reason = models.CharField(max_length=12, blank=True)
    """Of a declined one, by `remit.domain.assignments.REASONS`."""
    answered_at = models.DateTimeField()

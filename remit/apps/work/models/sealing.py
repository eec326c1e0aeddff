"""The end of a period: closing, reopening, seal and the pack that is given."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.records.models import File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import Period


class Closing(SharedRow):
    """A period was closed: nothing more may be added."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_period t where t.id = {table}.period_id)")
    period = models.ForeignKey(Period, models.PROTECT, related_name="closings")
    closed_by = models.UUIDField(null=True)
    closed_by_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField()


class Reopening(SharedRow):
    """A closed period was opened again, by whom and why."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_closing t where t.id = {table}.closing_id)")
    closing = models.OneToOneField(Closing, models.PROTECT, related_name="reopening")
    reason = models.TextField()
    reopened_by = models.UUIDField(null=True)
    reopened_by_name = models.CharField(max_length=120)
    reopened_at = models.DateTimeField()


class Sealing(SharedRow):
    """A closed period was sealed: the signed head that covers its closing."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_closing t where t.id = {table}.closing_id)")
    closing = models.OneToOneField(Closing, models.PROTECT, related_name="sealing")
    log_size = models.BigIntegerField()
    log_root = models.CharField(max_length=64)
    checkpoint = models.TextField()
    """The roll-up's signed checkpoint."""
    sealed_at = models.DateTimeField()


class GivenPack(SharedRow):
    """The sealed period's pack, given to every party: the same bytes."""

    rows = Rows("shared", update=False, narrow="sees_entity({table}.audience_id, null)")
    sealing = models.OneToOneField(Sealing, models.PROTECT, related_name="given")
    pack = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    given_at = models.DateTimeField()

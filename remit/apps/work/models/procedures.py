"""How a task is done for a client: procedures in versions that both sides agree, and the items that took over a later one."""

from django.db import models

from remit.apps.agreements.models import AgreedEntity, Engagement, SharedRow
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow

OF_PROCEDURE = "exists (select 1 from work_procedure t where t.id = {table}.procedure_id)"
SIDES = [("client", "client"), ("provider", "provider")]


class Procedure(Referenced):
    """How one task of the engagement's service is done, for one agreed entity or (none) for all."""

    PREFIX = "PC"
    rows = Rows("shared", update=False, narrow="{table}.entity_id is null or exists (select 1 from agreements_agreedentity t where t.id = {table}.entity_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="procedures")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, null=True, related_name="+")
    service = models.CharField(max_length=40)
    task = models.CharField(max_length=40)
    begun_at = models.DateTimeField()


class ProcedureVersion(SharedRow):
    """One version, as one side proposed it; never edited, only succeeded. `number` counts from 1."""

    rows = Rows("shared", update=False, narrow=OF_PROCEDURE)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    steps = models.JSONField()
    """[{number, says, exceptions: [text]}]"""
    owner_name = models.CharField(max_length=120)
    """Who answers for it, and on which side."""
    owner_side = models.CharField(max_length=8, choices=SIDES)
    valid_from = models.DateField()
    why = models.TextField()
    side = models.CharField(max_length=8, choices=SIDES)
    """Who proposed it."""
    written_by = models.UUIDField(null=True)
    written_by_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "number"], name="versions_run_on")]


class ProcedureVerdict(SharedRow):
    """The other side agrees to a version or declines it; or whoever proposed it takes it back."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_procedureversion t where t.id = {table}.version_id)")
    version = models.OneToOneField(ProcedureVersion, models.PROTECT, related_name="verdict")
    verdict = models.CharField(max_length=9, choices=[("agreed", "agreed"), ("declined", "declined"), ("withdrawn", "withdrawn")])
    note = models.TextField(blank=True)
    given_by = models.UUIDField(null=True)
    given_by_name = models.CharField(max_length=120)
    given_at = models.DateTimeField()


class ProcedureWithdrawal(SharedRow):
    """A procedure holds for no item that is opened from a day on; items that carry it keep it."""

    rows = Rows("shared", update=False, narrow=OF_PROCEDURE)
    procedure = models.OneToOneField(Procedure, models.PROTECT, related_name="withdrawal")
    from_on = models.DateField()
    reason = models.TextField()
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()


class ProcedureAdoption(ItemRow):
    """An open item took over a version that came into force after it was opened; `before` is the one that it carried, empty where it had none."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="adoptions")
    before = models.JSONField(default=dict)
    """{reference, version}"""
    adopted_by = models.UUIDField(null=True)
    adopted_by_name = models.CharField(max_length=120)
    adopted_at = models.DateTimeField()

"""The function that might leave the house, its assessment, the brief, the shortlist and the award."""

from typing import Any

from django.db import connection, models

from remit.apps.organizations.models import Organization, RateCard
from remit.apps.records.keys import Referenced, Row
from remit.apps.records.models import Audience, File, Thread
from remit.apps.records.rows import Rows
from remit.domain import brief as briefs
from remit.domain import gate
from remit.lines import lines

BROKER = (
    "exists (select 1 from sourcing_brief b join records_participation p on p.audience_id = b.audience_id where b.id = {table}.brief_id "
    "and p.role = 'broker' and p.tenant_id = (select my_own()) and p.since <= (select my_instant()) and (p.until is null or p.until > (select my_instant())))"
)
"""Whoever was admitted to the brief as a broker reads its shortlists, too."""


class Function(Referenced):
    """What a client does today and might hand over."""

    PREFIX = "FN"
    rows = Rows("own", narrow="my_grants_reach({table}.service)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="functions")
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="+")
    service = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()


class Assessment(Row):
    """The verdict on each task of a function at one time: keep, BPO or KPO, with reasons and criticality. A later one supersedes it."""

    rows = Rows("own", update=False, narrow="exists (select 1 from sourcing_function t where t.id = {table}.function_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    function = models.ForeignKey(Function, models.PROTECT, related_name="assessments")
    assessed_by = models.UUIDField(null=True)
    assessed_at = models.DateTimeField()
    tasks = models.JSONField()
    """[{code, says, class, proposed, critical, decides, moved (why a person overruled the proposal, or nothing), reasons}]"""
    jurisdiction = models.CharField(max_length=8, default="")
    """Whose rules were asked."""


class Brief(Referenced):
    """The need. `answers`: {field: {"value", "from": "notice" | "typed" | "site" | "organization", ...}}: each answer says where it came from.

    What came from a notice has its path, the words quoted, whether they state it or it was derived, and how.
    """

    PREFIX = "BR"
    rows = Rows("shared")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="briefs")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="briefs")
    function = models.ForeignKey(Function, models.PROTECT, null=True, related_name="briefs")
    title = models.CharField(max_length=300)
    service = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    answers = models.JSONField(default=dict)
    notice = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    notice_read = models.JSONField(default=dict)
    """What the notice gave besides answers: name, number, of, form, kind, stage, dates; offers (suggestions by question), doubts, and passages with marks."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    """When nothing asked for was missing any more."""

    def plain(self) -> dict[str, Any]:
        """The answers alone, without where they came from."""
        return {code: answer["value"] for code, answer in self.answers.items()}

    @property
    def is_awarded(self) -> bool:
        """Whether there is an award, also one that the actor does not read."""
        with connection.cursor() as cursor:
            cursor.execute("select brief_is_awarded(%s)", [self.pk])
            return bool(cursor.fetchone()[0])

    def facts(self) -> gate.Need:
        """What the brief asks of people; names none."""
        return briefs.need(lines()[self.service], self.plain(), str(self.organization_id))


class Shortlist(Row):
    """Who was found for a brief at one time, by which method, and why the others were out."""

    rows = Rows("own", update=False, also=BROKER, narrow="exists (select 1 from sourcing_brief t where t.id = {table}.brief_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="shortlists")
    brief_version = models.PositiveIntegerField()
    found_by = models.UUIDField(null=True)
    found_at = models.DateTimeField()
    method = models.JSONField()
    """Weights, normalization, and what would change the winner."""
    candidates = models.JSONField()
    """Those that pass in their order, then those that are out: see `market.candidates`."""


class Award(Row):
    """The reasoned choice of a provider for a brief, on one shortlist. It opens the engagement audience."""

    rows = Rows("shared", update=False)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="awards")
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="awards")
    client = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    card = models.ForeignKey(RateCard, models.PROTECT, related_name="+")
    terms = models.JSONField()
    """What the provider learns of the brief, frozen."""
    awarded_by = models.UUIDField(null=True)
    awarded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brief"], name="one_award_a_brief")]


class Choice(Row):
    """Why that provider was awarded, and on which shortlist: the client's own business."""

    rows = Rows("own", update=False, narrow="exists (select 1 from sourcing_award t where t.id = {table}.award_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    award = models.OneToOneField(Award, models.PROTECT, related_name="choice")
    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="+")
    reason = models.TextField()

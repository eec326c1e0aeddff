"""Periods, items, who does them, files, states, what they make, how it is reviewed and accepted; questions to the client; sealing; kept files."""

from django.db import models

from remit.apps.agreements.models import AgreedEntity, Engagement, SharedRow
from remit.apps.organizations.models import GuestLink, Organization
from remit.apps.people.models import Booking, OwnRow, Person
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.domain.record.decision import ObjectReference


class Period(Referenced):
    """One entity x one calendar unit of an engagement; half-open. What is closed and then sealed."""

    PREFIX = "PR"
    rows = Rows("shared", narrow="exists (select 1 from agreements_agreedentity t where t.id = {table}.entity_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="periods")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, related_name="periods")
    begins_on = models.DateField()
    ends_on = models.DateField()
    close_due_at = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "entity", "begins_on"], name="one_period_a_month")]

    def title(self) -> str:
        """Month and entity, as a decision names it."""
        return f"{self.begins_on:%Y-%m} {self.entity.name}"

    def within(self) -> ObjectReference:
        """As entries name the container whose books they change."""
        return ObjectReference(kind="period", id=self.id, reference=self.reference)


class WorkItem(Referenced):
    """One piece of work of a service line inside an engagement."""

    PREFIX = "WI"
    rows = Rows("shared", narrow="exists (select 1 from work_period t where t.id = {table}.period_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="items")
    period = models.ForeignKey(Period, models.PROTECT, related_name="items")
    service = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    work_class = models.CharField(max_length=4, choices=[("bpo", "bpo"), ("kpo", "kpo")])
    answers = models.JSONField(default=dict)
    carried = models.JSONField(null=True)
    """What the service line carried over from the period before."""
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()


class ItemRow(SharedRow):
    """A row of a work item."""

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True


class Assignment(ItemRow):
    """A person on a step of an item, from an instant until they are taken off; the gate's verdict stands in the entry."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_constraint=True)
    person_name = models.CharField(max_length=120)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    assigned_by = models.UUIDField(null=True)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="+")
    """The provider's own row that keeps the person's hours free."""
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    """The hours booked for it, half-open, as both sides see them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "step"], condition=models.Q(ended_at=None), name="one_person_on_a_step"),
        ]


class ItemFile(ItemRow):
    """A file brought to a slot of an item, with what its reader found. A later one of the same slot supersedes it."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    slot = models.CharField(max_length=40)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    findings = models.JSONField(default=list)
    brought_by = models.UUIDField(null=True)
    brought_by_name = models.CharField(max_length=120, blank=True)
    brought_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)


class StepState(ItemRow):
    """The working state of a step: the journal of moves is the truth, `state` its fold."""

    rows = Rows("shared", narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    journal = models.JSONField(default=list)
    """[{command, values, why, by, name, at}]"""
    state = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "step"], name="one_state_a_step")]


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


class Request(Referenced):
    """A question to the client about an item, or a paper asked for: `slot` is that of the paper, where it is one that the item reads."""

    PREFIX = "RQ"
    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="requests")
    question = models.TextField()
    slot = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True)
    asked_by = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()


class Answer(SharedRow):
    """What the client said to a request, with its files; given by a member (`answered_by`) or a guest (`link`)."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_request t where t.id = {table}.request_id)")
    request = models.ForeignKey(Request, models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    link = models.ForeignKey(GuestLink, models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=120)
    answered_at = models.DateTimeField()


class AnswerFile(SharedRow):
    """A file of an answer; `paper` is set where it was taken in as a paper of the item."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_answer t where t.id = {table}.answer_id)")
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    paper = models.ForeignKey(ItemFile, models.PROTECT, null=True, related_name="+")


class Settlement(SharedRow):
    """The provider's verdict on an answer: it settles the request, or is returned with what is still missing."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_answer t where t.id = {table}.answer_id)")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="settlement")
    verdict = models.CharField(max_length=8, choices=[("accepted", "accepted"), ("returned", "returned")])
    note = models.TextField(blank=True)
    settled_by = models.UUIDField(null=True)
    settled_by_name = models.CharField(max_length=120)
    settled_at = models.DateTimeField()


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

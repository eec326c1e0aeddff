"""What goes with questions between the two sides: drafts, who is to answer, withdrawals, reminders; and answers that are kept as standing instructions."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from remit.apps.agreements.models import AgreedEntity, Engagement, SharedRow
from remit.apps.organizations.models import GuestLink
from remit.apps.people.models import OwnRow
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemRow, WorkItem
from remit.apps.work.models.requests import Answer, Request

OF_REQUEST = "exists (select 1 from work_request t where t.id = {table}.request_id)"
OF_ITEM = "exists (select 1 from work_workitem t where t.id = {table}.item_id)"
OF_ENTITY = "{table}.entity_id is null or exists (select 1 from agreements_agreedentity t where t.id = {table}.entity_id)"


class RequestDraft(OwnRow, Referenced):
    """A question that is not sent: only the side that would ask it sees it. Gone once it is sent or dropped."""

    PREFIX = "RD"
    rows = Rows("own", delete=True, narrow=OF_ITEM)
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="drafts")
    question = models.TextField()
    concerns = models.CharField(max_length=300, blank=True)
    slot = models.CharField(max_length=40, blank=True)
    options = models.JSONField(default=list)
    blocks = models.BooleanField(default=True)
    owner_name = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)
    again_of = models.ForeignKey(Request, models.PROTECT, null=True, related_name="+")
    """The question of the month before that it asks again."""
    drafted_by = models.UUIDField(null=True)
    drafted_by_name = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()


class RequestWithdrawal(SharedRow):
    """A question does not wait any more: who took it back, and why."""

    rows = Rows("shared", update=False, narrow=OF_REQUEST)
    request = models.OneToOneField(Request, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()


class Handover(SharedRow):
    """The side that is asked says who of it is to answer; the newest counts."""

    rows = Rows("shared", update=False, narrow=OF_REQUEST)
    request = models.ForeignKey(Request, models.PROTECT, related_name="handovers")
    owner_name = models.CharField(max_length=120)
    note = models.CharField(max_length=300, blank=True)
    passed_by = models.UUIDField(null=True)
    link = models.ForeignKey(GuestLink, models.PROTECT, null=True, related_name="+")
    passed_by_name = models.CharField(max_length=120)
    passed_at = models.DateTimeField()


class ReminderPlan(SharedRow):
    """When an engagement's questions are reminded of; the newest counts, for what is asked from then on."""

    rows = Rows("shared", update=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="reminder_plans")
    steps = models.JSONField()
    """[[working days after the due day, level of the contact plan]]"""
    answer_workdays = models.PositiveSmallIntegerField()
    """Within so many working days an answer is asked for, where nobody says when."""
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=120)
    decided_at = models.DateTimeField()


class PlannedReminder(SharedRow):
    """A reminder that goes at `due_at` unless the question is answered first. `ended_at`: it went, or it is not needed any more."""

    rows = Rows("shared", narrow=OF_REQUEST)
    request = models.ForeignKey(Request, models.PROTECT, related_name="planned")
    due_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField()
    """0: who is to answer; n: the nth step of the contact plan above; beyond it whoever answers for the engagement on the asking side."""
    side = models.CharField(max_length=8, choices=[("client", "client"), ("provider", "provider")])
    """Whose person gets it."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(ended_at=None), name="reminder_to_send")]


class Reminder(SharedRow):
    """A reminder that went: to whom, and how."""

    rows = Rows("shared", update=False, narrow=OF_REQUEST)
    request = models.ForeignKey(Request, models.PROTECT, related_name="reminders")
    planned = models.OneToOneField(PlannedReminder, models.PROTECT, related_name="reminder")
    level = models.PositiveSmallIntegerField()
    to_name = models.CharField(max_length=300)
    how = models.CharField(max_length=6, choices=[("mail", "mail"), ("page", "page")])
    """page: nobody of that name has an address here, so it stands on Today of that side alone."""
    messages = ArrayField(models.UUIDField(), default=list)
    """The mails, each in the outbox of whoever sent it."""
    links = ArrayField(models.UUIDField(), default=list)
    reminded_at = models.DateTimeField()


class StandingInstruction(Referenced):
    """What was answered once and holds from a day on, for one agreed entity or (none) the whole engagement. `slot` and `step` narrow what it is about."""

    PREFIX = "SI"
    rows = Rows("shared", update=False, narrow=OF_ENTITY)
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="instructions")
    entity = models.ForeignKey(AgreedEntity, models.PROTECT, null=True, related_name="+")
    service = models.CharField(max_length=40)
    task = models.CharField(max_length=40, blank=True)
    step = models.CharField(max_length=40, blank=True)
    slot = models.CharField(max_length=40, blank=True)
    question = models.TextField()
    text = models.TextField()
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    answer = models.ForeignKey(Answer, models.PROTECT, null=True, related_name="instructions")
    """The answer that it was kept from; none where the client said it without being asked."""
    said_by_name = models.CharField(max_length=120)
    said_at = models.DateTimeField()
    kept_by = models.UUIDField(null=True)
    kept_by_name = models.CharField(max_length=120)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until_on=None) | Q(until_on__gt=models.F("from_on")), name="instruction_holds_a_day")]


class InstructionWithdrawal(SharedRow):
    """An instruction does not hold any more: who said so, and why. What was done by it stays."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_standinginstruction t where t.id = {table}.instruction_id)")
    instruction = models.OneToOneField(StandingInstruction, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()


class InstructionUse(ItemRow):
    """An item follows an instruction instead of asking: which, and what would have been asked."""

    rows = Rows("shared", update=False, narrow=OF_ITEM)
    instruction = models.ForeignKey(StandingInstruction, models.PROTECT, related_name="uses")
    question = models.TextField(blank=True)
    used_by = models.UUIDField(null=True)
    used_by_name = models.CharField(max_length=120)
    used_at = models.DateTimeField()

"""Questions of one side to the other with their answers, and what the asking side says to them."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.organizations.models import GuestLink
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemFile, WorkItem


class Request(Referenced):
    """A question of one side to the other about an item, or a paper asked for: `slot` is that of the paper, where it is one that the item reads."""

    PREFIX = "RQ"
    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="requests")
    question = models.TextField()
    slot = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True)
    asked_of = models.CharField(max_length=8, choices=[("client", "client"), ("provider", "provider")], default="client", db_default="client")
    blocks = models.BooleanField(default=False, db_default=False)
    """Acceptance and closing wait for it; asked of the client, the item's clock stands meanwhile."""
    owner_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    """Who of the side that is asked is to answer; a later handover names another."""
    concerns = models.CharField(max_length=300, blank=True, default="", db_default="")
    """What it is about, such as the line of a statement."""
    options = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    """Answers to choose from."""
    asked_by = models.UUIDField(null=True)
    link = models.ForeignKey(GuestLink, models.PROTECT, null=True, related_name="+")
    """The guest who asked, where it was one."""
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()


class Answer(SharedRow):
    """What was said to a request, with its files; given by a member (`answered_by`) or a guest (`link`)."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_request t where t.id = {table}.request_id)")
    request = models.ForeignKey(Request, models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    choice = models.CharField(max_length=200, blank=True, default="", db_default="")
    """Which of the request's options was chosen."""
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
    """The asking side's verdict on an answer: it settles the request, or is returned with what is still missing, and until when that is needed."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_answer t where t.id = {table}.answer_id)")
    answer = models.OneToOneField(Answer, models.PROTECT, related_name="settlement")
    verdict = models.CharField(max_length=8, choices=[("accepted", "accepted"), ("returned", "returned")])
    note = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settled_by_name = models.CharField(max_length=120)
    settled_at = models.DateTimeField()

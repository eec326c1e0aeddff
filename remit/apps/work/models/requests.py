"""Questions to the client with their answers, and what the provider says to them."""

from django.db import models

from remit.apps.agreements.models import SharedRow
from remit.apps.organizations.models import GuestLink
from remit.apps.records.keys import Referenced
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.apps.work.models.items import ItemFile, WorkItem


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

"""What a reviewer finds and the preparer answers, samples with what was found right or wrong, and failing checks that a qualified person let pass."""

from django.db import models
from django.db.models import Q

from remit.apps.agreements.models import Engagement, SharedRow
from remit.apps.people.models import OwnRow
from remit.apps.records.rows import Rows
from remit.apps.work.models.deliverables import Deliverable, Review
from remit.apps.work.models.items import ItemRow, WorkItem
from remit.apps.work.models.procedures import SIDES

OF_DELIVERABLE = "exists (select 1 from work_deliverable t where t.id = {table}.deliverable_id)"
CATEGORIES = [(code, code) for code in ("figure", "missing", "unclear", "source", "format", "procedure", "other")]
SEVERITIES = [(code, code) for code in ("critical", "major", "minor")]


class _Finding(models.Model):
    """What both a draft and a finding hold."""

    file_name = models.CharField(max_length=200, blank=True)
    """Empty: the deliverable as a whole."""
    file_sha256 = models.CharField(max_length=64, blank=True)
    place = models.CharField(max_length=200, blank=True)
    """Page, line or cell, as the reviewer writes it."""
    category = models.CharField(max_length=10, choices=CATEGORIES)
    severity = models.CharField(max_length=8, choices=SEVERITIES)
    says = models.TextField()
    step_number = models.CharField(max_length=16, blank=True)
    """The step of the item's procedure that is cited."""

    class Meta:
        abstract = True


class FindingDraft(_Finding, OwnRow):
    """A finding of a review under way: the reviewer's side alone sees it, and it dies with the bytes that it is about."""

    rows = Rows("own", update=False, delete=True, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="finding_drafts")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="finding_drafts")
    noted_by = models.UUIDField()
    noted_by_name = models.CharField(max_length=120)
    noted_at = models.DateTimeField()


class ReviewFinding(_Finding, SharedRow):
    """A finding given with a verdict. `number` counts from 1 within the review."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_review t where t.id = {table}.review_id)")
    review = models.ForeignKey(Review, models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="findings_run_on")]


class FindingAnswer(SharedRow):
    """What the preparer did about a finding, said with the next bytes."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_reviewfinding t where t.id = {table}.finding_id)")
    finding = models.OneToOneField(ReviewFinding, models.PROTECT, related_name="answer")
    deliverable = models.ForeignKey(Deliverable, models.PROTECT, related_name="finding_answers")
    answer = models.CharField(max_length=9, choices=[("fixed", "fixed"), ("disagreed", "disagreed")])
    words = models.TextField(blank=True)
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.CharField(max_length=120)
    answered_at = models.DateTimeField()


class SamplingPlan(SharedRow):
    """How work of a class is sampled in review from a day on, once the other side agrees. `fixed` is what every draw's seed rests on besides the bytes."""

    rows = Rows("shared", update=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="sampling_plans")
    work_class = models.CharField(max_length=4, choices=[("bpo", "bpo"), ("kpo", "kpo")])
    confidence = models.DecimalField(max_digits=4, decimal_places=3)
    margin = models.DecimalField(max_digits=4, decimal_places=3)
    expected = models.DecimalField(max_digits=4, decimal_places=3)
    limit = models.DecimalField(max_digits=4, decimal_places=3)
    """Shares of one."""
    fixed = models.CharField(max_length=64)
    valid_from = models.DateField()
    why = models.TextField(blank=True)
    side = models.CharField(max_length=8, choices=SIDES)
    proposed_by = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(confidence__gte="0.5", confidence__lt=1), name="a_sample_is_confident"),
            models.CheckConstraint(condition=Q(margin__gt=0, margin__lt=1, expected__gt=0, expected__lt=1), name="a_sample_has_a_size"),
            models.CheckConstraint(condition=Q(limit__gte=0, limit__lt=1), name="a_sample_can_fail"),
        ]


class SamplingVerdict(SharedRow):
    """The other side agrees to a plan or declines it; or whoever proposed it takes it back."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_samplingplan t where t.id = {table}.plan_id)")
    plan = models.OneToOneField(SamplingPlan, models.PROTECT, related_name="verdict")
    verdict = models.CharField(max_length=9, choices=[("agreed", "agreed"), ("declined", "declined"), ("withdrawn", "withdrawn")])
    note = models.TextField(blank=True)
    given_by = models.UUIDField(null=True)
    given_by_name = models.CharField(max_length=120)
    given_at = models.DateTimeField()


class ReviewSample(SharedRow):
    """What is to be looked at of a deliverable, drawn when it was handed in by the plan then agreed."""

    rows = Rows("shared", update=False, narrow=OF_DELIVERABLE)
    deliverable = models.OneToOneField(Deliverable, models.PROTECT, related_name="sample")
    manifest_sha256 = models.CharField(max_length=64)
    plan = models.ForeignKey(SamplingPlan, models.PROTECT, related_name="+")
    seed = models.CharField(max_length=64)
    strata = models.JSONField()
    """[{stratum, population, limit, rows: [{key, says: [text]}]}]"""
    drawn_at = models.DateTimeField()


class ReviewSampled(SharedRow):
    """A row of a sample was looked at; the newest of a row counts."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_reviewsample t where t.id = {table}.sample_id)")
    sample = models.ForeignKey(ReviewSample, models.PROTECT, related_name="looks")
    stratum = models.CharField(max_length=8)
    key = models.CharField(max_length=200)
    is_right = models.BooleanField()
    note = models.CharField(max_length=500, blank=True)
    looked_by = models.UUIDField()
    looked_by_name = models.CharField(max_length=120)
    looked_at = models.DateTimeField()


class CheckOverride(ItemRow):
    """A failing check was let pass, as it was found then: another finding of the same check is not. Two persons stand for it, who asks and who allows."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from work_workitem t where t.id = {table}.item_id)")
    step = models.CharField(max_length=40)
    code = models.CharField(max_length=80)
    finding = models.JSONField()
    """{code, severity, of, path, values}"""
    finding_sha256 = models.CharField(max_length=64)
    reason = models.TextField()
    asked_by = models.UUIDField()
    asked_by_name = models.CharField(max_length=120)
    allowed_by = models.UUIDField()
    allowed_by_name = models.CharField(max_length=120)
    allowed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(asked_by=models.F("allowed_by")), name="two_persons_let_it_pass")]

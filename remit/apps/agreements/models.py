"""The agreement with its frozen card and entities, the signatures on it, and the engagement that lives under it."""

from django.db import models

from remit.apps.organizations.models import Organization
from remit.apps.records.keys import Referenced, Row
from remit.apps.records.models import Audience, File, Thread
from remit.apps.records.rows import Rows
from remit.apps.sourcing.models import Award


class SharedRow(Row):
    """A row of an engagement: its participants read it."""

    rows = Rows("shared")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Agreement(Referenced):
    """The terms. They change until the first signature; after it only a change request amends them."""

    PREFIX = "AG"
    rows = Rows("shared")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="agreements")
    award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="agreements")
    client = models.ForeignKey(Organization, models.PROTECT, related_name="bought")
    provider = models.ForeignKey(Organization, models.PROTECT, related_name="sold")
    service = models.CharField(max_length=40)
    relationship = models.CharField(max_length=12, choices=[(r, r) for r in ("on_call", "retainer", "dedicated", "permanent", "own_unit")])
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField(default=90)
    language = models.CharField(max_length=8, default="en")
    close_workday = models.PositiveSmallIntegerField(default=10)
    """The working day of the following month, in the entity's calendar, by which a period is to be closed."""
    payment_days = models.PositiveSmallIntegerField(default=30)
    tax = models.JSONField(default=dict)
    """Tax treatment of the invoices: {category (UNCL5305: S, Z, E, AE, K, G, O), rate, reason}; asked and frozen here."""
    billing = models.JSONField(default=dict)
    """Who is billed: empty, one invoice for each entity; {buyer: key of the agreed entity's entity}, one for the group, which that entity gets."""
    iban = models.CharField(max_length=34, blank=True)
    """Where the provider is paid."""
    time = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    """About time: {billed, step_min, shown}; what is not settled follows from the card (`domain/timekeeping.TimeTerms`)."""
    contacts = models.JSONField(default=list)
    """The contact plan: [{side, name, role, channel, language, zone, hours, escalation}]."""
    tasks = models.JSONField(default=list)
    """The first annex: the assessment's tasks with class and who decides."""
    needs = models.JSONField(default=dict)
    """What the gate asks of people here beyond the service line: languages, software, least shared minutes, client hours."""
    version = models.PositiveIntegerField(default=1)
    personal = models.BooleanField(default=False, db_default=False)
    """Personal matters, as the service line declares them: once the engagement has begun, each member reads by a grant of their own."""
    engagement_key = models.UUIDField(null=True)
    """The key that its engagement will have, from the first signature on: what is granted with a signature names it."""
    drafted_at = models.DateTimeField()
    terms = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")
    """The document that was signed, made once at the first signature."""


class AgreedEntity(SharedRow):
    """An entity under an agreement, with the day it joins and leaves; `facts` is frozen."""

    rows = Rows("shared", narrow="sees_entity({table}.audience_id, {table}.entity_id)")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="entities")
    entity_id = models.UUIDField()
    name = models.CharField(max_length=160)
    facts = models.JSONField()
    joins_on = models.DateField()
    leaves_on = models.DateField(null=True)
    answers = models.JSONField(default=dict)
    """What the service line asks of an entity, and how its papers are read (`<slot>_mapping`); kept from month to month."""
    tax = models.JSONField(default=dict)
    """Tax treatment of this entity's invoices where it is not the agreement's."""


class AgreedLine(SharedRow):
    """One price of the frozen card, from its own first day. A raise is a further line with a later day, never an edit."""

    rows = Rows("shared", update=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="lines")
    card = models.CharField(max_length=12)
    """Reference of the card it was frozen from."""
    service = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12)
    measure = models.CharField(max_length=40, blank=True)
    variant = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "service", "level", "basis", "measure", "variant", "valid_from"], name="agreed_once_a_day"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="no_agreed_price_below_zero"),
        ]


class Signature(SharedRow):
    """A side's signature under the bytes of the terms."""

    rows = Rows("shared", update=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    signed_by = models.UUIDField(null=True)
    terms_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "organization"], name="each_side_signs_once")]


class Engagement(Referenced):
    """The live relation under a signed agreement."""

    PREFIX = "EG"
    rows = Rows("shared")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, models.PROTECT, related_name="engagements")
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="engagement")
    client = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    started_at = models.DateTimeField()


class TakenOver(SharedRow):
    """An agreement that was signed elsewhere: who asserted it on which day from which paper. Nobody signed it here."""

    rows = Rows("shared", update=False)
    agreement = models.OneToOneField(Agreement, models.PROTECT, related_name="taken_over")
    asserted_by = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    asserted_by_name = models.CharField(max_length=120, blank=True)
    asserted_on = models.DateField()
    asserted_at = models.DateTimeField()
    source = models.ForeignKey(File, models.PROTECT, related_name="+")
    source_name = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of what the sheets said, so that the same sheets again are known."""


class Confirmation(SharedRow):
    """The other side says that what was asserted of a relation that was taken over is so."""

    rows = Rows("shared", update=False)
    taken_over = models.OneToOneField(TakenOver, models.PROTECT, related_name="confirmation")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    confirmed_by = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField()

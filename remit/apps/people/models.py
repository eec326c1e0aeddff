"""Persons and what is known of them, what an organization adds, when they are taken, and whom they may not serve."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from remit.apps.organizations.models import Organization, Site
from remit.apps.records.keys import Referenced, Row
from remit.apps.records.rows import Rows


class Person(Referenced):
    """One human, or one software agent with a human operator, once on Remit."""

    PREFIX = "PE"
    rows = Rows("person", column="id")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=8, choices=[("human", "human"), ("agent", "agent")], default="human")
    operator = models.ForeignKey("self", models.PROTECT, null=True, related_name="agents")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind="human", operator=None) | models.Q(kind="agent", operator__isnull=False), name="agent_has_operator"),
        ]


class PersonRow(Row):
    """A row about a person, read by the person and wherever they are a member."""

    rows = Rows("person")
    person = models.ForeignKey(Person, models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True


class Credential(PersonRow):
    """A licence or membership; `kind` is its title in its own language."""

    kind = models.CharField(max_length=80)
    issuer = models.CharField(max_length=120)
    jurisdiction = models.CharField(max_length=8)
    number = models.CharField(max_length=40, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)


class Language(PersonRow):
    """A language and its level (CEFR, A1 to C2)."""

    language = models.CharField(max_length=8)
    level = models.CharField(max_length=2)


class Software(PersonRow):
    """A program that the person works with."""

    name = models.CharField(max_length=60)


class Experience(PersonRow):
    """Years in a service's field, counted from a day on (and until a day, if they left it)."""

    service = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)


class Degree(PersonRow):
    """A degree: ISCED 2011 level 5 to 8, field, institution, year."""

    title = models.CharField(max_length=120)
    isced_level = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=80)
    institution = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()


class OwnRow(Row):
    """A row that one organization adds and reads alone."""

    rows = Rows("own")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Verification(OwnRow):
    """Somebody looked at a credential: who, when, against what, what they saw, with what outcome."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="verifications")
    verified_by = models.UUIDField()
    verified_at = models.DateTimeField()
    source = models.CharField(max_length=200)
    seen = models.CharField(max_length=300)
    seen_sha256 = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in ("pending", "verified", "failed")])
    due_again_on = models.DateField(null=True)


class Staff(OwnRow):
    """What an organization keeps of a person who works for it: level, site, services, cost. Dated; the newest row in force counts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="staff")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    services = models.JSONField(default=list)
    cost_rate_per_hour = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    cost_currency = models.CharField(max_length=3, blank=True)
    capacity_min = models.PositiveIntegerField(default=2400)
    """Minutes a week."""
    since = models.DateField()
    until = models.DateField(null=True)


class Wall(OwnRow):
    """A dated bar between a person or a site and a client or a thread."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="walls")
    site = models.ForeignKey(Site, models.PROTECT, null=True, related_name="+")
    against = models.UUIDField()
    """The key of the organization or thread barred."""
    kind = models.CharField(max_length=16, choices=[(k, k) for k in ("conflict", "exclusivity", "cooling_off")])
    why = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(person=None, site=None), name="wall_names_someone")]


class Profile(Row):
    """What a provider shows the market of one person: never name, contact, cost or walls. Published by an action, and replaced, not edited."""

    rows = Rows("market")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="profiles")
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    services = models.JSONField()
    credentials = models.JSONField()
    """[{kind, jurisdiction, valid_from, valid_until, proof}]"""
    languages = models.JSONField()
    """{language: level}"""
    software = models.JSONField(default=list)
    experience = models.JSONField(default=dict)
    """{service: first day}"""
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)


class Booking(OwnRow):
    """Concrete hours of a person. Nobody is in two places: an exclusion constraint, across organizations."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="bookings")
    thread_id = models.UUIDField(null=True)
    during = DateTimeRangeField()
    why = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="person_in_one_place",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class Allocation(OwnRow):
    """A share of a person's capacity over a period, in percent; a trigger refuses when the peak over all organizations passes 100."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="allocations")
    thread_id = models.UUIDField(null=True)
    share_percent = models.PositiveSmallIntegerField()
    during = DateTimeRangeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(share_percent__gte=1, share_percent__lte=100), name="share_1_to_100")]

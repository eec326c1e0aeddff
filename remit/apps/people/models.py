"""Persons and what is known of them, what an organization adds, when they are taken, and whom they may not serve."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import JSONObject

from remit.apps.organizations.models import Membership, Organization, Site
from remit.apps.records.keys import Referenced, Row
from remit.apps.records.rows import Rows
from remit.domain import gate


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


class Persons(models.QuerySet["Person"]):
    """Persons with what the gate must know of them."""

    def for_facts(self) -> "Persons":
        """Everything that `Person.facts` reads, in a fixed number of queries."""
        tie = JSONObject(organization="organization_id", since="since", until="until")
        ties = Membership.objects.filter(person_id=models.OuterRef("pk")).values(tie=tie)
        return (
            self.annotate(ties=ArraySubquery(ties))
            .with_proofs()
            .prefetch_related(
                models.Prefetch("staff", Staff.objects.select_related("site").order_by("since")),
                "languages",
                "softwares",
                "degrees",
                "trainings",
                "knownlaws",
                "walls",
                "bookings",
                "allocations",
                models.Prefetch("absences", Absence.objects.filter(withdrawal=None)),
            )
        )

    def with_proofs(self) -> "Persons":
        """What `Person.held` and `Person.years` read."""
        return self.prefetch_related(models.Prefetch("credentials", Credential.objects.prefetch_related("verifications")), "experiences")


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

    objects = Persons.as_manager()
    ties: list[dict[str, Any]]
    """The person's memberships, as `for_facts` reads them."""

    def placed_on(self, on: date) -> "Staff | None":
        """The organization's own row of this person that counts on a day; reads what `for_facts` loaded."""
        return next((row for row in reversed(self.staff.all()) if row.since <= on and (row.until is None or on < row.until)), None)

    def held(self) -> tuple[gate.Credential, ...]:
        """Their credentials, each with the state of its proof."""
        return tuple(row.facts(str(self.id)) for row in self.credentials.all())

    def years(self) -> tuple[gate.Experience, ...]:
        """Their experience by field."""
        return tuple(gate.Experience(field=row.service, start_on=row.since, end_on=row.until) for row in self.experiences.all())

    def facts(self) -> gate.PersonFacts:
        """What is known of them to the acting organization; nothing on file is unknown, not none."""
        staff = list(self.staff.all())
        return gate.PersonFacts(
            key=str(self.id),
            operator=str(self.operator_id or ""),
            agent=self.kind == "agent",
            levels=tuple(gate.Level(level=row.level, valid_from=row.since, valid_until=row.until) for row in staff) or None,
            experience=self.years() or None,
            credentials=self.held() or None,
            languages=tuple(gate.Language(code=row.language, level=row.level) for row in self.languages.all()) or None,
            software=tuple(gate.Software(code=row.name) for row in self.softwares.all()) or None,
            hours=tuple(gate.Hours(hours=row.site.facts(), valid_from=row.since, valid_until=row.until) for row in staff) or None,
            places=tuple(gate.Place(country=row.site.country, valid_from=row.since, valid_until=row.until) for row in staff) or None,
            degrees=tuple(gate.Degree(level=row.isced_level, field=row.field, title=row.title) for row in self.degrees.all()) or None,
            trainings=tuple(
                gate.Training(code=row.code, version=row.version, valid_from=row.valid_from, valid_until=row.valid_until) for row in self.trainings.all()
            )
            or None,
            knows=tuple(gate.Knows(jurisdiction=row.jurisdiction) for row in self.knownlaws.all()) or None,
            memberships=tuple(
                gate.Membership(organization=tie["organization"], valid_from=_day(tie["since"]), valid_until=_day(tie["until"])) for tie in self.ties
            ),
            walls=tuple(wall.facts() for wall in self.walls.all()),
            bookings=(
                *(gate.Booking(start_at=row.during.lower, end_at=row.during.upper) for row in self.bookings.all() if not row.during.isempty),
                *(row.facts() for row in self.absences.all()),
            ),
            shares=tuple(gate.Share(percent=row.share_percent, start_at=row.during.lower, end_at=row.during.upper) for row in self.allocations.all()),
        )


class PersonRow(Row):
    """A row about a person, read by the person and wherever they are a member."""

    rows = Rows("person", delete=True)
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

    def facts(self, holder: str) -> gate.Credential:
        """With the verifications that the acting organization made or may see; `holder` is the key of the person whose it is."""
        looks = tuple(
            gate.Verification(
                by=str(look.verified_by),
                by_holder=str(look.verified_by) == holder,
                at=look.verified_at,
                outcome=look.outcome,  # type: ignore[arg-type]
                saw=look.seen,
                saw_sha256=look.seen_sha256,
                due_on=look.due_again_on,
            )
            for look in self.verifications.all()
        )
        return gate.Credential(
            kind=self.kind,
            jurisdiction=self.jurisdiction,
            issuer=self.issuer,
            number=self.number,
            key=str(self.id),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            verifications=looks,
        )


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


class Training(PersonRow):
    """Training that was passed: of a course, an industry, or a client's procedure in a version."""

    code = models.CharField(max_length=80)
    version = models.CharField(max_length=40, blank=True)
    assessor = models.CharField(max_length=120, blank=True)
    hours = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)


class KnownLaw(PersonRow):
    """A jurisdiction whose rules the person knows, as rule files name it."""

    jurisdiction = models.CharField(max_length=8)


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

    def facts(self) -> gate.Wall:
        """As the gate reads it."""
        return gate.Wall(against=str(self.against), of="person" if self.person_id else "site", start_at=self.since, end_at=self.until)


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

    def facts(self) -> gate.Profile:
        """As the gate reads it; `site` must be loaded with it."""
        return gate.Profile(
            levels=(gate.Level(level=self.level),),
            experience=tuple(gate.Experience(field=service, start_on=date.fromisoformat(since)) for service, since in self.experience.items()) or None,
            credentials=tuple(
                gate.Credential.stated(
                    row["kind"], row["jurisdiction"], _day(row["valid_from"]), _day(row["valid_until"]), gate.Proof(row["proof"]), self.since
                )
                for row in self.credentials
            )
            or None,
            languages=tuple(gate.Language(code=code, level=level) for code, level in self.languages.items()) or None,
            software=tuple(gate.Software(code=name) for name in self.software) or None,
            hours=(gate.Hours(hours=self.site.facts()),),
            places=(gate.Place(country=self.site.country),),
        )


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


class Absence(OwnRow):
    """A person is away: whole days on their own site's clock, or hours. Refuses bookings, also of others, who are told only “not free”."""

    rows = Rows("own", update=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    during = DateTimeRangeField()
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    """Of whole days, half-open."""
    kind = models.CharField(max_length=8, choices=[(k, k) for k in ("holiday", "sick", "family", "training", "other")])
    """For the person and for managers; all others see that they are away."""
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=8, choices=[(s, s) for s in ("form", "calendar", "sheet")])
    source_uid = models.CharField(max_length=255, blank=True)
    """Of a calendar's event: brought again, it takes the place of what it said before."""
    entered_by = models.UUIDField(null=True)
    entered_by_name = models.CharField(max_length=120)
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(begins_on=None, ends_on=None) | models.Q(ends_on__gt=models.F("begins_on")), name="away_some_day")
        ]
        indexes = [models.Index(fields=["organization", "person"], name="absence_of_a_person")]

    def facts(self) -> gate.Booking:
        """As the gate reads it: taken, whatever for."""
        return gate.Booking(start_at=self.during.lower, end_at=self.during.upper)


class AbsenceWithdrawal(OwnRow):
    """An absence does not hold any more: who said so."""

    rows = Rows("own", update=False)
    absence = models.OneToOneField(Absence, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300, blank=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_by_name = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField()


class LeaveDraft(OwnRow, Referenced):
    """A calendar or sheet of leave, read and kept until somebody takes it in."""

    PREFIX = "LV"
    rows = Rows("own", narrow="false")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    brought = models.JSONField()
    """What `formats/leave` read, as plain values."""
    brought_by_name = models.CharField(max_length=120)
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

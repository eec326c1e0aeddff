"""An organization, the places it works from, and the legal persons it brings."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from remit.apps.records.keys import Referenced, Row
from remit.apps.records.models import Tenant
from remit.apps.records.rows import Rows
from remit.domain.calendars.days import Calendar
from remit.domain.calendars.hours import WorkingHours

SIGN_FACTORS = ("none", "password", "second")


class Organization(models.Model):
    """A company on Remit. Its key is its tenant's."""

    PREFIX = "OR"
    rows = Rows("market", column="tenant_id")
    tenant = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, related_name="organization")
    reference = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=160)
    kinds = ArrayField(models.CharField(max_length=12))
    """Any of client, provider, broker, auditor."""
    country = models.CharField(max_length=2)
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3)
    register_number = models.CharField(max_length=40, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=16, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="units")
    """Ownership shows a parent nothing by itself."""
    sign_factor = models.CharField(max_length=8, choices=[(level, level) for level in SIGN_FACTORS], default="second")
    """What whoever signs proves within the quarter of an hour before: a second factor; that, or the password of those who have set none up; or no more
    than the log-in."""

    def __str__(self) -> str:
        return self.name


class Site(Row):
    """A place an organization works from.

    `hours`: for Monday to Sunday the windows of that day as [start, end] in minutes from local midnight; an end past 1440 lies on the next day.
    """

    rows = Rows("market")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=40)
    hours = models.JSONField()

    def facts(self) -> WorkingHours:
        """Its working hours for the domain."""
        weekly = tuple(tuple((start, end) for start, end in windows) for windows in self.hours)
        return WorkingHours(self.zone, weekly, Calendar("-".join(filter(None, (self.country, self.subdivision)))))


class Entity(Referenced):
    """The legal person whose books, payroll or filings a work item concerns."""

    PREFIX = "EN"
    rows = Rows("own", narrow="reaches_entity({table}.id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="entities")
    name = models.CharField(max_length=160)
    register_number = models.CharField(max_length=40, blank=True)
    vat_id = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=8, blank=True)
    currency = models.CharField(max_length=3)
    fiscal_year_start = models.PositiveSmallIntegerField(default=1)
    """The month in which its fiscal year begins, 1 to 12."""
    zone = models.CharField(max_length=40)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=16, blank=True)

    def frozen(self) -> dict[str, object]:
        """What an agreement keeps of it, as plain values."""
        names = ("name", "register_number", "vat_id", "country", "subdivision", "currency", "fiscal_year_start", "zone", "street", "city", "postcode")
        return {name: getattr(self, name) for name in names} | {
            "accounts": [{"iban": a.iban, "currency": a.currency, "name": a.name} for a in self.accounts.all()]
        }


class BankAccount(Row):
    """A bank account of an entity; statements are held against its number."""

    rows = Rows("own", delete=True, narrow="exists (select 1 from organizations_entity t where t.id = {table}.entity_id)")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="accounts")
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField(default=date(2000, 1, 1))

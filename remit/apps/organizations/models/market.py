"""What a provider offers: designations and dated rate cards; and the rule sets that decisions name."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from remit.apps.organizations.models.organization import Organization, Site
from remit.apps.records.keys import Referenced, Row
from remit.apps.records.rows import Rows


class RateCard(Referenced):
    """Dated prices of a provider. Never edited: a later card of the same `series` succeeds it from its own first day."""

    PREFIX = "RC"
    rows = Rows("market", update=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cards")
    series = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    """Where the level and spread of its prices come from."""
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "series", "valid_from"], name="one_card_a_day_in_a_series")]


class CardLine(Row):
    """One price of a card: service x level x basis (x measure and variant). Zero is a price."""

    rows = Rows("market", update=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    card = models.ForeignKey(RateCard, models.PROTECT, related_name="lines")
    service = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12)
    measure = models.CharField(max_length=40, blank=True)
    variant = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["card", "service", "level", "basis", "measure", "variant"], name="one_price_a_card_line"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="no_price_below_zero"),
        ]


class Designation(Row):
    """A provider's statement that it offers a service for a client country, in these languages, from this site's hours, at the cards of this series."""

    rows = Rows("market")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="designations")
    service = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    languages = ArrayField(models.CharField(max_length=8))
    site = models.ForeignKey(Site, models.PROTECT, related_name="+")
    series = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["service", "country"], name="designation_by_service")]


class RuleSet(Row):
    """A rule file as it stood, by its hash; a decision names rule id and hash."""

    rows = Rows("outside", why="law of a place, the same for everyone", grants="select, insert")
    jurisdiction = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    stored_at = models.DateTimeField()

"""Invoices drawn from accepted work at the card of the day it was done."""

from django.db import models

from remit.apps.agreements.models import Engagement, SharedRow
from remit.apps.organizations.models import Organization
from remit.apps.records.keys import Row
from remit.apps.records.models import Audience, File
from remit.apps.records.rows import Rows
from remit.apps.work.models import Acceptance, Period


class Series(Row):
    """A gapless series of invoice numbers of one seller: the only references that count."""

    rows = Rows("own")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=12)
    next_number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "prefix"], name="one_series_a_prefix")]


class Invoice(Row):
    """An issued invoice or credit note: its papers are made once, validated before they leave, and stored."""

    rows = Rows("shared", update=False, narrow="sees_entity({table}.audience_id, null) or exists (select 1 from work_period t where t.id = {table}.period_id)")
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+")
    number = models.CharField(max_length=30)
    kind = models.CharField(max_length=8, choices=[("invoice", "invoice"), ("credit", "credit")], default="invoice")
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="invoices")
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="invoices")
    """None for an invoice of the group."""
    month = models.DateField(null=True)
    """Of an invoice of the group: the first day of the month that it bills."""
    seller = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=16, decimal_places=2)
    tax = models.DecimalField(max_digits=16, decimal_places=2)
    total = models.DecimalField(max_digits=16, decimal_places=2)
    value = models.JSONField()
    """The whole invoice as plain values."""
    ubl = models.ForeignKey(File, models.PROTECT, related_name="+")
    pdf = models.ForeignKey(File, models.PROTECT, related_name="+")
    rules_version = models.CharField(max_length=20)
    """Of EN 16931's official rules, under which it was validated before it left; no fatal rule was broken."""
    warnings = models.JSONField(default=list)
    """[{rule, says}] of the rules that only warn."""
    issued_by = models.UUIDField(null=True)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="one_invoice_a_number")]


class InvoiceLine(SharedRow):
    """One priced quantity of accepted work. Work is billed once: by its own id, which names acceptance, basis, level and measure."""

    rows = Rows("shared", update=False, narrow="exists (select 1 from billing_invoice t where t.id = {table}.invoice_id)")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, related_name="billed")
    work = models.CharField(max_length=200)
    agreed_line_id = models.UUIDField()
    done_on = models.DateField()
    measure = models.CharField(max_length=40, blank=True)
    says = models.CharField(max_length=300)
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    price = models.DecimalField(max_digits=14, decimal_places=4)
    net = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work"], name="work_billed_once")]

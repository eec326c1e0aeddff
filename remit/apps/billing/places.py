"""Where invoices lie, for roles that are granted for one engagement, entity or service."""

from __future__ import annotations

from uuid import UUID

from remit.apps.billing.models import Invoice
from remit.apps.organizations.roles import Place, places


@places("invoice")
def invoice_place(key: UUID) -> Place | None:
    """The entity of its period, its engagement and its service."""
    found = Invoice.objects.filter(id=key).values_list("period__entity__entity_id", "engagement", "engagement__agreement__service").first()
    return Place(*found) if found else None

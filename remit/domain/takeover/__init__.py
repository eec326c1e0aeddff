"""Taking over a running relation: what its sheets say, whether they agree, and what taking over would make, change and leave."""

from remit.domain.takeover.agreed import check
from remit.domain.takeover.plan import ClientKnown, ClientPlan, EngagementPlan, Known, PersonKnown, PersonPlan, Plan, SitePlan, plan
from remit.domain.takeover.rules import RULES, found
from remit.domain.takeover.values import BANK, LEDGER, CalendarRow, Credential, Does, Grid, OpenItem, PersonRow, PriceRow, Sheets, Unbilled, plain

__all__ = [
    "BANK",
    "LEDGER",
    "RULES",
    "CalendarRow",
    "ClientKnown",
    "ClientPlan",
    "Credential",
    "Does",
    "EngagementPlan",
    "Grid",
    "Known",
    "OpenItem",
    "PersonKnown",
    "PersonPlan",
    "PersonRow",
    "Plan",
    "PriceRow",
    "Sheets",
    "SitePlan",
    "Unbilled",
    "check",
    "found",
    "plain",
    "plan",
]

"""Bills to come: what the accepted work of open months comes to that no invoice holds, as it would be drawn now. The page of a month shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from remit.apps.agreements.cards import cards
from remit.apps.billing import drawing
from remit.apps.billing.actions import open_invoice_file
from remit.apps.organizations.may import May
from remit.apps.work.bills import Bill, bills_by
from remit.apps.work.models import Period
from remit.apps.work.places import of_period
from remit.domain import invoicing, pricing


@bills_by
def to_come(here: May, periods: Sequence[Period]) -> Mapping[UUID, Bill]:
    """By period, of those whose invoices whoever looks may open; in a fixed number of queries for the months of one agreement."""
    shown = [period for period in periods if here.allows(open_invoice_file, of_period(period))]
    works = drawing.works_of(shown) if shown else {}
    done = drawing.billed({UUID(work.acceptance) for each in works.values() for work in each})
    priced = {period.engagement.agreement_id: cards(period.engagement.agreement) for period in {each.engagement.agreement_id: each for each in shown}.values()}
    return {period.id: _bill(period, works[period.id], done, priced[period.engagement.agreement_id]) for period in shown}


def _bill(period: Period, works: Sequence[invoicing.Work], done: frozenset[str], found: tuple[pricing.RateCard, ...]) -> Bill:
    """Priced as an invoice is, so that both always come to the same; a group's invoice is the sum of its entities', for each line is rounded once."""
    left = [work for work in works if work.id not in done]
    card = pricing.card_of_day(found, period.ends_on - timedelta(days=1))
    if not left or card is None:
        return Bill(None, card.id if card else "", len(left))
    terms = drawing.terms(period.engagement, period.entity, found)
    amount, refused = invoicing.worth(terms, left)
    return Bill(amount if len(refused) < len(left) else None, card.id, len(refused))

"""As what class of work an item is done, and what that means on its page: by procedure and price, or by sheet and named expert."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from remit.apps.agreements.cards import level_of
from remit.apps.work.models import WorkItem
from remit.apps.work.waiting import Standing


@dataclass(frozen=True)
class DoneAs:
    """`contacts` are those of the provider whom the client speaks to: a queue first for process work, a named person first for knowledge work."""

    work_class: str
    procedure: dict[str, Any] | None
    prices: tuple[tuple[str, Decimal, str], ...]
    """(words of the measure, price, currency) of what is counted; empty for what is priced by time or as a whole."""
    expert: str
    contacts: tuple[dict[str, Any], ...]


def done_as(found: Standing) -> DoneAs:
    """From the item, what its agreement froze, and who is on it."""
    item = found.item
    held = found.on.get(found.working.code)
    kept = item.answers.get("procedure")
    return DoneAs(
        work_class=item.work_class,
        procedure=kept if isinstance(kept, dict) else None,
        prices=_prices(found) if item.work_class == "bpo" else (),
        expert=held.person_name if held else "",
        contacts=tuple(_contacts(item)),
    )


def _prices(found: Standing) -> tuple[tuple[str, Decimal, str], ...]:
    """The unit prices in force on the last day of the item's period: the newest line of each measure that had begun."""
    item = found.item
    if item.task:
        return ()
    lines = item.engagement.agreement.lines.filter(
        basis="unit", service=item.service, level=level_of(item.engagement.agreement), valid_from__lt=item.period.ends_on
    )
    newest = {(line.measure, line.variant): line for line in lines.order_by("valid_from")}
    return tuple((found.line.measures.get(line.measure, line.measure), line.price, line.currency) for line in newest.values())


def _contacts(item: WorkItem) -> list[dict[str, Any]]:
    """The provider's contacts; a queue is a contact by a shared channel (ticket, queue, portal), and stands first for process work alone."""
    of_provider = [contact for contact in item.engagement.agreement.contacts if contact.get("side") == "provider"]
    is_queue = lambda contact: any(word in str(contact.get("channel", "")).casefold() for word in ("queue", "ticket", "portal"))  # noqa: E731
    return sorted(of_provider, key=lambda contact: is_queue(contact) != (item.work_class == "bpo"))[:2]

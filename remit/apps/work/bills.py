"""Bills to come of open months. How they are worked out is added by whoever bills, which stands above and is not known here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from remit.apps.organizations.may import May
from remit.apps.work.models import Period
from remit.domain.money import Money


@dataclass(frozen=True)
class Bill:
    """Accepted work of one entity's month that is on no invoice: what it comes to without tax, and by which card."""

    amount: Money | None
    card: str
    off_card: int = 0
    """Works that no line of the card prices."""


Bills = Callable[[May, Sequence[Period]], Mapping[UUID, Bill]]
"""By period; without those whose prices whoever looks is not shown."""

SOURCES: list[Bills] = []


def bills_by(source: Bills) -> Bills:
    """Make a function the source of bills to come."""
    SOURCES.append(source)
    return source


def bills_to_come(here: May, periods: Sequence[Period]) -> dict[UUID, Bill]:
    """By period; empty where no price is shown."""
    return {key: bill for source in SOURCES for key, bill in source(here, periods).items()} if periods else {}

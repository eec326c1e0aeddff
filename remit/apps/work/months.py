"""The months of an engagement, each with the state of every entity: sealed, sealed again, closed, open, to come, or not under the agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.work.models import Closing, Period
from remit.apps.work.periods import month_of
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due_on_workday
from remit.domain.reasons import N_

SEALED, AGAIN, CLOSED, OPEN, TO_COME, OUTSIDE = "sealed", "again", "closed", "open", "to_come", "outside"
WORDS = {
    SEALED: N_("sealed"),
    AGAIN: N_("reopened, sealed again"),
    CLOSED: N_("closed, not sealed yet"),
    OPEN: N_("open"),
    TO_COME: N_("to come"),
    OUTSIDE: N_("not under the agreement"),
}
MOST = 13


@dataclass(frozen=True)
class Cell:
    """One entity in one month."""

    entity: AgreedEntity
    period: Period | None
    state: str

    @property
    def says(self) -> str:
        """The state in a word."""
        return WORDS[self.state]


@dataclass(frozen=True)
class Month:
    """One month of all entities; `at` is when it was sealed last, or the agreed close."""

    begins_on: date
    cells: tuple[Cell, ...]
    at: datetime | None

    @property
    def reference(self) -> str:
        """Of one of its periods, which all lead to the same page; empty before any is open."""
        return next((cell.period.reference for cell in self.cells if cell.period), "")


def with_closings() -> Prefetch:
    """For periods: their closings in order, with reopening, sealing and pack."""
    return Prefetch("closings", Closing.objects.select_related("reopening", "sealing__given__pack").order_by("closed_at"))


def state_of(period: Period) -> str:
    """Reads what `with_closings` fetched."""
    closings = list(period.closings.all())
    if not closings or hasattr(closings[-1], "reopening"):
        return OPEN
    if not hasattr(closings[-1], "sealing"):
        return CLOSED
    return AGAIN if len(closings) > 1 else SEALED


def of_engagement(engagement: Engagement, entities: Sequence[AgreedEntity], today: date) -> list[Month]:
    """From the first month that is open or agreed, thirteen at most, the newest that there is among them."""
    periods = list(Period.objects.filter(engagement=engagement).prefetch_related(with_closings()))
    found: dict[tuple[date, UUID], Period] = {(period.begins_on, period.entity_id): period for period in periods}
    first = month_of(min([period.begins_on for period in periods] or [engagement.begins_on]))[0]
    newest = max([period.begins_on for period in periods] or [first])
    months = list(_run(first, max(newest, first), MOST))
    return [_month(engagement, begins, entities, found) for begins in months]


def next_of(engagement: Engagement) -> date:
    """First day of the month after the newest that is open; the first agreed while none is."""
    newest = Period.objects.filter(engagement=engagement).order_by("-begins_on").values_list("ends_on", flat=True).first()
    return month_of(newest or engagement.begins_on)[0]


def _run(first: date, newest: date, most: int) -> Iterable[date]:
    months = [first]
    while len(months) < most or months[-1] < newest:
        months.append(month_of(months[-1])[1])
    return months[-most:] if months[-most] <= newest else months[:most]


def _month(engagement: Engagement, begins: date, entities: Sequence[AgreedEntity], found: dict[tuple[date, UUID], Period]) -> Month:
    ends = month_of(begins)[1]
    cells = []
    for entity in entities:
        period = found.get((begins, entity.id))
        outside = entity.joins_on >= ends or (entity.leaves_on is not None and entity.leaves_on <= begins)
        cells.append(Cell(entity, period, state_of(period) if period else OUTSIDE if outside else TO_COME))
    sealed = [closing.sealing.sealed_at for cell in cells if cell.period for closing in cell.period.closings.all() if hasattr(closing, "sealing")]
    is_sealed = all(cell.state in (SEALED, AGAIN, OUTSIDE) for cell in cells)
    return Month(begins, tuple(cells), max(sealed) if sealed and is_sealed else _agreed(engagement, ends, entities))


def _agreed(engagement: Engagement, ends: date, entities: Sequence[AgreedEntity]) -> datetime | None:
    if not entities:
        return None
    facts = entities[0].facts
    return due_on_workday(ends, engagement.agreement.close_workday, calendar_of(facts), facts["zone"])

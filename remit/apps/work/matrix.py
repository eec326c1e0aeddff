"""The month as a matrix: steps by entity, with who waits for whom since when; what each cell says is worked out here, not in the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from remit.apps.records.models import Entry
from remit.apps.work.bills import Bill
from remit.apps.work.models import Closing, Period, StepState, WorkItem
from remit.apps.work.waiting import ACCEPT, Standing, Wait, accepter, due_at, standing, with_standing
from remit.domain.line import Step
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record import statement

PAPERS, FILED, BILLED, SEALED = "papers", "filed", "billed", "sealed"
PAPERS_IN, ACCEPTED, FILED_WORD, BILLED_WORD, SEALED_WORD = N_("Papers in"), N_("Accepted"), N_("Filed, with receipt"), N_("Billed"), N_("Sealed")
FILES = Sentence("cell.files", N_("{count} files"))
MOVES = Sentence("cell.moves", N_("{count} moves"))
MISSING = Sentence("cell.missing", N_("{slot} is missing"))
WAITS = Sentence("cell.waits", N_("{who} is next"))
NOBODY = Sentence("cell.nobody", N_("nobody is on it"))
AT_CLOSING = Sentence("cell.at_closing", N_("after closing"))
NOT_DRAWN = Sentence("cell.not_drawn", N_("no invoice yet"))
RETURNED = Sentence("cell.returned", N_("returned"))
ASKED = Sentence("cell.asked", N_("a question is open"))
NO_RECEIPT = Sentence("cell.no_receipt", N_("no receipt"))
NOTHING_TO_FILE = Sentence("cell.nothing_to_file", N_("nothing to file"))


@dataclass(frozen=True)
class Cell:
    """`state` is ok, wait, part, stop or todo; `at` is when it was done, or when it is needed; `waits` is whoever it waits on since `since`."""

    code: str
    state: str
    at: datetime | None = None
    by: str = ""
    note: Reason | None = None
    waits: str = ""
    since: datetime | None = None
    link: str = ""
    money: Money | None = None
    """What is accepted and on no invoice yet."""
    says: str = ""
    """The column's words, for a page too narrow for a heading."""


@dataclass(frozen=True)
class Row:
    """One entity of the month."""

    period: Period
    standings: tuple[Standing, ...]
    closings: tuple[Closing, ...]
    cells: tuple[Cell, ...]

    @property
    def main(self) -> Standing | None:
        """The service's own item, which the columns are about."""
        return next((found for found in self.standings if not found.item.task), next(iter(self.standings), None))

    @property
    def others(self) -> tuple[Standing, ...]:
        """The further items of the month, by due time."""
        return tuple(found for found in self.standings if found is not self.main)

    @property
    def closing(self) -> Closing | None:
        """The closing in force."""
        last = self.closings[-1] if self.closings else None
        return None if last is None or hasattr(last, "reopening") else last

    @property
    def sealing(self) -> object:
        """The seal in force."""
        return getattr(self.closing, "sealing", None) if self.closing else None

    @property
    def seals(self) -> tuple[Any, ...]:
        """Every seal, also of a closing that was reopened: both are kept."""
        return tuple(closing.sealing for closing in self.closings if hasattr(closing, "sealing"))

    @property
    def given(self) -> object:
        """The pack of the seal in force."""
        return getattr(self.sealing, "given", None)


@dataclass(frozen=True)
class Matrix:
    """A month of an engagement."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    waits: tuple[Wait, ...]

    @property
    def count(self) -> int:
        """How many steps there are."""
        return sum(cell.state != "none" for row in self.rows for cell in row.cells)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(cell.state == "ok" for row in self.rows for cell in row.cells)


def matrix_of(periods: Sequence[Period], bills: Mapping[UUID, Bill] | None = None) -> Matrix:
    """`periods` are those of one month of an engagement, fetched with `months.with_closings`; a fixed number of queries."""
    items: dict[UUID, list[Standing]] = {}
    for item in with_standing(WorkItem.objects.filter(period__in=periods).order_by("due_at")):
        items.setdefault(item.period_id, []).append(standing(item))
    standings = [found for each in items.values() for found in each]
    moved = {row.item_id: row for row in StepState.objects.filter(item__in=[found.item.id for found in standings]).only("item_id", "version", "changed_at")}
    billed = invoices(periods)
    own = [found for found in standings if not found.item.task] or standings
    columns = _columns(own, any(found.item.deadline for found in standings))
    last = {period.id: _billed(billed.get(period.id, []), (bills or {}).get(period.id)) for period in periods}
    rows = tuple(_row(period, items.get(period.id, []), moved, last[period.id], dict(columns)) for period in periods)
    waits = sorted((wait for found in standings for wait in found.waits), key=lambda wait: wait.needed_at)
    return Matrix(columns, rows, tuple(waits))


def invoices(periods: Iterable[Period]) -> Mapping[UUID, list[tuple[str, datetime]]]:
    """Number and time of the invoices drawn for each period, known by the entries that name it: their rows belong to an app above."""
    wanted = {period.id: period for period in periods}
    audiences = {period.audience_id for period in wanted.values()}
    since = min((period.opened_at for period in wanted.values()), default=None)
    drawn: dict[UUID, list[tuple[str, datetime]]] = {}
    if since is None:
        return drawn
    for entry in Entry.objects.filter(audience__in=audiences, kind="invoice.drawn", outcome="allowed", decided_at__gte=since).order_by("decided_at"):
        said = statement.decode(bytes(entry.statement))
        if said.within is not None and said.within.id in wanted:
            drawn.setdefault(said.within.id, []).append((said.object.reference, said.decided_at))
    return drawn


def _columns(standings: list[Standing], files: bool) -> tuple[tuple[str, str], ...]:
    steps: dict[str, str] = {}
    for found in standings[:1]:
        steps = {step.code: step.says for step in (found.working, found.reviewing) if step is not None}
    return ((PAPERS, PAPERS_IN), *steps.items(), (ACCEPT, ACCEPTED), *(((FILED, FILED_WORD),) if files else ()), (BILLED, BILLED_WORD), (SEALED, SEALED_WORD))


def _row(period: Period, standings: list[Standing], moved: Mapping[UUID, StepState], billed: Cell, columns: Mapping[str, str]) -> Row:
    closings = tuple(period.closings.all())
    row = Row(period, tuple(standings), closings, ())
    if row.main is None:
        return row
    filed = (_filed(standings),) if FILED in columns else ()
    cells = (*_cells(row.main, moved), *filed, billed, _sealed(closings))
    return replace(row, cells=tuple(replace(cell, says=columns.get(cell.code, "")) for cell in cells))


def _cells(found: Standing, moved: Mapping[UUID, StepState]) -> tuple[Cell, ...]:
    cells = [_papers(found), _step(found, found.working, moved.get(found.item.id))]
    if found.reviewing is not None:
        cells.append(_step(found, found.reviewing, None))
    return (*cells, _accepted(found))


def _papers(found: Standing) -> Cell:
    slots = [slot for slot in found.line.slots if slot.code in found.working.slots]
    held = {slot.code: [row for row in found.papers if row.slot == slot.code] for slot in slots}
    lacking = [slot for slot in slots if len(held[slot.code]) < slot.least]
    newest = max((row.brought_at for row in found.papers), default=None)
    if not lacking:
        return Cell(PAPERS, "ok", newest, note=FILES(count=len(found.papers)))
    held_by = found.on.get(found.working.code)
    who = held_by.person_name if held_by else found.item.engagement.provider.name
    state = "part" if found.papers else "wait" if held_by else "todo"
    return Cell(PAPERS, state, None, note=MISSING(slot=lacking[0].says), waits=who, since=found.item.created_at, link=found.item.reference)


def _step(found: Standing, step: Step, moved: StepState | None) -> Cell:
    wait, held = found.wait, found.on.get(step.code)
    by = held.person_name if held else ""
    if wait is not None and wait.step == step.code:
        if held is None:
            return Cell(step.code, "stop", wait.needed_at, note=NOBODY(), waits=wait.on, since=wait.since, link=found.item.reference)
        asked = next((each for each in found.questions if each.side == "client"), None)
        if asked is not None and step is found.working:
            return Cell(step.code, "wait", asked.needed_at, by, ASKED(), asked.on, asked.since, found.item.reference)
        returned = found.made is not None and step is found.working
        note = RETURNED() if returned else MOVES(count=moved.version) if moved and moved.version else None
        return Cell(step.code, "wait", wait.needed_at, by, note, wait.on, wait.since, found.item.reference)
    if step is found.working and found.made is not None:
        return Cell(step.code, "ok", found.made.made_at, found.made.made_by_name)
    if step is found.reviewing and found.review is not None and found.review.verdict == "passed":
        return Cell(step.code, "ok", found.review.reviewed_at, found.review.reviewed_by_name)
    return Cell(step.code, "todo", due_at(found.item, step, found.clock), by, None if by else NOBODY())


def _accepted(found: Standing) -> Cell:
    if found.acceptance is not None and found.is_accepted:
        return Cell(ACCEPT, "ok", found.acceptance.accepted_at, found.acceptance.accepted_by_name)
    if found.wait is not None and found.wait.step == ACCEPT:
        return Cell(ACCEPT, "wait", found.wait.needed_at, waits=found.wait.on, since=found.wait.since, link=found.item.reference)
    return Cell(ACCEPT, "todo", found.item.due_at, accepter(found.item))


def _filed(standings: list[Standing]) -> Cell:
    """All filings of the entity's month in one cell: the one that is furthest behind."""
    asked = [found for found in standings if found.item.deadline]
    if not asked:
        return Cell(FILED, "none", note=NOTHING_TO_FILE())
    open_ones = sorted((found for found in asked if found.wait), key=lambda found: found.wait.needed_at if found.wait else found.item.due_at)
    if not open_ones:
        receipts = [found.filing.receipt for found in asked if found.filing is not None]
        newest = max(receipts, key=lambda receipt: receipt.received_at)
        return Cell(FILED, "ok", newest.received_at, newest.brought_by_name)
    found = open_ones[0]
    assert found.wait is not None
    state = "stop" if found.wait.step not in found.on and found.wait.side == "provider" else "wait"
    note = NO_RECEIPT() if found.wait.side == "authority" else NOBODY() if state == "stop" else None
    return Cell(FILED, state, found.wait.needed_at, "", note, found.wait.on, found.wait.since, found.item.reference)


def _billed(drawn: list[tuple[str, datetime]], bill: Bill | None) -> Cell:
    money = bill.amount if bill else None
    if not drawn:
        return Cell(BILLED, "todo", note=NOT_DRAWN(), money=money)
    return Cell(BILLED, "part" if money else "ok", drawn[-1][1], ", ".join(number for number, _ in drawn), money=money)


def _sealed(closings: tuple[Closing, ...]) -> Cell:
    last = closings[-1] if closings else None
    if last is None or hasattr(last, "reopening"):
        return Cell(SEALED, "todo", note=AT_CLOSING())
    if not hasattr(last, "sealing"):
        return Cell(SEALED, "part", last.closed_at, last.closed_by_name)
    return Cell(SEALED, "ok", last.sealing.sealed_at, last.closed_by_name)

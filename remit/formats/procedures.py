"""The steps of a procedure from a sheet (CSV or XLSX: number, step, exceptions), every fault at its line; and such a sheet from steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from remit.domain.line import Finding
from remit.domain.tasks.procedure import ProcedureStep, Written
from remit.formats.table import Cell, Limits, Row, Table, read_table
from remit.formats.table.recognise import recognise, simple, titles
from remit.formats.table.write import write_csv

LIMITS = Limits(file_bytes=1_000_000, rows=2_000, cells=20_000, unpacked_bytes=20_000_000)
COLUMNS = ("number", "step", "exceptions")
TITLES = titles(
    """
    number: number, no, nr, n, step no, step number, nummer, numéro, номер, №
    step: step, says, instruction, what, task, words, text, schritt, anweisung, étape, стъпка
    exceptions: exceptions, exception, except, unless, ausnahmen, ausnahme, exceptions à la règle, изключения, изключение
    """
)
BETWEEN = "|"
"""Between several exceptions of one cell; line breaks serve as well."""


@dataclass(frozen=True)
class Brought:
    """What a file holds: rows as they were written, and what its form lacks; rows are there only where no finding is an error."""

    rows: tuple[Written, ...] = ()
    findings: tuple[Finding, ...] = ()


def read(data: bytes, name: str = "") -> Brought:
    """The steps of a file. It never raises on what is in it; a row without number and step adds its exceptions to the step before."""
    table, findings = read_table(data, limits=LIMITS, refuse_formulas=True)
    if table is None:
        return Brought(findings=findings)
    header, fields = recognise(table, TITLES, (("step",),))
    if header is None:
        # A sheet without titles: number and step, or the step alone.
        widest = max(len(row.cells) for row in table.rows)
        return Brought(tuple(_joined(_rows(table.rows, {"number": 0, "step": 1, "exceptions": 2} if widest > 1 else {"step": 0}))), findings)
    places = {field: next(at for at, cell in enumerate(header.cells) if simple(cell) == simple(title)) for field, title in fields.items()}
    return Brought(tuple(_joined(_rows(_below(table, header), places))), findings)


def write(steps: Iterable[ProcedureStep]) -> bytes:
    """The same as CSV."""
    return write_csv([COLUMNS, *((step.number, step.says, BETWEEN.join(step.exceptions)) for step in steps)])


def _below(table: Table, header: Row) -> list[Row]:
    return [row for row in table.rows if row.line > header.line]


def _rows(rows: Iterable[Row], places: dict[str, int]) -> Iterator[Written]:
    for row in rows:
        cells = {field: _text(row.cells[at]) for field, at in places.items() if at < len(row.cells)}
        exceptions = tuple(said for part in cells.get("exceptions", "").replace(BETWEEN, "\n").splitlines() if (said := part.strip()))
        yield Written(row.line, cells.get("number", ""), cells.get("step", ""), exceptions)


def _joined(rows: Iterable[Written]) -> list[Written]:
    found: list[Written] = []
    for row in rows:
        if found and not row.number and not row.says and row.exceptions:
            found[-1] = replace(found[-1], exceptions=(*found[-1].exceptions, *row.exceptions))
        else:
            found.append(row)
    return found


def _text(cell: Cell) -> str:
    """A sheet keeps 2 as 2.0; its 1.10 is 1.1, which nobody can tell apart."""
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return str(cell).strip()

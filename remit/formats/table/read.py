"""A CSV or XLSX file to rows of cells."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import islice

from remit.domain.line import Finding
from remit.formats.table.decode import decode
from remit.formats.table.rules import found
from remit.formats.table.sheet import read_sheet
from remit.formats.table.values import LIMITS, Limits, Row, Table

_DELIMITERS = (";", ",", "\t", "|")
_LOOK_AT = 60
_LONGEST_QUOTE = 200
_OLD_SHEET = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"

Read = tuple[Table | None, tuple[Finding, ...]]


def read_table(data: bytes, *, sheet: str = "", delimiter: str = "", limits: Limits = LIMITS, refuse_formulas: bool = False) -> Read:
    """The table in a file, told by its first bytes. None: it cannot be read as a table at all. `refuse_formulas`: see `read_sheet`."""
    if len(data) > limits.file_bytes:
        return None, (found("table.too_large", size=len(data), limit=limits.file_bytes),)
    if not data.strip(b" \r\n\t\xef\xbb\xbf"):
        return None, (found("table.empty"),)
    if data.startswith(_OLD_SHEET):
        return None, (found("table.old_sheet"),)
    if data.startswith(_ZIP):
        return read_sheet(data, sheet, limits, refuse_formulas=refuse_formulas)
    text, encoding, findings = decode(data)
    if text is None:
        return None, findings
    return read_text(text, encoding=encoding, delimiter=delimiter, limits=limits)


def read_text(text: str, *, encoding: str = "utf-8", delimiter: str = "", limits: Limits = LIMITS) -> Read:
    """The table in text already decoded, lines ended by "\\n"."""
    lines = text.split("\n")
    # A first line "sep=;" is Excel's own way of telling.
    told = lines[0][4:5] if lines[0].lower().startswith("sep=") else ""
    delimiter = delimiter or told or _delimiter(lines)
    findings: list[Finding] = []
    rows: list[Row] = []
    cells = 0
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    starts = 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            findings.append(found("table.broken_row", starts, why=str(error)))
            starts = reader.line_num + 1
            continue
        if reader.line_num - starts > _LONGEST_QUOTE:
            findings.append(found("table.open_quote", starts, limit=_LONGEST_QUOTE))
        if any(cell.strip() for cell in record) and not (told and starts == 1):
            rows.append(Row(starts, tuple(cell.strip() for cell in record)))
            cells += len(record)
        starts = reader.line_num + 1
        if len(rows) > limits.rows:
            return None, (*findings, found("table.too_many_rows", starts, limit=limits.rows))
        if cells > limits.cells:
            return None, (*findings, found("table.too_many_cells", starts, limit=limits.cells))
    if not rows:
        return None, (*findings, found("table.empty"))
    table = Table(form="csv", rows=tuple(rows), encoding=encoding, delimiter=delimiter, lines=len(lines) - (not lines[-1]))
    return table, tuple(findings)


def _delimiter(lines: list[str]) -> str:
    """The one that cuts most of the first lines into the same number of cells, more cells winning; a comma where none cuts."""
    best, best_score = ",", 0.0
    sample = [line for line in islice(lines, 2 * _LOOK_AT) if line.strip()][:_LOOK_AT]
    for delimiter in _DELIMITERS:
        try:
            widths = Counter(len(record) for record in csv.reader(sample, delimiter=delimiter))
        except csv.Error:
            continue
        width, often = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(1, 0))
        score = often / max(1, sum(widths.values())) * min(width - 1, 20) ** 0.25 if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best

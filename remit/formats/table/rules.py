"""What the table reader can find, in words."""

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_

_SOURCE = "RFC 4180; ISO/IEC 29500 (XLSX)"

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("table.empty", "error", N_("The file is empty."), _SOURCE),
        Rule("table.too_large", "error", N_("The file has {size} bytes; at most {limit} are read. Send it in parts."), _SOURCE),
        Rule("table.too_many_rows", "error", N_("There are more than {limit} rows. Send the file in parts."), _SOURCE),
        Rule("table.too_many_cells", "error", N_("There are more than {limit} cells. Send the file in parts."), _SOURCE),
        Rule(
            "table.unpacks_too_large",
            "error",
            N_("The file unpacks to more than {limit} bytes, or to more than {ratio} times its size; it is not opened."),
            _SOURCE,
        ),
        Rule("table.broken_sheet", "error", N_("The workbook cannot be opened: it is damaged, or protected by a password."), _SOURCE),
        Rule("table.old_sheet", "error", N_("This is an old Excel file (.xls). Save it as .xlsx or CSV."), _SOURCE),
        Rule("table.doctype", "error", N_("The workbook carries a document type declaration, which no spreadsheet program writes; it is not opened."), _SOURCE),
        Rule("table.no_such_sheet", "error", N_("There is no sheet “{sheet}”; there are: {sheets}."), _SOURCE),
        Rule("table.not_text", "error", N_("This is not a text file: it holds bytes that no text has."), _SOURCE),
        Rule("table.open_quote", "error", N_("A quotation mark opens here and is not closed within {limit} lines."), _SOURCE),
        Rule("table.broken_row", "error", N_("The row cannot be read: {why}."), _SOURCE),
        Rule("table.ragged", "error", N_("The row has {cells} cells where the header has {header}."), _SOURCE),
        Rule("table.no_header", "error", N_("No header row was found with the columns {columns}."), _SOURCE),
        Rule("table.header_twice", "error", N_("Two columns are called “{title}”."), _SOURCE),
        Rule("table.column_missing", "error", N_("There is no column “{title}” for {field}."), _SOURCE),
        Rule("table.value_missing", "error", N_("A value is missing."), _SOURCE),
        Rule("table.not_number", "error", N_("“{text}” is not a number."), _SOURCE),
        Rule("table.not_date", "error", N_("“{text}” is not a date."), _SOURCE),
        Rule("table.not_choice", "error", N_("“{text}” is none of: {choices}."), _SOURCE),
        Rule(
            "table.date_ambiguous",
            "error",
            N_("“{text}” may be day/month or month/day, and nothing in the column tells. Say which in the mapping."),
            _SOURCE,
        ),
        Rule(
            "table.number_ambiguous",
            "error",
            N_("In “{text}” the mark may be decimal or of thousands, and nothing in the column tells. Say which in the mapping."),
            _SOURCE,
        ),
        Rule(
            "table.formula",
            "warning",
            N_("“{text}” begins like a formula. It is kept as text, and written so that no program runs it."),
            "OWASP, CSV Injection",
        ),
        Rule("table.formula_unread", "error", N_("The formula {text} has no stored result. Open the workbook, save it, and send it again."), _SOURCE),
        Rule("table.formula_refused", "error", N_("{cell} holds a formula, and formulas are not worked out here. Replace it by its value."), _SOURCE),
        Rule("table.cell_error", "error", N_("The cell holds the error {text}."), _SOURCE),
    )
}
"""By code."""


def at(line: int | None, field: str = "") -> Place:
    """The place of a line (from 1) and a field in the file read."""
    path: list[tuple[str, int | str]] = []
    if line is not None:
        path.append(("line", line))
    if field:
        path.append(("field", field))
    return Place(path=tuple(path))


def found(code: str, line: int | None = None, field: str = "", /, **values: object) -> Finding:
    """A finding of the reader at a line and field."""
    return Finding(code, at(line, field), values)

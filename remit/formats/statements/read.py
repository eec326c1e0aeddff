"""A bank statement in whatever form: told by its content, never by its name."""

from __future__ import annotations

from remit.domain.line import Finding
from remit.formats.statements.tabular import PLAIN, Layout
from remit.formats.statements.values import StatementFile
from remit.formats.table.decode import decode
from remit.formats.table.rules import found
from remit.formats.table.values import LIMITS, Limits

_ZIP, _OLD_SHEET = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Read = tuple[StatementFile | None, tuple[Finding, ...]]


def read(data: bytes, name: str = "", *, layout: Layout = PLAIN, limits: Limits = LIMITS) -> Read:
    """The statements and what was found in reading them; None: not readable as a statement.

    `name` is not trusted for anything. `layout` helps with tables only. The checks are in `checks`.
    """
    if len(data) > limits.file_bytes:
        return None, (found("table.too_large", size=len(data), limit=limits.file_bytes),)
    if not data.strip(b" \r\n\t\xef\xbb\xbf\0"):
        return None, (found("table.empty"),)
    if data.startswith((_ZIP, _OLD_SHEET)):
        return _table(data, "", layout, limits)
    from remit.formats.statements import ofx

    text, encoding, findings = decode(data, ofx.charset(data) if b"OFX" in data[:4000].upper() else "")
    if text is None:
        return None, findings
    if ofx.looks_like(text):
        return ofx.read(text, encoding)
    start = text.lstrip("\ufeff \n\t")
    if start.startswith("<"):
        return _xml(data, text, start)
    from remit.formats.statements import mt940

    if mt940.looks_like(text):
        return mt940.read(text, encoding)
    return _table(data, text, layout, limits)


def _xml(data: bytes, text: str, start: str) -> Read:
    from remit.formats.statements import camt053

    # Looked for in the decoded text, so that UTF-16 hides nothing.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None, (found("bank.doctype", text[: text.index("<!")].count("\n") + 1),)
    if not camt053.looks_like(text.encode()):
        return None, (found("bank.unknown_form", 1, start[1:40].split(">")[0]),)
    return camt053.read(data.lstrip(b" \r\n\t"))


def _table(data: bytes, text: str, layout: Layout, limits: Limits) -> Read:
    from remit.formats.statements import tabular
    from remit.formats.table.read import read_table

    table, findings = read_table(data, sheet=layout.sheet, delimiter=layout.delimiter, limits=limits)
    if table is None:
        return None, findings
    if table.form == "csv" and all(len(row.cells) < 2 for row in table.rows):
        return None, (found("bank.unknown_form", table.rows[0].line if table.rows else None),)
    file, more = tabular.read(table, layout)
    return file, (*findings, *more)

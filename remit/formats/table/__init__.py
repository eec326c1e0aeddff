"""Tables that people send, CSV or XLSX: read to rows with line numbers, typed by questions, written safe to open."""

from remit.formats.table.read import read_table
from remit.formats.table.rules import RULES
from remit.formats.table.typed import typed
from remit.formats.table.values import Cell, Limits, Record, Row, Table
from remit.formats.table.write import neutral, write_csv

__all__ = ["RULES", "Cell", "Limits", "Record", "Row", "Table", "neutral", "read_table", "typed", "write_csv"]

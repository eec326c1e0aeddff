"""Bank statements: read in any of four forms, and checked."""

from remit.formats.statements.checks import check
from remit.formats.statements.read import read
from remit.formats.statements.rules import RULES
from remit.formats.statements.tabular import Layout
from remit.formats.statements.values import Entry, Statement, StatementFile

__all__ = ["RULES", "Entry", "Layout", "Statement", "StatementFile", "check", "read"]

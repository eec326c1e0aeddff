"""The sheets of a relation that is taken over: people, prices and work calendar, read to values with findings by line and column; and their templates."""

from remit.formats.takeover.assemble import assemble
from remit.formats.takeover.columns import EXAMPLE_ANSWERS, SHEETS, Column, columns
from remit.formats.takeover.read import LIMITS, MOST_FINDINGS, Brought, read
from remit.formats.takeover.rules import RULES
from remit.formats.takeover.template import template

__all__ = ["EXAMPLE_ANSWERS", "LIMITS", "MOST_FINDINGS", "RULES", "SHEETS", "Brought", "Column", "assemble", "columns", "read", "template"]

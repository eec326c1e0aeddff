"""Exports of time tools (Toggl, Clockify, Harvest, Kimai, Tempo) and our own sheet: read to rows with line numbers; each fault at its line and column."""

from remit.formats.timesheets.read import LIMITS, Brought, TimeRow, read
from remit.formats.timesheets.rules import RULES
from remit.formats.timesheets.template import template
from remit.formats.timesheets.tools import TOOLS, Tool

__all__ = ["LIMITS", "RULES", "TOOLS", "Brought", "TimeRow", "Tool", "read", "template"]

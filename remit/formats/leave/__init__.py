"""Leave from calendars (iCalendar) and sheets (CSV, XLSX): who is away when, each fault at its line."""

from remit.formats.leave.read import LIMITS, read
from remit.formats.leave.rules import RULES
from remit.formats.leave.sheet import COLUMNS, template
from remit.formats.leave.values import KINDS, Brought, LeaveRow, kind_of

__all__ = ["COLUMNS", "KINDS", "LIMITS", "RULES", "Brought", "LeaveRow", "kind_of", "read", "template"]

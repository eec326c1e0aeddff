"""How a task of a service is done, by what was decided of it: the service's own steps or, where it has none, those of the house; a sheet or a checklist."""

from remit.domain.tasks.steps import CHECKLIST, RESULT, SHEET, aside_of, line_for, slot_of

__all__ = ["CHECKLIST", "RESULT", "SHEET", "aside_of", "line_for", "slot_of"]

"""Our own sheet of time: titles, what belongs in them, and an example; lines that begin with # are not read."""

from __future__ import annotations

from collections.abc import Callable

from remit.domain.reasons import N_
from remit.formats.table import write_csv

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("person", N_("Name as among the people; empty: you"), "Maya Petrova"),
    ("mail", N_("Or their mail address"), "maya@provider.example"),
    ("item", N_("Reference of the work item"), "WI-7K3F-9QXM"),
    ("date", N_("Day, such as 2027-01-31"), "2027-01-14"),
    ("from", N_("From, or empty"), "09:00"),
    ("until", N_("Until, or empty"), "11:30"),
    ("duration", N_("Or how long: 2:30, 2.5 or 150 min"), ""),
    ("note", N_("What was done"), "Bank entries"),
    ("not billed because", N_("Empty: it is billed as agreed"), ""),
)


def template(say: Callable[[str], str] = str) -> bytes:
    """The file's bytes (CSV). `say` puts the notes into a language; titles stay as they are."""
    titles, notes, examples = ([row[number] for row in COLUMNS] for number in range(3))
    notes = [say(note) for note in notes]
    notes[0], examples[0] = f"# {notes[0]}", f"# {examples[0]}"
    return write_csv([titles, notes, examples])

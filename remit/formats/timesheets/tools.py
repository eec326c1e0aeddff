"""What each time tool calls its columns, by its detailed export in English; compared without regard to case and outer space."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Bare = Literal["hours", "minutes", "seconds"]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """`columns`: for each thing that we read the titles that it may have, the first that is there; `needs`: titles by which the export is known."""

    code: str
    name: str
    needs: frozenset[str]
    columns: dict[str, tuple[str, ...]]
    bare: Bare = "hours"
    """What a whole number without a mark counts in its column of durations; a decimal counts hours."""
    source: str = field(default="", kw_only=True)

    def known(self, titles: frozenset[str]) -> int:
        """How many of its columns are there; 0 where it is not this tool's."""
        return sum(any(title in titles for title in each) for each in self.columns.values()) if self.needs <= titles else 0


TOOLS: tuple[Tool, ...] = (
    Tool(
        code="toggl",
        name="Toggl Track",
        needs=frozenset({"start date", "start time", "duration"}),
        columns={
            "person": ("user", "member"),
            "mail": ("email",),
            "client": ("client",),
            "project": ("project",),
            "task": ("task",),
            "note": ("description",),
            "billable": ("billable",),
            "begins_on": ("start date",),
            "begins": ("start time",),
            "ends_on": ("end date", "stop date"),
            "ends": ("end time", "stop time"),
            "duration": ("duration",),
            "tags": ("tags",),
        },
        source="Toggl Track, Reports, Detailed, Download CSV",
    ),
    Tool(
        code="clockify",
        name="Clockify",
        needs=frozenset({"start date", "start time", "duration (h)"}),
        columns={
            "person": ("user",),
            "mail": ("email",),
            "client": ("client",),
            "project": ("project",),
            "task": ("task",),
            "note": ("description",),
            "billable": ("billable",),
            "begins_on": ("start date",),
            "begins": ("start time",),
            "ends_on": ("end date",),
            "ends": ("end time",),
            "duration": ("duration (h)", "duration (decimal)"),
            "tags": ("tags",),
        },
        source="Clockify, Reports, Detailed, Export as CSV or Excel",
    ),
    Tool(
        code="harvest",
        name="Harvest",
        needs=frozenset({"date", "project", "task", "hours"}),
        columns={
            "first": ("first name",),
            "last": ("last name",),
            "mail": ("email",),
            "client": ("client",),
            "project": ("project",),
            "task": ("task",),
            "note": ("notes",),
            "billable": ("billable?",),
            "begins_on": ("date",),
            "begins": ("started at",),
            "ends": ("ended at",),
            "duration": ("hours",),
            "tags": ("project code",),
        },
        source="Harvest, Reports, Detailed time, Export as CSV",
    ),
    Tool(
        code="kimai",
        name="Kimai",
        needs=frozenset({"date", "from", "to", "duration", "activity"}),
        columns={
            "person": ("user", "name", "alias", "username"),
            "client": ("customer",),
            "project": ("project",),
            "task": ("activity",),
            "note": ("description",),
            "billable": ("billable",),
            "begins_on": ("date",),
            "begins": ("from",),
            "ends": ("to",),
            "duration": ("duration",),
            "tags": ("tags",),
        },
        bare="seconds",
        source="Kimai, Export, CSV",
    ),
    Tool(
        code="tempo",
        name="Tempo for Jira",
        needs=frozenset({"issue key", "hours", "work date"}),
        columns={
            "person": ("full name", "username"),
            "project": ("project key", "project name"),
            "task": ("issue key",),
            "note": ("work description",),
            "client": ("account name", "account key"),
            "begins_on": ("work date",),
            "duration": ("hours",),
            "tags": ("issue summary",),
        },
        source="Tempo Timesheets, Reports, Export to CSV or Excel",
    ),
    Tool(
        code="sheet",
        name="Remit",
        needs=frozenset({"item", "date"}),
        columns={
            "person": ("person",),
            "mail": ("mail",),
            "item": ("item",),
            "begins_on": ("date",),
            "begins": ("from",),
            "ends": ("until",),
            "duration": ("duration",),
            "note": ("note",),
            "unbilled": ("not billed because",),
        },
        source="docs/time.md",
    ),
)

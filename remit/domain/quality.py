"""What reviewers find: its categories and severities, and how often each over the months, folded from the raw events of an engagement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from remit.domain.performance import Event
from remit.domain.reasons import N_

CATEGORIES: Mapping[str, str] = {
    "figure": N_("Wrong figure"),
    "missing": N_("Something is missing"),
    "unclear": N_("Unclear"),
    "source": N_("Source"),
    "format": N_("Form"),
    "procedure": N_("Procedure not followed"),
    "other": N_("Other"),
}
SEVERITIES: Mapping[str, str] = {"critical": N_("critical"), "major": N_("major"), "minor": N_("minor")}
"""critical: it may not go out like this; major: it is to be put right; minor: it is worth knowing."""
ANSWERS: Mapping[str, str] = {"fixed": N_("put right"), "disagreed": N_("not agreed")}
"""What the preparer says to a finding with the next bytes."""


@dataclass(frozen=True)
class Month:
    """A month of reviews, on UTC: `reviewed` deliverables, `returned` of them by reviewer or client, findings by category and by severity."""

    begins_on: date
    reviewed: int
    returned: int
    first_pass: int
    first_judged: int
    by_category: Mapping[str, int]
    by_severity: Mapping[str, int]

    @property
    def found(self) -> int:
        """All findings of the month."""
        return sum(self.by_category.values())


def by_month(events: Iterable[Event]) -> tuple[Month, ...]:
    """The months in which anything was reviewed, in order. `first_judged`: items whose first deliverable got its verdict then, `first_pass` without a return.

    The first verdict that returns, or else the client's, decides an item; so that the months add up to the engagement's first-pass yield.
    """
    ordered = sorted((event for event in events if event.event != "counted"), key=lambda event: (event.at, event.item))
    first: dict[str, int] = {}
    reviewed, returned, passed, judged = Counter[date](), Counter[date](), Counter[date](), Counter[date]()
    categories: dict[date, Counter[str]] = {}
    severities: dict[date, Counter[str]] = {}
    decided: set[str] = set()
    for event in ordered:
        month = event.at.date().replace(day=1)
        match event.event:
            case "handed_in":
                first.setdefault(event.item, event.number)
            case "reviewed" | "judged":
                reviewed[month] += event.event == "reviewed"
                returned[month] += event.verdict == "returned"
                ends_it = event.verdict == "returned" or event.event == "judged"
                if ends_it and event.number == first.get(event.item) and event.item not in decided:
                    decided.add(event.item)
                    judged[month] += 1
                    passed[month] += event.verdict == "accepted"
            case "found":
                categories.setdefault(month, Counter())[event.category] += 1
                severities.setdefault(month, Counter())[event.severity] += 1
    months = sorted({*reviewed, *judged, *categories})
    return tuple(
        Month(month, reviewed[month], returned[month], passed[month], judged[month], categories.get(month, {}), severities.get(month, {})) for month in months
    )

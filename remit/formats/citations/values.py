"""A citation as it was read, and what was found of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from remit.domain.line import Finding

Kind = Literal[
    "case", "neutral", "database", "statute", "regulation", "constitution", "rule", "journal", "docket", "foreign", "short", "id", "supra", "unknown"
]
Verdict = Literal["holds", "fails", "cannot be judged"]
REFERRING: tuple[Kind, ...] = ("short", "id", "supra")
"""Kinds that stand for a citation before them."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One series that the reporter of a citation may be, as the table has it; `places` are the table's, `begins` and `ends` its years."""

    reporter: str
    series: str
    kind: str
    places: tuple[str, ...] = ()
    begins: int | None = None
    ends: int | None = None


@dataclass(frozen=True, kw_only=True)
class Citation:
    """`written` from the volume to the parentheses, from `start` to `end` in its paragraph (half-open); `opens`: where the name of the case begins.

    `editions`: what the reporter may be; `group`: citations of one decision side by side share it, as they share year and court.
    """

    kind: Kind
    written: str
    start: int
    end: int
    opens: int
    name: str = ""
    volume: str = ""
    reporter: str = ""
    page: str = ""
    pinpoint: str = ""
    year: int | None = None
    court: str = ""
    notes: str = ""
    editions: tuple[Edition, ...] = ()
    group: int = 0

    @property
    def key(self) -> tuple[str, str, str]:
        """By which two citations are of one page of one volume."""
        series = self.editions[0].series if self.editions else self.reporter.replace(" ", "").lower()
        return self.volume, series, self.page


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A citation in its paragraph with what was found; `refers_to`: the place, among all, of the citation that it stands for."""

    citation: Citation
    paragraph: int
    line: int
    findings: tuple[Finding, ...] = ()
    verdict: Verdict = "holds"
    refers_to: int | None = None

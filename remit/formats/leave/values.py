"""What a calendar or sheet says of leave, and by which words its kind is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from remit.domain.line import Finding
from remit.domain.reasons import N_

KINDS: dict[str, str] = {
    "holiday": N_("holiday"),
    "sick": N_("sick"),
    "family": N_("family"),
    "training": N_("training"),
    "other": N_("other"),
}
_WORDS = {
    "sick": ("sick", "ill", "krank", "malad", "болн"),
    "family": ("parental", "maternity", "paternity", "eltern", "mutterschutz", "child", "parent", "майчин", "family"),
    "training": ("training", "schulung", "fortbildung", "weiterbildung", "formation", "conference", "seminar", "обучен", "course"),
    "holiday": ("holiday", "vacation", "urlaub", "ferien", "congé", "vacances", "отпуск", "pto", "annual leave", "day off", "leave"),
    "other": ("other", "away", "out of office", "abwesend", "absent"),
}


@dataclass(frozen=True, kw_only=True)
class LeaveRow:
    """Whole days, half-open, or a span: without a zone it is on the person's own clock. `said`: the text in which a name may stand."""

    line: int
    begins_on: date | None = None
    ends_on: date | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    person: str = ""
    mails: tuple[str, ...] = ()
    said: str = ""
    kind: str = "other"
    note: str = ""
    uid: str = ""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """One file: the rows that could be read, the events that it speaks of (also cancelled ones), and what was found."""

    name: str
    sha256: str
    form: str = ""
    rows: tuple[LeaveRow, ...] = ()
    uids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def kind_of(*texts: str) -> str:
    """By the first word that is known; empty where none is."""
    said = " ".join(texts).casefold()
    return next((kind for kind, words in _WORDS.items() for word in words if re.search(rf"(?<!\w){re.escape(word)}", said)), "")

"""Files of strangers, read in a process apart; what runs there knows no Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from remit.domain.line import Finding
from remit.formats.hostile import Answer, Busy, pool
from remit.formats.notices.notice import Notice
from remit.formats.statements.values import StatementFile

SECONDS = 5.0
MEMORY_BYTES = 400_000_000
WAIT_S = 4.0
MOST_NOTICES = 20

Checked = tuple[StatementFile | None, tuple[Finding, ...], tuple[tuple[Finding, ...], ...]]


class AllBusy(Exception):
    """Raised when no process became free in time."""


def apart(function: Callable[..., Any], data: bytes, *more: Any, seconds: float = SECONDS) -> Any | Finding:
    """`function(data, *more)` under the limits for strangers, or the finding why it was given up."""
    outcome = pool().run(function, data, *more, seconds=seconds, memory_bytes=MEMORY_BYTES, wait_s=WAIT_S)
    if isinstance(outcome, Busy):
        raise AllBusy
    return outcome.value if isinstance(outcome, Answer) else outcome.finding


def statement(data: bytes, name: str) -> Checked:
    """A bank statement read and checked: the file, what was found in reading it, and in checking each of its statements."""
    from remit.formats.statements.checks import check
    from remit.formats.statements.read import read

    file, findings = read(data, name)
    return file, findings, check(file) if file else ()


def pack(data: bytes) -> dict[str, Any]:
    """The verifier's report on an evidence pack, as plain values."""
    from remit.formats.packs.verify import check

    report = check(data).as_dict()
    return report | {part: [dict(finding) for finding in report[part]] for part in ("failures", "checked", "not_shown")}


def notice(data: bytes, name: str) -> tuple[tuple[Notice, ...], tuple[Finding, ...]]:
    """The notices of a file, the first few of many, and what was found in reading it."""
    from remit.formats.notices.reading import read

    file, findings = read(data, name)
    return (file.notices[:MOST_NOTICES] if file else ()), findings

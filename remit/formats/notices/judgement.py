"""Completes a notice that was read: passages, the service hinted at, doubts, and what is missing for a brief."""

from __future__ import annotations

from dataclasses import replace

from remit.domain.line import Finding
from remit.formats.notices import brief, doubts, quotes, services
from remit.formats.notices.notice import Notice


def judged(notice: Notice) -> Notice:
    """The same notice with what can be concluded from it; nothing that was read changes."""
    notice = replace(notice, quotes=quotes.passages(notice))
    notice = replace(notice, hint=services.hint(notice))
    notice = replace(notice, suspicions=_once((*notice.suspicions, *doubts.doubts(notice))))
    return replace(notice, missing=brief.missing(notice))


def _once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A field may be read for the whole and again for its part; each doubt is said once."""
    kept: list[Finding] = []
    seen: set[tuple[object, ...]] = set()
    for finding in findings:
        key = (finding.code, finding.place, tuple(map(str, finding.values.values())))
        if key not in seen:
            seen.add(key)
            kept.append(finding)
    return tuple(kept)

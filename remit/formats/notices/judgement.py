"""Completes a notice that was read: passages, the service hinted at, doubts, and what is missing for a brief."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from remit.domain.line import Finding
from remit.formats.notices import brief, doubts, quotes, rules, services
from remit.formats.notices.notice import Field, Notice


def judged(notice: Notice) -> Notice:
    """The same notice with what can be concluded from it; nothing that was read changes."""
    times: dict[str, Any] = {key: _of_lots(notice, key) for key in ("start", "end", "duration")}
    notice = replace(notice, quotes=quotes.passages(notice), **times)
    notice = replace(notice, vat=notice.vat or _vat(notice))
    notice = replace(notice, hint=services.hint(notice))
    notice = replace(notice, suspicions=_once((*notice.suspicions, *doubts.doubts(notice))))
    return replace(notice, missing=brief.missing(notice))


def _of_lots(notice: Notice, key: str) -> Field | None:
    """Where the whole says nothing, what all lots say alike."""
    said: Field | None = getattr(notice, key)
    fields = [getattr(lot, key) for lot in notice.lots]
    first = fields[0] if fields else None
    if said or first is None or any(field is None or field.value != first.value for field in fields):
        return said
    return Field(first.value, first.place, first.verbatim, "derived", first.how or (rules.FROM_LOT() if len(fields) == 1 else rules.FROM_LOTS()))


def _vat(notice: Notice) -> Field | None:
    """Whether VAT is in the value, where the text says one thing only."""
    said = [quote for quote in notice.quotes if quote.about == "vat"]
    within = {bool(re.search(r"\bincl|\binkl|TTC|inclu", quote.text, re.IGNORECASE)) for quote in said}
    if notice.value is None or len(within) != 1:
        return None
    return Field("included" if within.pop() else "excluded", said[0].place, said[0].text, "derived", rules.FROM_TEXT())


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

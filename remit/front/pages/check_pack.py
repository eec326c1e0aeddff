"""The answer about an evidence pack: what the stand-alone verifier recomputed, and as loudly what that does not show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.domain.line import Finding
from remit.formats.hostile import RULES as LIMITS
from remit.formats.packs.verify import SAYS
from remit.front.pages import reading
from remit.front.pages.checks import Answer, Check, unreadable, words

MOST_FAILURES = 12


def pack_answer(name: str, data: bytes) -> Answer:
    """`data` is the pack as it was uploaded; it is verified in a process of its own, as if it were hostile."""
    report = reading.apart(reading.pack, data)
    if isinstance(report, Finding):
        return unreadable("pack", name, _("It could not be verified"), words().finding(report, LIMITS[report.code]))
    return answer(name, report)


def answer(name: str, report: Mapping[str, Any]) -> Answer:
    """From the verifier's report as plain values."""
    if report["unreadable"]:
        return unreadable("pack", name, _("It is not an evidence pack"), report["unreadable"])
    entries = ngettext("%(count)s entry", "%(count)s entries", report["entries"]) % {"count": words().number(report["entries"])}
    failed = report["failed"]
    rest = failed - MOST_FAILURES
    more = [Check(ngettext("and %(count)s more failure", "and %(count)s more failures", rest) % {"count": rest}, "bad")] if rest > 0 else []
    title, says = _("The proof holds"), _("Every hash, signature and checkpoint in it was recomputed: %(entries)s of %(origin)s.")
    if failed:
        title = ngettext("The proof fails in %(count)s place", "The proof fails in %(count)s places", failed) % {"count": words().number(failed)}
        says = _said(report["failures"][0]) if report["failures"] else ""
    return Answer(
        kind="pack",
        name=name,
        holds=not failed,
        icon="shield-x" if failed else "shield-check",
        title=title,
        says=says if failed else says % {"entries": entries, "origin": report["origin"]},
        read=entries,
        checks=(*_checks(report["failures"][:MOST_FAILURES], bad=True), *more, *_checks(report["checked"], bad=False)),
        limits=tuple(_said(one) for one in report["not_shown"]),
        keeps=True,
    )


def _said(finding: Mapping[str, Any]) -> str:
    return words().text(SAYS[finding["code"]], **finding["values"])


def _checks(findings: Iterable[Mapping[str, Any]], *, bad: bool) -> list[Check]:
    return [Check(_said(one), "bad" if bad else "", code=one["code"] if bad else "") for one in findings]

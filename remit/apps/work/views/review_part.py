"""What the page of an item shows of its reviews: findings with their answers, samples, what ended with its bytes, and checks that may be let pass."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from remit.apps.records.context import By
from remit.apps.work import boards, findings, overrides, procedures, sampled
from remit.apps.work.models import FindingDraft, ReviewFinding, WorkItem
from remit.apps.work.waiting import Standing
from remit.domain.line import Finding


def of_item(by: By, at: datetime, found: Standing, seen: boards.Look, listed: list[dict[str, Any]], *, closed: bool, mine: bool) -> dict[str, Any]:
    """For the page, in a fixed number of queries; each of the deliverables `listed` gets what was found of it. `mine`: whoever looks is on the working step."""
    item = found.item
    beside(by, item, listed)
    newest = listed[0] if listed else None
    waiting = [each for each in newest["found"] if each.answer is None] if newest is not None else []
    version = procedures.newer(item, at)
    can_adopt = not closed and not found.is_accepted and version is not None and procedures.side_of(by, item.engagement) != ""
    return {
        "sampled": sampled.plan_for(item, at) is not None,
        "unanswered": waiting if mine and not closed else [],
        "letting": letting(by, found, seen) if not closed else [],
        "newer": version if can_adopt and (newest is None or newest["is_returned"]) else None,
    }


def beside(by: By, item: WorkItem, listed: list[dict[str, Any]]) -> None:
    """Findings, samples and drafts of the deliverables, by their keys."""
    by_made: defaultdict[UUID, list[findings.Found]] = defaultdict(list)
    for row in ReviewFinding.objects.filter(review__deliverable__item=item).select_related("review", "answer").order_by("number"):
        by_made[row.review.deliverable_id].append(findings.Found(row, getattr(row, "answer", None)))
    samples = {row.deliverable_id: sampled.looked(row) for row in sampled.with_looks().filter(deliverable__item=item)}
    drafts = Counter(FindingDraft.objects.filter(item=item, organization=by.organization).values_list("deliverable", flat=True))
    for each in listed:
        made = each["made"]
        sample = samples.get(made.id)
        is_judged = each["review"] is not None
        each["found"] = by_made[made.id]
        each["sample"] = sample
        each["drafts"] = drafts[made.id]
        each["is_returned"] = "returned" in {getattr(verdict, "verdict", "") for verdict in (each["review"], each["acceptance"])}
        # A review that was under way when other bytes came: it ended, and what was ticked or noted counts for nothing.
        each["ended"] = not each["is_newest"] and not is_judged and (drafts[made.id] > 0 or (sample is not None and sample.looked > 0))


def letting(by: By, found: Standing, seen: boards.Look) -> list[dict[str, Any]]:
    """Failing checks that somebody may let pass, or has: with who may by the rule, and whether whoever looks could be one. The gate is asked on acting."""
    line, covered = found.line, overrides.of_step(found.item, found.working)
    errors = [each for each in seen.findings if line.rule(each.code).severity == "error" and line.rule(each.code).override is not None]
    if not errors or seen.lacking:
        return []
    held = found.on.get(found.working.code)
    is_other = by.organization == found.item.engagement.provider_id and by.person is not None and (held is not None and held.person_id != by.person)
    return [_let(each, found, covered, is_other) for each in errors]


def _let(finding: Finding, found: Standing, covered: overrides.Covered, is_other: bool) -> dict[str, Any]:
    rule, sha256 = found.line.rule(finding.code), overrides.sha256(finding, found.line)
    row = covered.get(sha256)
    assert rule.override is not None
    return {"finding": finding, "sha256": sha256, "row": row, "level": found.line.levels[rule.override.level], "can": is_other and row is None}

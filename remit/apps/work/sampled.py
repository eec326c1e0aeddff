"""Samples of what goes out: the plan in force, the rows drawn when bytes are handed in, and what looking at them has shown so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from remit.apps.agreements.models import Engagement
from remit.apps.work.models import Deliverable, ReviewSample, ReviewSampled, SamplingPlan, WorkItem
from remit.apps.work.procedures import day_of
from remit.domain.line import Board, Case, ServiceLine, Step
from remit.domain.reasons import N_, Reason
from remit.domain.sampling import ASIDE, DONE, STRATA, Drawn, Result, Terms, drawn, result, seed_of
from remit.domain.tasks import CHECKLIST, RESULT
from remit.domain.tasks.checklist import Checklist, words
from remit.domain.tasks.checklist import steps as steps_of
from remit.formats.words import Words

PLAN_STATES = {
    "proposed": N_("waits for the other side"),
    "coming": N_("agreed, not in force yet"),
    "in_force": N_("in force"),
    "succeeded": N_("succeeded"),
    "declined": N_("declined"),
    "withdrawn": N_("taken back"),
}
MOST_SHOWN = 4
"""Rows of one side of a group that are written out."""
LONGEST_KEY = 200


@dataclass(frozen=True)
class Row:
    """One thing that can be right or wrong, in the words of the agreement's language."""

    key: str
    says: tuple[str, ...]


def terms_of(plan: SamplingPlan) -> Terms:
    """As the domain computes with them."""
    return Terms(plan.confidence, plan.margin, plan.expected, plan.limit)


def plans(engagement: UUID) -> QuerySet[SamplingPlan]:
    """All of an engagement, newest first, with what the other side said."""
    return SamplingPlan.objects.filter(engagement=engagement).select_related("verdict").order_by("-proposed_at", "-id")


def in_force(rows: Iterable[SamplingPlan], work_class: str, on: date) -> SamplingPlan | None:
    """Of these the agreed one that began last; knowledge work is reviewed in full."""
    found = [row for row in rows if row.work_class == work_class == "bpo" and _verdict(row) == "agreed" and row.valid_from <= on]
    return max(found, key=lambda row: (row.valid_from, row.proposed_at), default=None)


def state_of(row: SamplingPlan, now: SamplingPlan | None, on: date) -> str:
    """Where a plan stands, as a code of `PLAN_STATES`."""
    verdict = _verdict(row)
    if verdict != "agreed":
        return verdict or "proposed"
    return "in_force" if now is not None and row.id == now.id else "coming" if row.valid_from > on else "succeeded"


def _verdict(row: SamplingPlan) -> str:
    return getattr(getattr(row, "verdict", None), "verdict", "")


def plan_for(item: WorkItem, at: datetime) -> SamplingPlan | None:
    """The plan by which what is handed in now is sampled."""
    return in_force(plans(item.engagement_id), item.work_class, day_of(item.period, at))


def draw_for(made: Deliverable, work: WorkItem, line: ServiceLine, step: Step, case: Case, at: datetime) -> ReviewSample | None:
    """Draw the rows to be looked at, by the plan agreed before; nothing without one, where nothing can be counted, or where few may read the work."""
    plan = plan_for(work, at)
    if plan is None or step.readers:
        return None
    strata = rows_of(line, step, case, work.engagement.agreement.language)
    seed = seed_of(made.manifest_sha256, plan.fixed)
    found = drawn([(name, [row.key for row in rows]) for name, rows in strata.items()], terms_of(plan), seed)
    if not found:
        return None
    kept = [_kept(each, strata[each.stratum]) for each in found]
    return ReviewSample.objects.create(
        audience_id=made.audience_id, deliverable=made, manifest_sha256=made.manifest_sha256, plan=plan, seed=seed, strata=kept, drawn_at=at
    )


def _kept(each: Drawn, rows: Sequence[Row]) -> dict[str, Any]:
    by_key = {row.key: row for row in rows}
    every = hashlib.sha256("\n".join(sorted(by_key)).encode()).hexdigest()
    drawn_rows = [{"key": key, "says": list(by_key[key].says)} for key in each.keys]
    return {"stratum": each.stratum, "population": each.population, "limit": each.limit, "keys_sha256": every, "rows": drawn_rows}


def rows_of(line: ServiceLine, step: Step, case: Case, language: str) -> dict[str, list[Row]]:
    """What a deliverable holds that can be counted, by stratum: what was done; and what a rule or a person set aside."""
    say = Words(language)
    found: dict[str, list[Row]] = {DONE: [], ASIDE: []}
    if step.work is not None:
        board = step.work.show(case, case.state(step.code) or step.work.start(case))
        for stratum, row in _of_board(board, say):
            found[stratum].append(row)
    for paper in case.papers.get(RESULT, ()):
        found[DONE].append(_row(f"file:{paper.sha256}", (paper.name,)))
    ticked = case.state(CHECKLIST)
    if isinstance(ticked, Checklist) and any(each.code == CHECKLIST for each in line.steps):
        for each in steps_of(case):
            if (given := ticked.by_number.get(each.number)) is not None:
                found[ASIDE if given.why else DONE].append(_row(f"step:{each.number}", (each.number, _said(words(each), say), given.why)))
    return found


def _of_board(board: Board, say: Words) -> Iterator[tuple[str, Row]]:
    """Groups of a pair are done and its open rows set aside; each row of a table is done. Other surfaces hold nothing to count."""
    if board.surface == "table":
        yield from ((DONE, _row(key, (_told(cells, say),))) for key, cells in board.rows)
    if board.surface != "pair":
        return
    left, right = list(board.rows), list(board.right)
    # The last cells of such a row are its answer and its state, which say nothing of what was put together.
    shown = {key: _told(cells[:-2], say) for key, cells in (*left, *right)}
    taken: set[str] = set()
    for group in board.groups:
        taken |= {*group.left, *group.right}
        sides = (_side(group.left, shown), _side(group.right, shown))
        yield DONE, _row(f"group:{group.key}", (*sides, group.note))
    yield from ((ASIDE, _row(key, (_told(cells[:-1], say),))) for key, cells in (*left, *right) if key not in taken)


def _side(keys: Sequence[str], shown: dict[str, str]) -> str:
    told = [shown.get(key, key) for key in keys[:MOST_SHOWN]]
    return " + ".join(told) + (f" + {len(keys) - MOST_SHOWN}" if len(keys) > MOST_SHOWN else "")


def _row(key: str, says: Iterable[str]) -> Row:
    short = key if len(key) <= LONGEST_KEY else f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    return Row(short, tuple(text[:400] for text in says if text))


def _told(cells: Iterable[Any], say: Words) -> str:
    return " · ".join(told for cell in cells if (told := _said(cell, say)))


def _said(cell: Any, say: Words) -> str:
    return "" if cell is None or cell == "" else say.reason(cell) if isinstance(cell, Reason) else say.value(cell)


@dataclass(frozen=True)
class Stratum:
    """One stratum of a sample with its rows, what was said of each, and what follows."""

    says: str
    rows: tuple[dict[str, Any], ...]
    result: Result


@dataclass(frozen=True)
class Looked:
    """A sample, and what looking at it has shown so far."""

    sample: ReviewSample
    terms: Terms
    strata: tuple[Stratum, ...]

    @property
    def is_complete(self) -> bool:
        """Every row that was drawn was looked at."""
        return all(each.result.is_complete for each in self.strata)

    @property
    def failing(self) -> list[Stratum]:
        """The strata in which more is wrong than may be."""
        return [each for each in self.strata if each.result.fails]

    @property
    def has_aside(self) -> bool:
        """Whether anything was set aside that could be drawn from."""
        return any(each.result.drawn.stratum == ASIDE for each in self.strata)

    @property
    def size(self) -> int:
        """Rows drawn in all."""
        return sum(each.result.drawn.size for each in self.strata)

    @property
    def looked(self) -> int:
        """Rows looked at in all."""
        return sum(each.result.looked for each in self.strata)


def with_looks() -> QuerySet[ReviewSample]:
    """What `looked` reads."""
    return ReviewSample.objects.select_related("plan").prefetch_related("looks")


def of(made: Deliverable) -> Looked | None:
    """The sample of a deliverable; None where nothing was drawn."""
    found = with_looks().filter(deliverable=made).first()
    return looked(found) if found else None


def looked(sample: ReviewSample) -> Looked:
    """From what `with_looks` fetched."""
    newest: dict[tuple[str, str], ReviewSampled] = {}
    for look in sorted(sample.looks.all(), key=lambda each: (each.looked_at, each.id)):
        newest[look.stratum, look.key] = look
    terms = terms_of(sample.plan)
    strata = []
    for kept in sample.strata:
        rows = tuple(row | {"look": newest.get((kept["stratum"], row["key"]))} for row in kept["rows"])
        given = [row["look"].is_right for row in rows if row["look"] is not None]
        each = Drawn(kept["stratum"], kept["population"], tuple(row["key"] for row in rows), kept["limit"])
        strata.append(Stratum(STRATA[kept["stratum"]], rows, result(each, given.count(True), given.count(False), terms.confidence)))
    return Looked(sample, terms, tuple(strata))


def of_engagement(engagement: Engagement, on: date) -> dict[str, Any]:
    """The plan of process work: what is in force, what waits, what was before."""
    rows = list(plans(engagement.id))
    now = in_force(rows, "bpo", on)
    return {"now": now, "rows": [{"row": row, "state": state_of(row, now, on), "says": PLAN_STATES[state_of(row, now, on)]} for row in rows]}

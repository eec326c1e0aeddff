"""The verbs of sampling: propose a plan, agree to it or decline it, take it back; look at the rows that were drawn."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from pydantic import BaseModel, ConfigDict

from remit.apps.agreements.models import Agreement, Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, action, decide
from remit.apps.records.context import By
from remit.apps.work import cases, procedures, sampled
from remit.apps.work.actions.periods import NOT_A_PARTY
from remit.apps.work.actions.procedures import JUDGED, NOT_OWN, OWN_PROPOSAL, PENDING, WHY
from remit.apps.work.loading import deliverable as of_key
from remit.apps.work.loading import is_newest, open_item, own_step, step_of
from remit.apps.work.models import ReviewSampled, SamplingPlan, SamplingVerdict
from remit.domain.reasons import N_, Sentence

IN_FULL = Sentence("sampling.in_full", N_("Work of class KPO is reviewed in full: nothing is sampled."))
PLANNED = Sentence(
    "sampling.planned", N_("{confidence} % sure to ±{margin} points where about {expected} % are wrong; of a sample {limit} % may be wrong. Seed: {fixed}.")
)
LIMIT_BELOW = Sentence("sampling.limit", N_("A limit above {expected} % and {margin} % together fails nothing: lower it."))
NOTHING_DRAWN = Sentence("sampling.nothing", N_("Nothing was drawn of deliverable {number}: it is reviewed in full."))
NOT_DRAWN = Sentence("sampling.not_drawn", N_("The sample of deliverable {number} has no row {key}."))
WRONG_WHY = Sentence("sampling.wrong_why", N_("Say what is wrong with it."))
GIVEN = Sentence("sampling.given", N_("Deliverable {number} was {verdict} already: its review is over."))
LOOKED = Sentence("sampling.looked", N_("{looked} of {size} rows looked at, {wrong} wrong"))
Percent = Annotated[Decimal, Ge(Decimal("0.1")), Le(Decimal(50))]


class LookIn(BaseModel):
    """What was found at one row of a sample: its stratum and key, whether it is right, and what is wrong."""

    model_config = ConfigDict(extra="forbid")
    stratum: Annotated[str, Len(1, 8)]
    key: Annotated[str, Len(1, 200)]
    right: bool
    note: Annotated[str, MaxLen(500)] = ""


@action("sampling.proposed", roles=procedures.WRITERS)
def propose_sampling(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    valid_from: date,
    confidence_percent: Annotated[Decimal, Ge(Decimal(50)), Le(Decimal("99.9"))] = Decimal(95),
    margin_percent: Percent = Decimal(5),
    expected_percent: Percent = Decimal(5),
    limit_percent: Annotated[Decimal, Ge(Decimal(0)), Le(Decimal(50))] = Decimal(2),
    why: Annotated[str, MaxLen(2000)] = "",
    work_class: Literal["bpo", "kpo"] = "bpo",
) -> Done:
    """Propose how process work is sampled in review: how sure, within which margin, how many wrong are expected and allowed. The other side agrees."""
    running = _running(by, engagement)
    if work_class == "kpo":
        raise BadInput(work_class=IN_FULL())
    if limit_percent > expected_percent + margin_percent:
        raise BadInput(limit_percent=LIMIT_BELOW(expected=expected_percent, margin=margin_percent))
    Agreement.objects.select_for_update(no_key=True).get(id=running.agreement_id)
    waiting = SamplingPlan.objects.filter(engagement=running, verdict=None).first()
    if waiting is not None:
        number = SamplingPlan.objects.filter(engagement=running).count()
        raise Refuse(PENDING(version=number, side="provider" if waiting.side == "client" else "client"), about=running)
    share = lambda percent: (percent / 100).quantize(Decimal("0.001"))  # noqa: E731
    row = SamplingPlan.objects.create(
        audience_id=running.audience_id,
        engagement=running,
        work_class=work_class,
        confidence=share(confidence_percent),
        margin=share(margin_percent),
        expected=share(expected_percent),
        limit=share(limit_percent),
        # Fixed and told before any bytes are made that it draws from: nobody can choose it afterwards.
        fixed=secrets.token_hex(16),
        valid_from=valid_from,
        why=why.strip(),
        side=procedures.side_of(by, running),
        proposed_by=by.user,
        proposed_by_name=by.name,
        proposed_at=at,
    )
    planned = PLANNED(confidence=row.confidence * 100, margin=row.margin * 100, expected=row.expected * 100, limit=row.limit * 100, fixed=row.fixed)
    return decide(by, at, "sampling.proposed", row, reasons=(planned,), private={"reason": row.why})


@action("sampling.judged", roles=procedures.JUDGES)
def judge_sampling(*, by: By, at: datetime, plan: UUID, verdict: Literal["agreed", "declined"], note: Annotated[str, MaxLen(2000)] = "") -> Done:
    """Agree to a plan that the other side proposed, or decline it with a reason."""
    row = _plan(by, plan)
    if procedures.side_of(by, row.engagement) == row.side:
        raise Refuse(OWN_PROPOSAL(side="provider" if row.side == "client" else "client"), about=row)
    if verdict == "declined" and not note.strip():
        raise BadInput(note=WHY())
    return _judged(by, at, row, verdict, note)


@action("sampling.taken_back", roles=procedures.WRITERS)
def take_back_sampling(*, by: By, at: datetime, plan: UUID, reason: Annotated[str, Len(1, 2000)]) -> Done:
    """Take back a plan that one's own side proposed, while the other has not answered."""
    row = _plan(by, plan)
    if procedures.side_of(by, row.engagement) != row.side:
        raise Refuse(NOT_OWN(), about=row)
    return _judged(by, at, row, "withdrawn", reason)


@action("sample.looked_at", roles=())
def look_at_sample(*, by: By, at: datetime, deliverable: UUID, looks: Annotated[list[LookIn], Len(1, 2000)]) -> Done:
    """Say of rows that were drawn whether each is right or wrong; the reviewer alone does, on the newest bytes. What is said later of a row counts."""
    made = of_key(deliverable)
    work = open_item(made.item_id)
    step = cases.review_of(cases.line_of(work), step_of(work, made.step))
    assert step is not None
    own_step(by, at, work, step)
    is_newest(made, work)
    if given := made.reviews.first():
        raise Refuse(GIVEN(number=made.number, verdict=given.verdict), about=work)
    found = sampled.of(made)
    if found is None:
        raise Refuse(NOTHING_DRAWN(number=made.number), about=work)
    drawn = {(stratum.result.drawn.stratum, row["key"]) for stratum in found.strata for row in stratum.rows}
    if unknown := next((each for each in looks if (each.stratum, each.key) not in drawn), None):
        raise BadInput(looks=NOT_DRAWN(number=made.number, key=unknown.key[:80]))
    if any(not each.right and not each.note.strip() for each in looks):
        raise BadInput(looks=WRONG_WHY())
    assert by.person is not None
    ReviewSampled.objects.bulk_create(
        ReviewSampled(
            audience_id=made.audience_id,
            sample=found.sample,
            stratum=each.stratum,
            key=each.key,
            is_right=each.right,
            note=each.note.strip(),
            looked_by=by.person,
            looked_by_name=by.name,
            looked_at=at,
        )
        for each in looks
    )
    now = sampled.of(made)
    assert now is not None
    told = LOOKED(looked=now.looked, size=now.size, wrong=sum(each.result.wrong for each in now.strata))
    return decide(by, at, "sample.looked_at", found.sample, within=work.period.within(), reasons=(told,))


def _judged(by: By, at: datetime, row: SamplingPlan, verdict: str, note: str) -> Done:
    if given := getattr(row, "verdict", None):
        raise Refuse(JUDGED(version=SamplingPlan.objects.filter(engagement=row.engagement_id, proposed_at__lte=row.proposed_at).count(),
                            verdict=given.verdict, name=given.given_by_name), about=row)  # fmt: skip
    SamplingVerdict.objects.create(
        audience_id=row.audience_id, plan=row, verdict=verdict, note=note.strip(), given_by=by.user, given_by_name=by.name, given_at=at
    )
    kind = "sampling.taken_back" if verdict == "withdrawn" else "sampling.judged"
    return decide(by, at, kind, row, private={"verdict": verdict, "note": note.strip()})


def _plan(by: By, key: UUID) -> SamplingPlan:
    found = SamplingPlan.objects.filter(id=key).values_list("engagement", flat=True).first()
    if found is None:
        raise NotFound(key)
    Agreement.objects.select_for_update(no_key=True).get(id=_running(by, found).agreement_id)
    return SamplingPlan.objects.select_related("engagement__agreement", "verdict").get(id=key)


def _running(by: By, key: UUID) -> Engagement:
    running = Engagement.objects.select_related("agreement").filter(id=key).first()
    if running is None:
        raise NotFound(key)
    if by.organization not in (running.client_id, running.provider_id):
        raise Refuse(NOT_A_PARTY(), about=running)
    return running

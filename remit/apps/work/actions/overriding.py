"""The verb of an override: a qualified person lets a failing check pass, as it is found now, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, Refuse, action
from remit.apps.people import gate
from remit.apps.records import log
from remit.apps.records.context import By
from remit.apps.work import cases, needs, overrides
from remit.apps.work.delivery import within
from remit.apps.work.loading import ASSIGN, NOBODY, open_item
from remit.apps.work.models import Assignment, CheckOverride, WorkItem
from remit.apps.work.papers import read_ahead
from remit.domain.line import Finding, ServiceLine, Step
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import Actor

NOT_FAILING = Sentence("override.not_failing", N_("The check {code} does not fail, or not as you saw it: look at it again."))
SEVERAL = Sentence("override.several", N_("The check {code} fails at {count} places: say which one by its hash."))
NEVER = Sentence("override.never", N_("The check {code} may not be let pass by anybody: {source}."))
PROVIDER_ONLY = Sentence("override.provider", N_("Only a person of the provider lets a check pass."))
OWN_WORK = Sentence("override.own_work", N_("{person} prepares this: another qualified person lets a check pass."))
COVERED = Sentence("override.covered", N_("{person} let it pass already."))
LET_PASS = Sentence("override.let_pass", N_("Let pass: {finding}"))
WHY = Sentence("override.why", N_("Say why it may pass."))


@action("check.overridden", roles=(), prepare=read_ahead, second_factor=True)
def let_pass(
    *, by: By, at: datetime, item: UUID, check: Annotated[str, Len(1, 80)], reason: Annotated[str, Len(1, 2000)], finding: Annotated[str, MaxLen(64)] = ""
) -> Done:
    """Let a failing check pass at hand-in, where its rule names who may. It holds for the finding with these values at this place and for no other.

    `check`: its code, such as recon.explained. `finding`: the hash of what was seen, as the item's page and its checks over the API name it;
    needed where the check fails at several places.
    """
    work = open_item(item)
    line = cases.line_of(work)
    step = cases.working_step(line)
    if by.organization != work.engagement.provider_id or by.person is None:
        raise Refuse(PROVIDER_ONLY(), about=work)
    if not reason.strip():
        raise BadInput(reason=WHY())
    found = _failing(work, line, step, at, check, finding)
    rule = line.rule(found.code)
    if rule.override is None:
        raise Refuse(NEVER(code=check, source=rule.source), about=work)
    asks = Assignment.objects.filter(item=work, step=step.code, ended_at=None).first()
    if asks is None:
        raise Refuse(NOBODY(step=step.says, cure=ASSIGN()), about=work)
    if asks.person_id == by.person:
        raise Refuse(OWN_WORK(person=by.name), about=work)
    verdict = needs.must_pass(by.person, work, overrides.as_step(step, rule), at)
    row = CheckOverride.objects.create(
        audience_id=work.audience_id,
        item=work,
        step=step.code,
        code=check,
        finding=cases.rows_of([found], line)[0],
        finding_sha256=overrides.sha256(found, line),
        reason=reason.strip(),
        asked_by=asks.person_id,
        asked_by_name=asks.person_name,
        allowed_by=by.person,
        allowed_by_name=by.name,
        allowed_at=at,
    )
    evidence = gate.evidence(verdict)
    (entry,) = log.append(
        by,
        at,
        kind="check.overridden",
        outcome="overridden",
        about=row,
        audiences=[row.audience_id],
        within=work.period.within(),
        reasons=(LET_PASS(finding=within(found, line), rule_id=rule.code, rule_source=rule.source), *evidence.pop("reasons", ())),
        overridden_by=(log.actor_of(by), Actor(organization=asks.organization_id, person=asks.person_id)),
        private={"reason": row.reason},
        **evidence,
    )
    return Done("checkoverride", row.id, "", entry)


def _failing(work: WorkItem, line: ServiceLine, step: Step, at: datetime, code: str, finding: str) -> Finding:
    """The one finding that is meant, as the checks find it now."""
    case = cases.case_of(work, at.date())
    if cases.lacking(line, step, case):
        raise BadInput(check=NOT_FAILING(code=code))
    covered = overrides.of_step(work, step)
    errors = [each for checked in step.checks for each in checked(case) if each.code == code and line.rule(code).severity == "error"]
    meant = [each for each in errors if finding in ("", overrides.sha256(each, line))]
    if not meant:
        raise BadInput(check=NOT_FAILING(code=code))
    if len(meant) > 1:
        raise BadInput(finding=SEVERAL(code=code, count=len(meant)))
    if overrides.is_covered(meant[0], line, covered):
        raise Refuse(COVERED(person=covered[overrides.sha256(meant[0], line)].allowed_by_name), about=work)
    return meant[0]

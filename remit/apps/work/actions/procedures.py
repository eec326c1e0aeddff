"""The verbs of procedures: propose a version, agree to it or decline it, take it back, withdraw the procedure, take a new version over on an open item."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Len, MaxLen
from pydantic import BaseModel, ConfigDict

from remit.apps.agreements.models import AgreedEntity, Agreement, Engagement
from remit.apps.organizations.acting import BadInput, Busy, Done, NotFound, Refuse, Upload, action, decide
from remit.apps.organizations.roles import missing, role_for
from remit.apps.records.context import By
from remit.apps.work import procedures
from remit.apps.work.actions.periods import NOT_A_PARTY
from remit.apps.work.actions.planning import NO_SUCH_TASK
from remit.apps.work.loading import open_item
from remit.apps.work.models import (
    Assignment,
    Procedure,
    ProcedureAdoption,
    ProcedureVerdict,
    ProcedureVersion,
    ProcedureWithdrawal,
    StepState,
    WorkItem,
)
from remit.apps.work.waiting import standing, with_standing
from remit.domain.plain import from_plain, to_plain
from remit.domain.reasons import N_, SENTENCES, Reason, Sentence
from remit.domain.tasks import CHECKLIST
from remit.domain.tasks.checklist import Checklist
from remit.domain.tasks.procedure import Fault, ProcedureStep, Written, of_rows, of_text, steps_of, unchanged
from remit.formats import hostile
from remit.formats import procedures as sheets
from remit.formats.table import RULES as TABLE_RULES
from remit.lines import lines

STATED = Sentence("procedure.stated", N_("Version {version} has {count} steps (SHA-256 {sha256})."))
ONE_WAY = Sentence("procedure.one_way", N_("Give the steps one way: as rows, as text or as a file."))
PENDING = Sentence("procedure.pending", N_("Version {version} waits for the {side}'s answer: have it answered or taken back first."))
UNCHANGED = Sentence("procedure.unchanged", N_("It says the same as version {version}."))
EARLIER = Sentence("procedure.earlier", N_("Version {version} holds from {on}: the next one begins that day or later."))
OWN_PROPOSAL = Sentence("procedure.own", N_("The side that proposed it does not agree to it: the {side} does."))
NOT_OWN = Sentence("procedure.not_own", N_("Only the side that proposed it takes it back."))
JUDGED = Sentence("procedure.judged", N_("Version {version} was {verdict} already by {name}."))
WHY = Sentence("procedure.why_not", N_("Say why."))
GONE = Sentence("procedure.gone", N_("{reference} is withdrawn from {on} on."))
NEVER_AGREED = Sentence("procedure.never_agreed", N_("No version of {reference} was agreed: take the proposal back instead."))
NOTHING_NEW = Sentence("procedure.nothing_new", N_("The item carries the version that is in force."))
UNDER_REVIEW = Sentence("procedure.under_review", N_("Deliverable {number} is being judged: take the new version over once it is returned."))
FINISHED = Sentence("procedure.finished", N_("The item is accepted: it stays as it was done."))
BUSY = Sentence("procedure.busy", N_("Too many files are being read at this moment. Try again in a few seconds."))
FILE_TOO_LARGE = Sentence("procedure.too_large", N_("The file has more than {most} bytes: a procedure is far smaller."))

Side = Literal["client", "provider"]
Name = Annotated[str, Len(1, 120)]
Why = Annotated[str, Len(1, 2000)]
MOST_TEXT = 200_000


class StepIn(BaseModel):
    """A step as somebody writes it: without a number it gets the one that follows."""

    model_config = ConfigDict(extra="forbid")
    number: Annotated[str, MaxLen(40)] = ""
    says: Annotated[str, MaxLen(5000)] = ""
    exceptions: Annotated[list[str], MaxLen(100)] = []


def read_file(file: Upload) -> tuple[tuple[Written, ...], tuple[Fault, ...]]:
    """The rows of a sheet, read in a process apart, outside a transaction. Raises Busy, BadInput."""
    if len(file.content) > sheets.LIMITS.file_bytes:
        raise BadInput(file=FILE_TOO_LARGE(most=sheets.LIMITS.file_bytes))
    outcome = hostile.run_limited(sheets.read, file.content, file.name, seconds=10, memory_bytes=400_000_000)
    if isinstance(outcome, hostile.Busy):
        raise Busy(file=BUSY())
    if not isinstance(outcome, hostile.Answer):
        raise BadInput(file=_said(outcome.finding.code, outcome.finding.values))
    brought: sheets.Brought = from_plain(sheets.Brought, to_plain(outcome.value))
    errors = [each for each in brought.findings if each.code not in TABLE_RULES or TABLE_RULES[each.code].severity == "error"]
    return brought.rows, tuple(Fault(each.place.line or 0, _said(each.code, each.values)) for each in errors)


def _said(code: str, values: Any) -> Reason:
    rule = TABLE_RULES.get(code) or hostile.RULES[code]
    SENTENCES.setdefault(code, rule.says)
    return Reason(code, values)


def read_steps(steps: list[StepIn] | None, text: str, file: Upload | None) -> tuple[tuple[ProcedureStep, ...], dict[str, tuple[Reason, ...]]]:
    """The steps, whichever way they are given, and by field what is wrong with them, each with its line."""
    given = [name for name, value in (("steps", steps), ("text", text.strip()), ("file", file)) if value]
    if len(given) > 1:
        return (), {"steps": (ONE_WAY(),)}
    field = given[0] if given else "steps"
    faults: tuple[Fault, ...] = ()
    if file is not None:
        written, faults = read_file(file)
    elif text.strip():
        written, faults = of_text(text)
    else:
        written = tuple(Written(at, each.number, each.says, tuple(each.exceptions)) for at, each in enumerate(steps or (), 1))
    found, more = steps_of(written)
    wrong = (*faults, *(() if faults and not written else more))
    return found, {field: tuple(fault.said() for fault in wrong[:50])} if wrong else {}


def _prepare(*, by: By, at: datetime, steps: list[StepIn] | None = None, text: str = "", file: Upload | None = None, **_more: Any) -> Any:
    return read_steps(steps, text, file)


@action("procedure.proposed", roles=procedures.WRITERS, prepare=_prepare)
def propose_procedure(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    task: str,
    owner: Name,
    owner_side: Side,
    valid_from: date,
    why: Why,
    entity: UUID | None = None,
    steps: list[StepIn] | None = None,
    text: Annotated[str, MaxLen(MOST_TEXT)] = "",
    file: Upload | None = None,
    prepared: Any,
) -> Done:
    """Propose how a task is done, or the next version of it, for one agreed entity or for all: as rows, as numbered text or as a sheet (CSV, XLSX).

    The other side agrees or declines. Items that are opened from `valid_from` on carry an agreed version; open ones keep theirs until it is taken over.
    """
    running = _running(by, engagement)
    line = lines()[running.agreement.service]
    if task not in {each.code for each in line.tasks}:
        raise BadInput(task=NO_SUCH_TASK(service=line.says, task=task[:40]))
    if entity is not None and not AgreedEntity.objects.filter(id=entity, agreement=running.agreement_id).exists():
        raise NotFound(entity)
    # Role and input are asked again here: what was read before the transaction is given on as it was found.
    found, wrong = prepared if prepared is not None else ((), {})
    wrong = wrong | {name: (WHY(),) for name, said in (("why", why), ("owner", owner)) if not said.strip()}
    if wrong:
        raise BadInput(wrong)
    procedure, number = _succeeding(running, task, entity, found, owner, valid_from, at)
    side = procedures.side_of(by, running)
    row = ProcedureVersion.objects.create(
        audience_id=running.audience_id,
        procedure=procedure,
        number=number,
        steps=[step.row() for step in found],
        owner_name=owner.strip(),
        owner_side=owner_side,
        valid_from=valid_from,
        why=why.strip(),
        side=side,
        written_by=by.user,
        written_by_name=by.name,
        written_at=at,
    )
    return decide(by, at, "procedure.proposed", procedure, reasons=(_stated(row),), private={"reason": row.why, "name": row.owner_name})


def _succeeding(
    running: Engagement, task: str, entity: UUID | None, steps: tuple[ProcedureStep, ...], owner: str, valid_from: date, at: datetime
) -> tuple[Procedure, int]:
    """The procedure and the number of its next version; a new one where none stands."""
    _one_at_a_time(running)
    there = Procedure.objects.filter(procedures.reach(entity), engagement=running, task=task, withdrawal=None).order_by("-begun_at").first()
    if there is None:
        made = Procedure(audience_id=running.audience_id, engagement=running, entity_id=entity, service=running.agreement.service, task=task, begun_at=at)
        made.save()
        return made, 1
    versions = list(there.versions.select_related("verdict").order_by("number"))
    last = versions[-1]
    if not hasattr(last, "verdict"):
        raise Refuse(PENDING(version=last.number, side=_other(last.side)), about=there)
    valid = next((each for each in reversed(versions) if each.verdict.verdict == "agreed"), None)
    if valid is not None:
        if of_rows(valid.steps) == steps and valid.owner_name == owner.strip():
            raise BadInput(steps=UNCHANGED(version=valid.number))
        if valid_from < valid.valid_from:
            raise BadInput(valid_from=EARLIER(version=valid.number, on=valid.valid_from))
    return there, last.number + 1


@action("procedure.judged", roles=procedures.JUDGES)
def judge_procedure(*, by: By, at: datetime, proposal: UUID, verdict: Literal["agreed", "declined"], note: Annotated[str, MaxLen(2000)] = "") -> Done:
    """Agree to a version that the other side proposed, or decline it with a reason."""
    row = _proposal(by, proposal)
    if procedures.side_of(by, row.procedure.engagement) == row.side:
        raise Refuse(OWN_PROPOSAL(side=_other(row.side)), about=row.procedure)
    if verdict == "declined" and not note.strip():
        raise BadInput(note=WHY())
    return _judged(by, at, row, verdict, note)


@action("procedure.taken_back", roles=procedures.WRITERS)
def take_back_procedure(*, by: By, at: datetime, proposal: UUID, reason: Why) -> Done:
    """Take back a version that one's own side proposed, while the other has not answered."""
    row = _proposal(by, proposal)
    if procedures.side_of(by, row.procedure.engagement) != row.side:
        raise Refuse(NOT_OWN(), about=row.procedure)
    if not reason.strip():
        raise BadInput(reason=WHY())
    return _judged(by, at, row, "withdrawn", reason)


def _judged(by: By, at: datetime, row: ProcedureVersion, verdict: str, note: str) -> Done:
    if given := getattr(row, "verdict", None):
        raise Refuse(JUDGED(version=row.number, verdict=given.verdict, name=given.given_by_name), about=row.procedure)
    ProcedureVerdict.objects.create(
        audience_id=row.audience_id, version=row, verdict=verdict, note=note.strip(), given_by=by.user, given_by_name=by.name, given_at=at
    )
    kind = "procedure.taken_back" if verdict == "withdrawn" else "procedure.judged"
    return decide(by, at, kind, row.procedure, reasons=(_stated(row),), private={"verdict": verdict, "note": note.strip()})


@action("procedure.withdrawn", roles=procedures.JUDGES)
def withdraw_procedure(*, by: By, at: datetime, procedure: UUID, reason: Why, from_on: date | None = None) -> Done:
    """A procedure holds for no item that is opened from a day on. Items that carry it keep it."""
    found = Procedure.objects.select_related("engagement").filter(id=procedure).first()
    if found is None:
        raise NotFound(procedure)
    _one_at_a_time(_running(by, found.engagement_id))
    if gone := ProcedureWithdrawal.objects.filter(procedure=found).first():
        raise Refuse(GONE(reference=found.reference, on=gone.from_on), about=found)
    if not reason.strip():
        raise BadInput(reason=WHY())
    if not ProcedureVerdict.objects.filter(version__procedure=found, verdict="agreed").exists():
        raise Refuse(NEVER_AGREED(reference=found.reference), about=found)
    waiting = found.versions.filter(verdict=None).first()
    if waiting is not None:
        raise Refuse(PENDING(version=waiting.number, side=_other(waiting.side)), about=found)
    ProcedureWithdrawal.objects.create(
        audience_id=found.audience_id,
        procedure=found,
        from_on=from_on or at.date(),
        reason=reason.strip(),
        withdrawn_by=by.user,
        withdrawn_by_name=by.name,
        withdrawn_at=at,
    )
    return decide(by, at, "procedure.withdrawn", found, private={"reason": reason.strip()})


@action("procedure.adopted", roles=())
def adopt_procedure(*, by: By, at: datetime, item: UUID) -> Done:
    """Have an open item follow the version that is in force now. Steps whose number and words are the same stay ticked; the others are open again."""
    work = open_item(item)
    _may_adopt(by, at, work)
    found = standing(with_standing(WorkItem.objects.filter(id=work.id)).get())
    if found.is_accepted:
        raise Refuse(FINISHED(), about=work)
    if found.made is not None and "returned" not in {getattr(each, "verdict", "") for each in (found.review, found.acceptance)}:
        raise Refuse(UNDER_REVIEW(number=found.made.number), about=work)
    version = procedures.newer(work, at)
    if version is None:
        raise Refuse(NOTHING_NEW(), about=work)
    before = procedures.carried(work)
    _keep_ticks(by, at, work, procedures.steps_of(work), of_rows(version.steps))
    work.answers = work.answers | procedures.frozen(version)
    work.save(update_fields=["answers"])
    ProcedureAdoption.objects.create(
        audience_id=work.audience_id,
        item=work,
        version=version,
        before={name: before[name] for name in ("reference", "version") if name in before},
        adopted_by=by.user,
        adopted_by_name=by.name,
        adopted_at=at,
    )
    return decide(by, at, "procedure.adopted", work, within=work.period.within(), reasons=(_stated(version),))


def _keep_ticks(by: By, at: datetime, work: WorkItem, before: tuple[ProcedureStep, ...], after: tuple[ProcedureStep, ...]) -> None:
    row = StepState.objects.select_for_update().filter(item=work, step=CHECKLIST).first()
    if row is None or row.state is None:
        return
    state: Checklist = from_plain(Checklist, row.state)
    kept = unchanged(before, after)
    gone = [tick.number for tick in state.ticked if tick.number not in kept]
    if not gone:
        return
    row.state = to_plain(Checklist(tuple(tick for tick in state.ticked if tick.number in kept)))
    # Nobody's hand was on the work by it: the move names no person.
    row.journal = row.journal + [{"command": "untick", "values": {"item": number}, "person": "", "name": by.name, "at": at.isoformat()} for number in gone]
    row.version += 1
    row.changed_at = at
    row.save()


def _may_adopt(by: By, at: datetime, work: WorkItem) -> None:
    """Whoever is on the working step, and whoever may agree to procedures on either side."""
    if procedures.side_of(by, work.engagement) == "":
        raise Refuse(NOT_A_PARTY(), about=work)
    if by.person is not None and Assignment.objects.filter(item=work, person=by.person, ended_at=None).exists():
        return
    if isinstance(role_for(by, at, procedures.JUDGES, {"item": work.id}), Reason):
        raise Refuse(missing(by, procedures.JUDGES), about=work)


def _proposal(by: By, key: UUID) -> ProcedureVersion:
    row = ProcedureVersion.objects.select_related("procedure__engagement__agreement").filter(id=key).first()
    if row is None:
        raise NotFound(key)
    _one_at_a_time(_running(by, row.procedure.engagement_id))
    return ProcedureVersion.objects.select_related("procedure__engagement__agreement", "verdict").get(id=key)


def _running(by: By, key: UUID) -> Engagement:
    running = Engagement.objects.select_related("agreement").filter(id=key).first()
    if running is None:
        raise NotFound(key)
    if by.organization not in (running.client_id, running.provider_id):
        raise Refuse(NOT_A_PARTY(), about=running)
    return running


def _one_at_a_time(running: Engagement) -> None:
    """Who comes second waits, and finds what the first did. The agreement is locked, for there may be no procedure yet."""
    Agreement.objects.select_for_update(no_key=True).get(id=running.agreement_id)


def _stated(row: ProcedureVersion) -> Reason:
    return STATED(version=row.number, count=len(row.steps), sha256=procedures.sha256(row.steps))


def _other(side: str) -> str:
    return "provider" if side == "client" else "client"

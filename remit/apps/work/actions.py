"""The business verbs of work: open a period, staff its steps, bring papers, move, hand in, review, accept, close, reopen, seal."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, Upload, action, decide
from remit.apps.people import gate as people_gate
from remit.apps.people.models import Person
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.work import cases, delivery, needs, periods, sealing
from remit.apps.work.models import Acceptance, Assignment, Closing, Deliverable, GivenPack, ItemFile, Period, Reopening, Review, Sealing, StepState, WorkItem
from remit.apps.work.periods import CLOSED, REOPEN
from remit.domain.calendars import Calendar, due
from remit.domain.line import Cannot, Paper, Step
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile

ASSIGNED_OTHER = Sentence("work.not_assigned", N_("{step} is with {person}. Only who is assigned may do it."))
NOBODY = Sentence("work.nobody", N_("Nobody is assigned to {step} yet."))
ASSIGN = Sentence("work.assign", N_("Have a manager of the provider assign someone who passes the gate."))
UNREADABLE = Sentence("paper.refused", N_("{name} is not taken: {findings}"))
NO_MOVE = Sentence("move.cannot", N_("That move is not possible now: {findings}"))
UNKNOWN_COMMAND = Sentence("move.unknown", N_("This step knows no command “{command}”."))
CHECKS_FAIL = Sentence("deliverable.checks", N_("It cannot be handed in while these checks fail: {findings}"))
PAPERS_MISSING = Sentence("deliverable.papers", N_("It cannot be handed in without: {slots}"))
OLD_BYTES = Sentence("review.old_bytes", N_("Deliverable {number} was superseded by {newest}: review the newest bytes."))
NOT_PASSED = Sentence("acceptance.not_passed", N_("Deliverable {number} has not been passed by a reviewer."))
VERDICT_GIVEN = Sentence("review.given", N_("These bytes were {verdict} already."))
NOTE_NEEDED = Sentence("review.note", N_("Who returns work says why."))
NOT_CLIENT = Sentence("acceptance.client", N_("Only the client accepts."))
BLOCKED = Sentence("period.blocked", N_("{period} cannot be closed: {count} things block it."))
NOT_CLOSED = Sentence("period.not_closed", N_("{period} is not closed."))
NOT_SIGNED = Sentence("seal.not_signed", N_("The last entry is not under a signed checkpoint yet. Try again in a moment."))
SEALED = Sentence("seal.twice", N_("{period} is sealed already."))
NOT_SEALED = Sentence("seal.not_sealed", N_("{period} is not sealed yet."))
GIVEN = Sentence("pack.given", N_("The pack of {period} was given already."))
JOINED = Sentence("period.entity", N_("{entity} is not under the agreement in that month."))
TWICE = Sentence("period.twice", N_("This month of {entity} is open already."))

Note = Annotated[str, MaxLen(4000)]


@action("period.opened", roles=("manager", "requester", "administrator"))
def open_period(*, by: By, at: datetime, engagement: UUID, entity: UUID, month: date) -> Done:
    """Open a month of an entity with its work item; what the month before left open comes along."""
    running = Engagement.objects.select_related("agreement").filter(id=engagement).first()
    agreed = AgreedEntity.objects.filter(id=entity, agreement__engagement=engagement).first()
    if running is None or agreed is None:
        raise NotFound(engagement if running is None else entity)
    begins, ends = periods.month_of(month)
    if agreed.joins_on >= ends or (agreed.leaves_on and agreed.leaves_on <= begins):
        raise BadInput(month=JOINED(entity=agreed.name))
    if Period.objects.filter(engagement=running, entity=agreed, begins_on=begins).exists():
        raise BadInput(month=TWICE(entity=agreed.name))
    calendar = Calendar(agreed.facts["country"])
    period = Period(
        audience_id=running.audience_id,
        engagement=running,
        entity=agreed,
        begins_on=begins,
        ends_on=ends,
        close_due_at=due(ends, running.agreement.close_workday - 1, calendar, agreed.facts["zone"]),
        opened_at=at,
    )
    period.save()
    line = cases.lines()[running.agreement.service]
    item = WorkItem(
        audience_id=running.audience_id,
        engagement=running,
        period=period,
        service=line.code,
        edition=line.edition,
        title=line.step(cases.working_step(line).code).says,
        work_class=periods.class_of(running.agreement, cases.working_step(line).task),
        carried=periods.carried_into(period),
        due_at=due(ends, max(running.agreement.close_workday - 3, 0), calendar, agreed.facts["zone"]),
        created_at=at,
    )
    item.save()
    decide(by, at, "period.opened", period, within=period.within())
    return decide(by, at, "item.opened", item, within=period.within())


@action("step.assigned", roles=("manager",))
def assign(*, by: By, at: datetime, item: UUID, step: str, person: UUID) -> Done:
    """Put a person on a step; the gate decides at this moment whether they may. Whoever was on it is taken off."""
    work, what = _item(item, by), step
    asked = _step(work, what)
    verdict = needs.must_pass(person, work, asked, at)
    who = Person.objects.get(id=person)
    Assignment.objects.filter(item=work, step=what, ended_at=None).update(ended_at=at)
    made = Assignment.objects.create(
        audience_id=work.audience_id,
        item=work,
        step=what,
        person=who,
        person_name=who.name,
        organization_id=by.organization,
        assigned_by=by.user,
        assigned_at=at,
    )
    return decide(by, at, "step.assigned", made, within=work.period.within(), private={"person": who.name}, **people_gate.evidence(verdict))


@action("paper.brought", roles=())
def bring_paper(*, by: By, at: datetime, item: UUID, slot: str, file: Upload) -> Done:
    """Bring a file to an item. It is read at once: what is malformed, of another account or month, or does not foot is refused with its line."""
    work = _item(item, by)
    line = cases.line_of(work)
    kind = next((each for each in line.slots if each.code == slot), None)
    if kind is None:
        raise NotFound(slot)
    _may_bring(by, at, work, next(step for step in line.steps if slot in step.slots))
    content = bytes(file.content)
    case = cases.case_of(work, at.date())
    paper = Paper(file.name, delivery.sha256(content), lambda: io.BytesIO(content))
    value, found = cases.read(kind, paper, dict(case.entity))
    found = (*found, *(kind.fits(value, case) if value is not None else ()))
    errors = [finding for finding in found if line.rule(finding.code).severity == "error"]
    if value is None or errors:
        raise BadInput({"file": delivery.refusals(found, line, file.name)})
    stored = files.put(work.audience_id, file.name, content, at)
    if kind.most == 1:
        ItemFile.objects.filter(item=work, slot=slot, superseded_at=None).update(superseded_at=at)
    else:
        ItemFile.objects.filter(item=work, slot=slot, name=file.name, superseded_at=None).update(superseded_at=at)
    brought = ItemFile.objects.create(
        audience_id=work.audience_id,
        item=work,
        slot=slot,
        file=stored,
        name=file.name,
        findings=cases.rows_of(found, line),
        brought_by=by.user,
        brought_by_name=by.name,
        brought_at=at,
    )
    evidence = (EvidenceFile(name=file.name, sha256=stored.sha256, media_type=stored.media_type),)
    return decide(by, at, "paper.brought", brought, within=work.period.within(), files=evidence)


@action("paper.taken_back", roles=())
def take_back_paper(*, by: By, at: datetime, paper: UUID) -> Done:
    """Take a file off an item; the record keeps that it was there."""
    brought = ItemFile.objects.select_for_update().filter(id=paper, superseded_at=None).first()
    if brought is None:
        raise NotFound(paper)
    work = _item(brought.item_id, by)
    _may_bring(by, at, work, next(step for step in cases.line_of(work).steps if brought.slot in step.slots))
    brought.superseded_at = at
    brought.save(update_fields=["superseded_at"])
    return decide(by, at, "paper.taken_back", brought, within=work.period.within())


@action("step.moved", roles=())
def move(*, by: By, at: datetime, item: UUID, step: str, command: str, values: dict[str, Any], version: int | None = None) -> Done:
    """Give one command of a step; the service line says whether the present state allows it."""
    return _moves(by, at, item, step, [(command, values)], version)


@action("suggestions.taken", roles=())
def take_suggestions(*, by: By, at: datetime, item: UUID, step: str, version: int | None = None) -> Done:
    """Take over every suggestion of software that nothing else fits; each is a move in the taker's name."""
    work = _item(item, by)
    asked = _step(work, step)
    assert asked.work is not None
    case = cases.case_of(work, at.date())
    state = case.state(step) or asked.work.start(case)
    sure = [(suggested.command, dict(suggested.values)) for suggested in asked.work.suggest(case, state) if suggested.sure]
    return _moves(by, at, item, step, sure, version)


@action("deliverable.handed_in", roles=())
def hand_in(*, by: By, at: datetime, item: UUID) -> Done:
    """Make the deliverable from the step's state: checks run, the files are rendered once, hashed and stored under one manifest."""
    work = _item(item, by)
    line = cases.line_of(work)
    step = cases.working_step(line)
    _own_step(by, at, work, step)
    case = cases.case_of(work, at.date())
    lacking = [slot.says for slot in line.slots if slot.code in step.slots and len(case.papers.get(slot.code, ())) < slot.least]
    if lacking:
        raise Refuse(PAPERS_MISSING(slots=", ".join(lacking)), about=work)
    found = [finding for check in step.checks for finding in check(case)]
    errors = [finding for finding in found if line.rule(finding.code).severity == "error"]
    if errors:
        raise Refuse(*(CHECKS_FAIL(findings=said) for said in delivery.said(errors, line)), about=work)
    made, manifest, papers = delivery.make(work, line, step, case, found, by, at)
    return decide(by, at, "deliverable.handed_in", made, within=work.period.within(), files=(manifest, *papers), manifest=manifest.sha256)


@action("deliverable.reviewed", roles=())
def review(*, by: By, at: datetime, deliverable: UUID, verdict: Literal["passed", "returned"], note: Note = "") -> Done:
    """Pass or return exactly these bytes. The reviewer is another person of another interest than whoever prepared, and passes the gate now."""
    made = _deliverable(deliverable)
    work = _item(made.item_id, by)
    step = cases.review_of(cases.line_of(work), _step(work, made.step))
    assert step is not None
    _own_step(by, at, work, step)
    _newest(made, work)
    if verdict == "returned" and not note.strip():
        raise BadInput(note=NOTE_NEEDED())
    given = made.reviews.first()
    if given:
        raise Refuse(VERDICT_GIVEN(verdict=given.verdict), about=work)
    delivery.still_the_same(made)
    assert by.person is not None
    row = Review.objects.create(
        audience_id=made.audience_id,
        deliverable=made,
        manifest_sha256=made.manifest_sha256,
        verdict=verdict,
        note=note,
        reviewed_by=by.person,
        reviewed_by_name=by.name,
        reviewed_at=at,
    )
    return decide(by, at, "deliverable.reviewed", row, within=work.period.within(), **delivery.reviewing(made), private={"note": note, "verdict": verdict})


@action("deliverable.accepted", roles=("approver", "signatory"))
def accept(*, by: By, at: datetime, deliverable: UUID, verdict: Literal["accepted", "returned"] = "accepted", note: Note = "") -> Done:
    """The client accepts, or returns with a reason, a deliverable whose newest bytes a reviewer passed."""
    made = _deliverable(deliverable)
    work = _item(made.item_id, by)
    if by.organization != work.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=work)
    _newest(made, work)
    if not made.reviews.filter(verdict="passed", manifest_sha256=made.manifest_sha256).exists():
        raise Refuse(NOT_PASSED(number=made.number), about=work)
    if verdict == "returned" and not note.strip():
        raise BadInput(note=NOTE_NEEDED())
    if given := made.acceptances.first():
        raise Refuse(VERDICT_GIVEN(verdict=given.verdict), about=work)
    delivery.still_the_same(made)
    row = Acceptance.objects.create(
        audience_id=made.audience_id,
        deliverable=made,
        manifest_sha256=made.manifest_sha256,
        verdict=verdict,
        note=note,
        accepted_by=by.user,
        accepted_by_name=by.name,
        accepted_at=at,
    )
    return decide(by, at, "deliverable.accepted", row, within=work.period.within(), **delivery.accepting(made), private={"note": note, "verdict": verdict})


@action("period.closed", roles=("approver", "signatory"))
def close_period(*, by: By, at: datetime, period: UUID) -> Done:
    """Close a period once nothing blocks it; its items are locked from here on."""
    found = Period.objects.select_for_update().select_related("engagement", "entity").filter(id=period).first()
    if found is None:
        raise NotFound(period)
    if by.organization != found.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=found)
    if periods.closing_of(found):
        raise Refuse(CLOSED(period=found.title(), cure=REOPEN()), about=found)
    blockers = periods.blockers(found)
    if blockers:
        raise Refuse(BLOCKED(period=found.title(), count=len(blockers)), *blockers, about=found)
    Closing.objects.create(audience_id=found.audience_id, period=found, closed_by=by.user, closed_by_name=by.name, closed_at=at)
    return decide(by, at, "period.closed", found, within=found.within())


@action("period.reopened", roles=("signatory",))
def reopen_period(*, by: By, at: datetime, period: UUID, reason: Annotated[str, Len(1, 4000)]) -> Done:
    """Open a closed period again; the reason and the person stand in the record, and both seals are kept."""
    found = Period.objects.select_for_update().select_related("engagement", "entity").filter(id=period).first()
    closing = periods.closing_of(found) if found else None
    if found is None:
        raise NotFound(period)
    if closing is None:
        raise Refuse(NOT_CLOSED(period=found.title()), about=found)
    Reopening.objects.create(audience_id=found.audience_id, closing=closing, reason=reason, reopened_by=by.user, reopened_by_name=by.name, reopened_at=at)
    return decide(by, at, "period.reopened", found, within=found.within(), private={"reason": reason})


@action("period.sealed", roles=())
def seal_period(*, by: By, at: datetime, period: UUID) -> Done:
    """Seal a closed period: name the signed head of the log that covers its closing."""
    found, closing = _closed(period)
    if hasattr(closing, "sealing"):
        raise Refuse(SEALED(period=found.title()), about=found)
    head = sealing.head(found)
    if head is None:
        raise BadInput(period=NOT_SIGNED())
    Sealing.objects.create(
        audience_id=found.audience_id,
        closing=closing,
        log_size=head.coverage.size,
        log_root=head.coverage.root,
        checkpoint=head.checkpoint,
        sealed_at=at,
    )
    return decide(by, at, "period.sealed", found, within=found.within(), covers=(head.coverage,))


@action("pack.given", roles=())
def give_pack(*, by: By, at: datetime, period: UUID) -> Done:
    """Make the pack of a sealed period, once, and keep it for every party of the engagement."""
    found, closing = _closed(period)
    seal = Sealing.objects.filter(closing=closing).first()
    if seal is None:
        raise Refuse(NOT_SEALED(period=found.title()), about=found)
    if hasattr(seal, "given"):
        raise Refuse(GIVEN(period=found.title()), about=found)
    packed = sealing.pack(found, at)
    if packed is None:
        raise BadInput(period=NOT_SIGNED())
    stored = files.put(found.audience_id, packed.name, packed.content, at)
    given = GivenPack.objects.create(audience_id=found.audience_id, sealing=seal, pack=stored, name=packed.name, given_at=at)
    evidence = (EvidenceFile(name=packed.name, sha256=stored.sha256, media_type="application/zip"),)
    return decide(by, at, "pack.given", given, files=evidence)


def _closed(key: UUID) -> tuple[Period, Closing]:
    found = Period.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "entity").filter(id=key).first()
    if found is None:
        raise NotFound(key)
    closing = periods.closing_of(found)
    if closing is None:
        raise Refuse(NOT_CLOSED(period=found.title()), about=found)
    return found, closing


def _item(key: UUID, by: By) -> WorkItem:
    """The item, locked, with what the gate needs of it; refused where its period is closed."""
    work = (
        WorkItem.objects.select_for_update(of=("self",)).select_related("engagement__agreement", "period__entity", "period__engagement").filter(id=key).first()
    )
    if work is None:
        raise NotFound(key)
    if periods.closing_of(work.period):
        raise Refuse(CLOSED(period=work.period.title(), cure=REOPEN()), about=work)
    return work


def _step(work: WorkItem, code: str) -> Step:
    step = next((each for each in cases.line_of(work).steps if each.code == code), None)
    if step is None:
        raise NotFound(code)
    return step


def _deliverable(key: UUID) -> Deliverable:
    made = Deliverable.objects.filter(id=key).first()
    if made is None:
        raise NotFound(key)
    return made


def _newest(made: Deliverable, work: WorkItem) -> None:
    newest = Deliverable.objects.filter(item=work).order_by("-number").values_list("number", flat=True)[0]
    if newest != made.number:
        raise Refuse(OLD_BYTES(number=made.number, newest=newest), about=work)


def _own_step(by: By, at: datetime, work: WorkItem, step: Step) -> None:
    """Whoever acts is assigned to the step, and the gate lets them through at this moment, not only when they were assigned."""
    on_it = Assignment.objects.filter(item=work, step=step.code, ended_at=None).first()
    if on_it is None:
        raise Refuse(NOBODY(step=step.says, cure=ASSIGN()), about=work)
    if by.person is None or on_it.person_id != by.person:
        raise Refuse(ASSIGNED_OTHER(step=step.says, person=on_it.person_name, cure=ASSIGN()), about=work)
    needs.must_pass(by.person, work, step, at)


def _may_bring(by: By, at: datetime, work: WorkItem, step: Step) -> None:
    """The client brings its own papers; on the provider's side whoever is assigned to the step that uses them."""
    if by.organization != work.engagement.client_id:
        _own_step(by, at, work, step)


def _moves(by: By, at: datetime, item: UUID, code: str, given: list[tuple[str, dict[str, Any]]], version: int | None) -> Done:
    work = _item(item, by)
    step = _step(work, code)
    if step.work is None:
        raise NotFound(code)
    _own_step(by, at, work, step)
    row, _new = StepState.objects.select_for_update().get_or_create(item=work, step=code, defaults={"audience_id": work.audience_id, "changed_at": at})
    if version is not None and version != row.version:
        raise Stale
    case = cases.case_of(work, at.date())
    state = case.state(code) or step.work.start(case)
    commands = {command.code: command for command in step.work.commands}
    if unknown := next((name for name, _ in given if name not in commands), None):
        raise BadInput(command=UNKNOWN_COMMAND(command=unknown))
    try:
        if len({name for name, _ in given}) == 1 and (many := commands[given[0][0]].many) is not None:
            state = many(case, state, tuple(values for _, values in given))
        else:
            for name, values in given:
                state = commands[name].apply(case, state, values)
    except Cannot as cannot:
        line = cases.line_of(work)
        raise BadInput({"values": [NO_MOVE(findings=said) for said in delivery.said(cannot.findings, line)]}) from cannot
    row.state = cases.dump(state)
    row.journal = row.journal + [{"command": name, "values": values, "person": str(by.person), "name": by.name, "at": at.isoformat()} for name, values in given]
    row.version += 1
    row.changed_at = at
    row.save()
    return decide(by, at, "step.moved", row, within=work.period.within())

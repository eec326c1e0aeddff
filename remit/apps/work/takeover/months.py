"""The first open month of each entity that was taken over: period, item, open questions, unbilled work, and who does it as far as the gate lets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.agreements.taking_over import Taken
from remit.apps.people import gate
from remit.apps.people.models import Person
from remit.apps.records.context import By
from remit.apps.records.keys import reference
from remit.apps.work import cases, needs, periods
from remit.apps.work.models import Assignment, OpeningTime, Period, Request, WorkItem
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import due_on_workday
from remit.domain.gate import Act, Doer, Responsible
from remit.domain.gate import check as judge
from remit.domain.line import Step
from remit.domain.takeover import CalendarRow, EngagementPlan, Plan, plain
from remit.lines import lines


def open_months(by: By, at: datetime, plan: Plan, taken: Taken, people: Mapping[str, UUID]) -> list[WorkItem]:
    """Periods and items of every line of the calendar whose service is delivered here; entries go to `taken`."""
    rows = [(each, row) for each in plan.engagements if each.state == "new" and cases.delivers(lines()[each.service]) for row in each.rows]
    items = [_item(at, taken, each, row) for each, row in rows]
    Period.objects.bulk_create(item.period for item in items)
    WorkItem.objects.bulk_create(items)
    for item in items:
        within = item.period.within()
        taken.entries += [
            {"audience": item.audience_id, "kind": kind, "about": about, "within": within}
            for kind, about in (("period.opened", item.period), ("item.opened", item))
        ]
    _requests(by, at, taken, [(item, row) for item, (_each, row) in zip(items, rows, strict=True)])
    _unbilled(taken, [(item, row) for item, (_each, row) in zip(items, rows, strict=True)])
    _staff(by, at, plan, taken, [(item, row) for item, (_each, row) in zip(items, rows, strict=True)], people)
    return items


def _item(at: datetime, taken: Taken, each: EngagementPlan, row: CalendarRow) -> WorkItem:
    place = (plain(each.client), each.service)
    engagement: Engagement = taken.engagements[place]
    entity: AgreedEntity = taken.entities[*place, plain(row.entity)]
    line = lines()[each.service]
    begins, ends = periods.month_of(row.first_month)
    calendar = calendar_of(entity.facts)
    period = Period(
        reference=reference("PR"),
        audience_id=engagement.audience_id,
        engagement=engagement,
        entity=entity,
        begins_on=begins,
        ends_on=ends,
        close_due_at=due_on_workday(ends, row.due_workday, calendar, row.zone),
        opened_at=at,
    )
    return WorkItem(
        reference=reference("WI"),
        audience_id=engagement.audience_id,
        engagement=engagement,
        period=period,
        service=line.code,
        edition=line.edition,
        title=line.task(cases.working_step(line).task).says,
        work_class=periods.class_of(engagement.agreement, line.task(cases.working_step(line).task)),
        carried=_carried(row),
        due_at=due_on_workday(ends, max(row.due_workday - 2, 1), calendar, row.zone),
        created_at=at,
    )


def _carried(row: CalendarRow) -> Any:
    take_over = lines()[row.service].take_over
    if take_over is None or row.bank_closing is None or row.ledger_closing is None:
        return None
    return cases.dump(take_over(row.bank_closing, row.ledger_closing, row.open_items))


def _requests(by: By, at: datetime, taken: Taken, rows: Iterable[tuple[WorkItem, CalendarRow]]) -> None:
    made = [
        Request(reference=reference("RQ"), audience_id=item.audience_id, item=item, question=question, asked_by=by.user, asked_by_name=by.name, asked_at=at)
        for item, row in rows
        for question in row.requests
    ]
    Request.objects.bulk_create(made)
    taken.entries += [
        {
            "audience": each.audience_id,
            "kind": "request.taken_over",
            "about": each,
            "within": each.item.period.within(),
            "private": {"question": each.question},
            **taken.origins[each.audience_id],
        }
        for each in made
    ]


def _unbilled(taken: Taken, rows: Iterable[tuple[WorkItem, CalendarRow]]) -> None:
    pairs = [
        (
            OpeningTime(
                audience_id=item.audience_id,
                period=item.period,
                service=item.service,
                level=each.level or row.level,
                basis="hour" if each.what == "hour" else "unit",
                measure="" if each.what == "hour" else each.what,
                quantity=each.quantity,
                done_on=each.on,
            ),
            item,
        )
        for item, row in rows
        for each in row.unbilled
    ]
    OpeningTime.objects.bulk_create(time for time, _ in pairs)
    taken.entries += [
        {"audience": time.audience_id, "kind": "time.taken_over", "about": time, "within": item.period.within(), **taken.origins[time.audience_id]}
        for time, item in pairs
    ]


def _staff(by: By, at: datetime, plan: Plan, taken: Taken, rows: Iterable[tuple[WorkItem, CalendarRow]], people: Mapping[str, UUID]) -> None:
    """Whoever the calendar names, where the gate lets them; what it refuses stands in the record with its reasons, and nobody is put there."""
    loaded = {person.id: person for person in Person.objects.filter(id__in=set(people.values())).for_facts()}
    facts = {key: person.facts() for key, person in loaded.items()}
    rules = gate.rule_sets()
    made: list[Assignment] = []
    for item, row in rows:
        responsible: tuple[Responsible, ...] = ()
        if row.responsible:
            known = facts[people[plain(row.responsible)]]
            responsible = (Responsible(person=known.key, credentials=known.credentials or (), experience=known.experience or ()),)
        on: dict[str, UUID] = {}
        for step, name in named(plan, row):
            key = people.get(plain(name))
            if key is None or key not in facts:
                continue
            before = tuple(_doer(loaded[each]) for code, each in on.items() if code in {step.of, *step.need.apart})
            need = needs.need_with(item, step, responsible=responsible, prepared_by=before if step.kind == "review" else ())
            verdict = judge(facts[key], Act.REVIEW if step.kind == "review" else Act.PREPARE, need, at, rules)
            entry = {"audience": item.audience_id, "kind": "step.assigned", "within": item.period.within(), "private": {"person": loaded[key].name}}
            if not verdict.allowed:
                taken.entries.append({**entry, "about": item, "outcome": "refused", "reasons": verdict.reasons, **gate.evidence(verdict)})
                continue
            on[step.code] = key
            assignment = Assignment(
                audience_id=item.audience_id,
                item=item,
                step=step.code,
                person=loaded[key],
                person_name=loaded[key].name,
                organization_id=by.organization,
                assigned_by=by.user,
                assigned_at=at,
            )
            made.append(assignment)
            taken.entries.append({**entry, "about": assignment, **gate.evidence(verdict)})
    Assignment.objects.bulk_create(made)


def named(plan: Plan, row: CalendarRow) -> list[tuple[Step, str]]:
    """Who is to do which step: as the calendar names them, else as the people's own lines say, in the order of the steps."""
    line = lines()[row.service]
    own = {does.step: each.row.name for each in plan.people for does in each.row.does if does.step and plain(does.client) == plain(row.client)}
    working = cases.working_step(line)
    found = []
    for step in line.steps:
        if step.side != "provider" or step.kind == "software":
            continue
        told = row.preparer if step.code == working.code else row.reviewer if step.kind == "review" and step.of == working.code else ""
        if name := told or own.get(step.code, ""):
            found.append((step, name))
    return found


def _doer(person: Person) -> Doer:
    return Doer(person=str(person.id), interest=str(person.operator_id or person.id))

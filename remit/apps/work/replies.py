"""Where a guest's answer by mail lands on an item: its words on the questions asked, its files on the papers that they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from remit.apps.organizations.acting import BadInput, Busy, Done, Upload
from remit.apps.organizations.mailing.landing import Landed, Reply, lands
from remit.apps.records.context import reading
from remit.apps.work import cases, delivery, requests
from remit.apps.work.actions.papers import read_apart, sized
from remit.apps.work.models import Request, WorkItem
from remit.apps.work.papers import Read
from remit.domain.line import Slot
from remit.domain.reasons import N_, Reason, Sentence

ANSWERED = Sentence("reply.answered", N_("Taken as the answer to “{question}”."))
BROUGHT = Sentence("reply.brought", N_("{file} was taken in as {slot}."))
ATTACHED = Sentence("reply.attached", N_("{file} was attached to the answer."))
NO_PLACE = Sentence("reply.no_place", N_("{file} is none of the papers that are wanted: {slots}."))
NOT_WANTED = Sentence("reply.not_wanted", N_("No file is asked for, so {file} was not taken in."))
FAULT = Sentence("reply.fault", N_("{file}: {why}"))
GONE = Sentence("reply.gone", N_("What it was about is not open to you any more."))
MORE = Sentence("reply.more", N_("{file}: {count} more of the kind."))
NOTHING_ASKED = Sentence("reply.nothing_asked", N_("Nothing waits for an answer in words, so what you wrote was not taken in."))
ONLY_FILES = Sentence("reply.only_files", N_("What was written beside the files answers no question and was not kept."))

MOST_FAULTS = 5


@dataclass
class Plan:
    """Which file goes where: with the answer to a request, or as a paper of a slot."""

    with_request: dict[UUID, list[Upload]] = field(default_factory=dict)
    papers: list[tuple[Slot, Upload]] = field(default_factory=list)
    faults: list[Reason] = field(default_factory=list)


@lands("item")
def land_on_item(reply: Reply) -> Landed:
    """Files go where they fit; what is written answers the questions that the mail asked, else all that are open."""
    with reading(reply.by, reply.at):
        work = WorkItem.objects.select_related("period__entity").filter(id=reply.about).first()
        if work is None:
            return Landed(faults=(GONE(),))
        line = cases.line_of(work)
        done, questions = reply.done(), requests.of_item(work) if "answer_request" in reply.acts else []
        open_ones = [each.request for each in questions if each.request.asked_of == "client" and (each.is_open or str(each.request.id) in done)]
    slots = line.slots
    label = {slot.code: slot.says for slot in slots}
    asked = [request for request in open_ones if request.question in reply.asked] or open_ones
    plan = _plan(reply, slots, asked)
    taken: list[Reason] = []
    faults = list(plan.faults)
    for slot, file in plan.papers:
        result = reply.act("bring_paper", f"{slot.code}:{delivery.sha256(file.content)[:16]}", item=reply.about, slot=slot.code, file=file)
        if isinstance(result, Done):
            taken.append(BROUGHT(file=file.name, slot=slot.says))
        else:
            faults += _at(file, result)
    for request in _to_answer(reply, asked, plan):
        files = plan.with_request.get(request.id, [])
        result = reply.act("answer_request", str(request.id), request=request.id, text=reply.text, files=files)
        if not isinstance(result, Done):
            faults += result
            continue
        taken.append(ANSWERED(question=request.question))
        taken += (BROUGHT(file=file.name, slot=label[request.slot]) if request.slot else ATTACHED(file=file.name) for file in files)
    return Landed(tuple(taken), tuple(faults) or _no_words(reply, taken), _lost_words(reply, asked, taken))


def _to_answer(reply: Reply, asked: Sequence[Request], plan: Plan) -> list[Request]:
    """Words answer every question that asks for no paper, and one for a paper only with it, or where nothing else is asked."""
    with_words = [request for request in asked if not request.slot] if reply.text else []
    if reply.text and not with_words and not plan.with_request and not plan.papers and not plan.faults:
        with_words = list(asked)
    chosen = {request.id for request in with_words} | set(plan.with_request)
    return [request for request in asked if request.id in chosen]


def _plan(reply: Reply, slots: Sequence[Slot], asked: Sequence[Request]) -> Plan:
    plan = Plan()
    for_papers = {request.slot: request for request in asked if request.slot}
    free = next((request for request in asked if not request.slot), None)
    may_bring = "bring_paper" in reply.acts
    candidates = sorted((slot for slot in slots if may_bring or slot.code in for_papers), key=lambda slot: slot.code not in for_papers)
    used: set[str] = set()
    for file in reply.files:
        slot, faults = _fitting(reply, [slot for slot in candidates if slot.most > 1 or slot.code not in used], file)
        if slot is not None:
            used.add(slot.code)
            if slot.code in for_papers:
                plan.with_request.setdefault(for_papers[slot.code].id, []).append(file)
            else:
                plan.papers.append((slot, file))
        elif free is not None:
            plan.with_request.setdefault(free.id, []).append(file)
        else:
            plan.faults += faults or [_unwanted(candidates, file)]
    return plan


def _unwanted(candidates: Sequence[Slot], file: Upload) -> Reason:
    return NO_PLACE(file=file.name, slots=[slot.says for slot in candidates]) if candidates else NOT_WANTED(file=file.name)


def _fitting(reply: Reply, slots: Sequence[Slot], file: Upload) -> tuple[Slot | None, list[Reason]]:
    """The first slot that takes the file; else what the slot that could read it finds wrong, with its lines."""
    try:
        name, content = sized(file)
    except BadInput as bad:
        return None, [reason for reasons in bad.errors.values() for reason in reasons]
    unread: list[Reason] = []
    nearest: list[Reason] = []
    for slot in slots:
        got = _read(reply, slot, name, content)
        if isinstance(got, Reason):
            unread = unread or _at(file, [got])
        if got is None or isinstance(got, Reason) or got.value is None:
            continue
        with reading(reply.by, reply.at):
            work = WorkItem.objects.select_related("period__entity").get(id=reply.about)
            line, case = cases.line_of(work), cases.case_of(work, reply.at.date())
        found = (*got.found, *slot.fits(got.value, case))
        errors = [finding for finding in found if line.rule(finding.code).severity == "error"]
        if not errors:
            return slot, []
        nearest = nearest or _at(file, [delivery.within(finding, line) for finding in errors])
    # It is of a kind that is wanted, and something in it is wrong: that is worth more than that it is none of another.
    return None, nearest or unread


def _read(reply: Reply, slot: Slot, name: str, content: bytes) -> Read | Reason | None:
    """As the slot reads it, or why that was given up. Raises Busy."""
    try:
        return read_apart(reply.by, reply.at, reply.about, slot.code, name, content)
    except Busy:
        raise
    except BadInput as bad:
        return next(reason for reasons in bad.errors.values() for reason in reasons)


def _at(file: Upload, reasons: Sequence[Reason]) -> list[Reason]:
    """The first few; a file of another month is wrong in every line."""
    said: list[Reason] = [FAULT(file=file.name, why=_kept(reason)) for reason in reasons[:MOST_FAULTS]]
    return [*said, MORE(file=file.name, count=len(reasons) - MOST_FAULTS)] if len(reasons) > MOST_FAULTS else said


def _kept(reason: Reason) -> Reason:
    """With its finding as a reason within it, so that it is said the same when it is read back."""
    if isinstance(reason, delivery.Said) and "finding" in reason.values:
        return delivery.FOUND_AT(place=reason.values["place"], finding=reason.values["finding"])
    return reason


def _no_words(reply: Reply, taken: Sequence[Reason]) -> tuple[Reason, ...]:
    return (NOTHING_ASKED(),) if reply.text and not taken and not reply.files else ()


def _lost_words(reply: Reply, asked: Sequence[Request], taken: Sequence[Reason]) -> tuple[Reason, ...]:
    return (ONLY_FILES(),) if reply.text and taken and not any(reason.code == ANSWERED.code for reason in taken) else ()

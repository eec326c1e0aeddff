"""The verbs of a question to the client: ask it, answer it, settle the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations import guest_mails, guests
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, Upload, action, decide
from remit.apps.records import files as stored_files
from remit.apps.records.context import By, reading
from remit.apps.work import requests
from remit.apps.work.actions.deliverables import NOTE_NEEDED, Note
from remit.apps.work.actions.papers import read_apart, sized, take_in
from remit.apps.work.loading import open_item
from remit.apps.work.models import Answer, AnswerFile, ItemFile, Request, Settlement, WorkItem
from remit.apps.work.papers import Read
from remit.domain.line import Slot
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.lines import lines

NOT_ASKER = Sentence("request.asker", N_("Only the provider asks: whoever is assigned to the item, or holds the role {roles}."))
NOT_CLIENT = Sentence("request.client", N_("Only the client answers."))
DUE_PAST = Sentence("request.due", N_("It would be needed before it is asked."))
NO_ANSWER = Sentence("request.empty", N_("An answer is a text, a file, or both."))
SETTLED = Sentence("request.settled", N_("This question is settled already."))
ANSWERED = Sentence("request.answered", N_("Your answer is there and waits to be looked at."))
OLD_ANSWER = Sentence("request.old_answer", N_("A later answer stands; settle that one."))
MOST_FILES = 20

Text = Annotated[str, MaxLen(4000)]


@action("request.asked", roles=())
def ask_client(*, by: By, at: datetime, item: UUID, question: Annotated[str, Len(1, 2000)], slot: str = "", due_at: datetime | None = None) -> Done:
    """Ask the client a question about an item, or for a paper of a slot. Guests who may answer get it by mail."""
    work = open_item(item)
    _asks(by, at, work)
    if slot:
        _slot(work, slot)
    if due_at is not None and due_at <= at:
        raise BadInput(due_at=DUE_PAST())
    row = Request(audience_id=work.audience_id, item=work, question=question, slot=slot, due_at=due_at, asked_by=by.user, asked_by_name=by.name, asked_at=at)
    row.save()
    _mail(by, work, question)
    return decide(by, at, "request.asked", row, within=work.period.within(), private={"question": question})


def _read_files(*, by: By, at: datetime, request: UUID, text: str = "", files: Sequence[Upload] | None = None) -> list[Read | Reason | None]:
    with reading(by, at):
        found = Request.objects.filter(id=request).values_list("item", "slot").first()
    got: list[Read | Reason | None] = []
    if found is None or not found[1]:
        return got
    item, slot = found
    for file in (files or ())[:MOST_FILES]:
        try:
            name, content = sized(file)
        except BadInput:
            got.append(None)
        else:
            got.append(read_apart(by, at, item, slot, name, content))
    return got


@action("request.answered", roles=(), prepare=_read_files)
def answer_request(
    *,
    by: By,
    at: datetime,
    request: UUID,
    text: Text = "",
    files: Annotated[list[Upload], MaxLen(MOST_FILES)] | None = None,
    prepared: list[Read | Reason | None],
) -> Done:
    """Answer a question in words, with files, or both, for the client. Files of a slot are read at once, and all are kept or none."""
    asked = Request.objects.filter(id=request).first()
    if asked is None:
        raise NotFound(request)
    work = open_item(asked.item_id)
    if by.organization != work.engagement.client_id:
        raise Refuse(NOT_CLIENT(), about=work)
    state = requests.asked(requests.with_answers(Request.objects.filter(id=request)).get()).state
    if state != "open":
        raise Refuse(SETTLED() if state == "settled" else ANSWERED(), about=work)
    if not text.strip() and not files:
        raise BadInput(text=NO_ANSWER())
    row = Answer.objects.create(
        audience_id=work.audience_id, request=asked, text=text.strip(), answered_by=by.user, link_id=by.link, answered_by_name=by.name, answered_at=at
    )
    evidence = _keep(by, at, work, row, files or [], prepared)
    return decide(by, at, "request.answered", row, within=work.period.within(), files=evidence, private={"answer": row.text})


@action("request.settled", roles=())
def settle_request(*, by: By, at: datetime, answer: UUID, verdict: Literal["accepted", "returned"] = "accepted", note: Note = "") -> Done:
    """Accept an answer, or return it with what is still missing; the question is then open again."""
    given = Answer.objects.select_related("request").filter(id=answer).first()
    if given is None:
        raise NotFound(answer)
    work = open_item(given.request.item_id)
    _asks(by, at, work)
    if requests.asked(requests.with_answers(Request.objects.filter(id=given.request_id)).get()).state == "settled":
        raise Refuse(SETTLED(), about=work)
    if Answer.objects.filter(request=given.request_id).order_by("-answered_at", "-id").values_list("id", flat=True)[0] != given.id:
        raise Refuse(OLD_ANSWER(), about=work)
    if Settlement.objects.filter(answer=given).exists():
        raise Refuse(OLD_ANSWER(), about=work)
    if verdict == "returned" and not note.strip():
        raise BadInput(note=NOTE_NEEDED())
    row = Settlement.objects.create(
        audience_id=work.audience_id, answer=given, verdict=verdict, note=note.strip(), settled_by=by.user, settled_by_name=by.name, settled_at=at
    )
    if verdict == "returned":
        _mail(by, work, given.request.question, note.strip())
    return decide(by, at, "request.settled", row, within=work.period.within(), private={"note": row.note, "verdict": verdict})


def _asks(by: By, at: datetime, work: WorkItem) -> None:
    if not requests.may_ask(by, at, work):
        raise Refuse(NOT_ASKER(roles=", ".join(requests.ASKERS)), about=work)


def _slot(work: WorkItem, code: str) -> Slot:
    found = next((each for each in lines()[work.service].slots if each.code == code), None)
    if found is None:
        raise NotFound(code)
    return found


def _mail(by: By, work: WorkItem, question: str, note: str = "") -> None:
    for link in guests.in_force(work.id, "answer_request"):
        if link.organization_id == work.engagement.client_id:
            guest_mails.send_question(by, link, work.title, [requests.OPEN(question=question)], note)


def _keep(by: By, at: datetime, work: WorkItem, row: Answer, files: Sequence[Upload], prepared: Sequence[Read | Reason | None]) -> tuple[EvidenceFile, ...]:
    """The answer's files; what a slot does not take is said for every file at once, and then nothing of the answer stays."""
    slot = _slot(work, row.request.slot) if row.request.slot else None
    faults: dict[str, list[Reason]] = {}
    evidence = []
    for number, file in enumerate(files):
        try:
            name, content = sized(file)
            paper = take_in(by, at, work, slot, name, content, prepared[number]).id if slot else None
        except (NotFound, Stale):
            raise
        except BadInput as bad:
            faults[f"files.{number}"] = [reason for reasons in bad.errors.values() for reason in reasons]
            continue
        kept = ItemFile.objects.select_related("file").get(id=paper).file if paper else stored_files.put(work.audience_id, name, content, at)
        AnswerFile.objects.create(audience_id=work.audience_id, answer=row, name=name, file=kept, paper_id=paper)
        evidence.append(EvidenceFile(name=name, sha256=kept.sha256, media_type=kept.media_type))
    if faults:
        raise BadInput(faults)
    return tuple(evidence)

"""The verbs of a question between the two sides: ask it, answer it, settle the answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, Upload, action, decide
from remit.apps.records import files as stored_files
from remit.apps.records.context import By, reading
from remit.apps.work import asking, requests
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
NOT_CLIENT_ASKER = Sentence("request.client_asker", N_("Only the client asks the provider: whoever holds the role {roles}."))
NOT_CLIENT = Sentence("request.client", N_("Only the client answers."))
NOT_PROVIDER = Sentence("request.provider", N_("Only the provider answers: whoever is named, assigned to the item, or holds the role {roles}."))
DUE_PAST = Sentence("request.due", N_("It would be needed before it is asked."))
DUE_FAR = Sentence("request.due_far", N_("It would be needed in more than a year. Choose an earlier day."))
BLANK = Sentence("request.blank", N_("Write what you want to know."))
NO_ANSWER = Sentence("request.empty", N_("An answer is a text, a file, or both."))
NO_SUCH_CHOICE = Sentence("request.choice", N_("Choose one of the answers that are offered: {options}."))
SETTLED = Sentence("request.settled", N_("This question is settled already."))
WITHDRAWN = Sentence("request.withdrawn", N_("{name} has taken this question back; it needs no answer."))
ANSWERED = Sentence("request.answered", N_("Your answer is there and waits to be looked at."))
OLD_ANSWER = Sentence("request.old_answer", N_("A later answer stands; settle that one."))
MOST_FILES = 20
FARTHEST = timedelta(days=366)

Text = Annotated[str, MaxLen(4000)]
Asked = Annotated[str, Len(1, 2000)]
Concerns = Annotated[str, MaxLen(300)]
Options = Annotated[list[Annotated[str, Len(1, 200)]], MaxLen(6)]
Owner = Annotated[str, MaxLen(120)]


@action("request.asked", roles=())
def ask_client(
    *,
    by: By,
    at: datetime,
    item: UUID,
    question: Asked,
    slot: str = "",
    due_at: datetime | None = None,
    concerns: Concerns = "",
    options: Options | None = None,
    blocks: bool = True,
    owner: Owner = "",
) -> Done:
    """Ask the client a question about an item, or for a paper of a slot. Guests who may answer get it by mail. While it `blocks`, the item's clock stands."""
    work = open_item(item)
    may_ask(by, at, work, "provider")
    if slot:
        slot_of(work, slot)
    asked = asking.Question(question, slot, concerns, options or (), blocks, owner, due_at)
    return _ask(by, at, work, "client", asked)


@action("request.asked", roles=())
def ask_provider(
    *,
    by: By,
    at: datetime,
    item: UUID,
    question: Asked,
    due_at: datetime | None = None,
    concerns: Concerns = "",
    options: Options | None = None,
    blocks: bool = True,
    owner: Owner = "",
) -> Done:
    """Ask the provider a question about an item. While it `blocks`, acceptance and closing wait for the answer."""
    work = open_item(item)
    may_ask(by, at, work, "client")
    return _ask(by, at, work, "provider", asking.Question(question, "", concerns, options or (), blocks, owner, due_at))


def _ask(by: By, at: datetime, work: WorkItem, side: str, asked: asking.Question) -> Done:
    is_sound(at, asked.question, asked.due_at)
    row = asking.place(by, at, work, side, asked, asking.plan_of(work.engagement_id))
    asking.tell_guests(by, work, [row])
    return decide(by, at, "request.asked", row, within=work.period.within(), private={"question": asked.question} | owner_of(row.owner_name))


def _read_files(*, by: By, at: datetime, request: UUID, files: Sequence[Upload] | None = None, **_words: str) -> list[Read | Reason | None]:
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
    choice: Annotated[str, MaxLen(200)] = "",
    files: Annotated[list[Upload], MaxLen(MOST_FILES)] | None = None,
    prepared: list[Read | Reason | None],
) -> Done:
    """Answer a question in words, by one of its choices, with files, or all of them. Files of a slot are read at once, and all are kept or none."""
    asked = Request.objects.filter(id=request).first()
    if asked is None:
        raise NotFound(request)
    work = open_item(asked.item_id)
    found = stand(request)
    if not requests.may_answer(by, at, work, found):
        raise Refuse(NOT_CLIENT() if asked.asked_of == "client" else NOT_PROVIDER(roles=", ".join(requests.ASKERS)), about=work)
    still_waits(found, work)
    if choice and choice not in asked.options:
        raise BadInput(choice=NO_SUCH_CHOICE(options=list(asked.options)))
    if not text.strip() and not files and not choice:
        raise BadInput(text=NO_ANSWER())
    row = Answer.objects.create(
        audience_id=work.audience_id,
        request=asked,
        text=text.strip(),
        choice=choice,
        answered_by=by.user,
        link_id=by.link,
        answered_by_name=by.name,
        answered_at=at,
    )
    asking.end_reminders(asked, at)
    evidence = _keep(by, at, work, row, files or [], prepared)
    said = "\n".join(filter(None, (choice, row.text)))
    return decide(by, at, "request.answered", row, within=work.period.within(), files=evidence, private={"answer": said})


@action("request.settled", roles=())
def settle_request(
    *, by: By, at: datetime, answer: UUID, verdict: Literal["accepted", "returned"] = "accepted", note: Note = "", due_at: datetime | None = None
) -> Done:
    """Accept an answer, or return it with what is still missing, and by when; the question then waits again."""
    given = Answer.objects.select_related("request").filter(id=answer).first()
    if given is None:
        raise NotFound(answer)
    return settle(by, at, given, verdict, note, due_at)


@action("request.settled", roles=())
def accept_answers(*, by: By, at: datetime, answers: Annotated[list[UUID], Len(1, 100)]) -> Done:
    """Accept several answers at once: all or none. Each gets its own entry."""
    found = {row.id: row for row in Answer.objects.select_related("request").filter(id__in=answers)}
    if lacking := next((key for key in answers if key not in found), None):
        raise NotFound(lacking)
    ordered = sorted(found.values(), key=lambda row: (row.request.item_id, row.answered_at))
    return [settle(by, at, row, "accepted", "", None) for row in ordered][-1]


def settle(by: By, at: datetime, given: Answer, verdict: Literal["accepted", "returned"], note: str, due_at: datetime | None) -> Done:
    """One verdict on one answer, inside an action."""
    work = open_item(given.request.item_id)
    may_ask(by, at, work, requests.OTHER[given.request.asked_of])
    found = stand(given.request_id)
    if found.state == "accepted":
        raise Refuse(SETTLED(), about=work)
    if found.newest is None or found.newest.id != given.id or found.state != "submitted":
        raise Refuse(OLD_ANSWER(), about=work)
    if verdict == "returned" and not note.strip():
        raise BadInput(note=NOTE_NEEDED())
    needed = None
    if verdict == "returned":
        is_sound(at, "?", due_at)
        plan = asking.plan_of(work.engagement_id)
        still = found.due_at if found.due_at is not None and found.due_at > at else None
        needed = due_at or still or asking.usual_due(work, at, plan)
        asking.plan_reminders(given.request, work, needed, at, plan)
    row = Settlement.objects.create(
        audience_id=work.audience_id,
        answer=given,
        verdict=verdict,
        note=note.strip(),
        due_at=needed,
        settled_by=by.user,
        settled_by_name=by.name,
        settled_at=at,
    )
    if verdict == "returned":
        asking.tell_guests(by, work, [given.request], note.strip())
    return decide(by, at, "request.settled", row, within=work.period.within(), private={"note": row.note, "verdict": verdict})


def stand(request: UUID) -> requests.Asked:
    """Where a request stands now."""
    return requests.asked(requests.with_answers(Request.objects.filter(id=request)).get())


def still_waits(found: requests.Asked, work: WorkItem) -> None:
    """Refuses what waits for no answer: it is there, settled, or taken back."""
    if found.state == "withdrawn":
        raise Refuse(WITHDRAWN(name=found.request.withdrawal.withdrawn_by_name), about=work)
    if not found.is_open:
        raise Refuse(SETTLED() if found.state == "accepted" else ANSWERED(), about=work)


def may_ask(by: By, at: datetime, work: WorkItem, side: str) -> None:
    """Refuses whoever does not ask, and settle, for that side."""
    if requests.side_of(by, work) == side and requests.may_ask(by, at, work):
        return
    roles = ", ".join(requests.ASKERS if side == "provider" else requests.CLIENT_ASKERS)
    raise Refuse(NOT_ASKER(roles=roles) if side == "provider" else NOT_CLIENT_ASKER(roles=roles), about=work)


def is_sound(at: datetime, question: str, due_at: datetime | None) -> None:
    """Refuses a question without words, and a time that is past or out of sight."""
    if not question.strip():
        raise BadInput(question=BLANK())
    if due_at is not None and due_at <= at:
        raise BadInput(due_at=DUE_PAST())
    if due_at is not None and due_at > at + FARTHEST:
        raise BadInput(due_at=DUE_FAR())


def owner_of(name: str) -> dict[str, str]:
    """Who is to answer, as an entry keeps it."""
    return {"owner": name} if name else {}


def slot_of(work: WorkItem, code: str) -> Slot:
    """The slot of that code; NotFound where the service line has none."""
    found = next((each for each in lines()[work.service].slots if each.code == code), None)
    if found is None:
        raise NotFound(code)
    return found


def _keep(by: By, at: datetime, work: WorkItem, row: Answer, files: Sequence[Upload], prepared: Sequence[Read | Reason | None]) -> tuple[EvidenceFile, ...]:
    """The answer's files; what a slot does not take is said for every file at once, and then nothing of the answer stays."""
    slot = slot_of(work, row.request.slot) if row.request.slot else None
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

"""The verbs of what went wrong: raise a complaint, a dispute or an incident; answer it; say what it came to; send and record notices."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Ge, Gt, Le, Len, MaxLen

from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.work import matters
from remit.apps.work.actions.papers import sized
from remit.apps.work.models import Matter, MatterStep, WorkItem
from remit.domain.matters import CATEGORIES, ENDS
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile

RAISERS = ("requester", "manager", "approver", "signatory", "administrator", "biller")
NO_SIDE = Sentence("matter.side", N_("Only the client and the provider say what went wrong between them."))
ONLY_CLIENT = Sentence("matter.client", N_("A complaint is the client’s; raise a dispute or an incident instead."))
CATEGORY = Sentence("matter.category", N_("This is no kind of it: choose one of {choices}."))
BLANK = Sentence("matter.blank", N_("Say what happened."))
DISPUTED_WHAT = Sentence("matter.disputed", N_("Name the item or the invoice that is disputed."))
AMOUNT = Sentence("matter.amount", N_("Say how much of the invoice is disputed."))
DETECTED = Sentence("matter.detected", N_("Say when it was detected: the clock of its notices runs from then."))
LATER = Sentence("matter.later", N_("This moment is still to come."))
BACKWARDS = Sentence("matter.backwards", N_("It was detected before it happened."))
OVER = Sentence("matter.over", N_("{reference} is over: {state}."))
NOT_ANSWERER = Sentence("matter.not_answerer", N_("The answer is the other side’s to give."))
NOTHING_DUE = Sentence("matter.nothing_due", N_("No answer is due: the other side looks at the last one."))
NOT_ANSWERED = Sentence("matter.not_answered", N_("It is not answered yet: withdraw it, or wait for the answer."))
NOT_RAISER = Sentence("matter.not_raiser", N_("Whoever raised it says what it came to; the other side can uphold it."))
NOT_OF_KIND = Sentence("matter.not_of_kind", N_("A matter of this kind does not come to that."))
NO_NOTICE = Sentence("matter.no_notice", N_("{reference} asks for no notice {notice}."))
NOT_OWED_BY = Sentence("matter.notice_side", N_("This notice is the other side’s to send."))
SENT = Sentence("matter.notice_sent", N_("This notice is settled already."))
WHY = Sentence("matter.why", N_("Say why."))
NOTICES_OPEN = Sentence("matter.notices_open", N_("Notices are open: {count}. Send them, or say why they are not owed."))

Says = Annotated[str, Len(1, 4000)]
Kind = Literal["complaint", "dispute", "incident"]


@action("matter.raised", roles=RAISERS)
def raise_matter(
    *,
    by: By,
    at: datetime,
    engagement: UUID,
    kind: Kind,
    category: Annotated[str, Len(1, 16)],
    says: Says,
    severity: Literal["high", "medium", "low"] = "medium",
    item: UUID | None = None,
    invoice: Annotated[str, MaxLen(40)] = "",
    line: Annotated[int, Ge(1), Le(9999)] | None = None,
    amount: Annotated[Decimal, Gt(Decimal(0)), Le(Decimal(10**11))] | None = None,
    occurred_at: datetime | None = None,
    detected_at: datetime | None = None,
) -> Done:
    """Say what went wrong: a complaint of the client, a dispute of one item or one line of an invoice, an incident. Nothing else stops for it.

    What is disputed of an invoice is not due until the dispute is over. An incident's clock runs from when it was detected; the law's notices go by it.
    """
    running = Engagement.objects.select_for_update(of=("self",), no_key=True).filter(id=engagement).first()
    if running is None:
        raise NotFound(engagement)
    side = _side(by, running)
    if kind == "complaint" and side != "client":
        raise Refuse(ONLY_CLIENT(), about=running)
    _checked(kind, category, says, item, invoice, amount, occurred_at, detected_at, at)
    about = WorkItem.objects.filter(id=item, engagement=running).first() if item else None
    if item and about is None:
        raise NotFound(item)
    row = Matter(
        audience_id=running.audience_id,
        engagement=running,
        item=about,
        kind=kind,
        category=category,
        severity=severity,
        says=says.strip(),
        invoice=invoice.strip(),
        line=line,
        amount=amount,
        occurred_at=occurred_at,
        detected_at=detected_at,
        notices=matters.notices(running, category, detected_at) if detected_at else [],
        answer_due_at=None if kind == "incident" else matters.answer_due(running, at),
        raised_side=side,
        raised_by=by.user,
        raised_by_name=by.name,
        raised_at=at,
    )
    row.save()
    within = about.period.within() if about else None
    return decide(by, at, "matter.raised", row, within=within, private={"reason": row.says, "name": by.name})


@action("matter.answered", roles=RAISERS)
def answer_matter(*, by: By, at: datetime, matter: UUID, says: Says, measures: Annotated[str, MaxLen(4000)] = "") -> Done:
    """Answer a complaint or a dispute: what it came from, what is done about it, and what so that it does not happen again."""
    found, side = _open(by, at, matter)
    if found.answers != side:
        raise Refuse(NOT_ANSWERER() if found.answers else NOTHING_DUE(), about=found.row)
    return _step(by, at, found, side, "answered", says, measures=measures)


@action("matter.settled", roles=RAISERS)
def settle_matter(
    *,
    by: By,
    at: datetime,
    matter: UUID,
    outcome: Literal["settled", "not_settled", "upheld", "agreed", "withdrawn"],
    says: Annotated[str, MaxLen(4000)] = "",
) -> Done:
    """Say what a complaint or a dispute came to. Whoever raised it settles, withdraws or answers back; the other side can uphold a dispute."""
    found, side = _open(by, at, matter)
    kind = found.row.kind
    if outcome not in ENDS[kind] | {"not_settled"} or kind == "incident":
        raise BadInput(outcome=NOT_OF_KIND())
    if (side == found.row.raised_side) == (outcome == "upheld"):
        raise Refuse(NOT_RAISER(), about=found.row)
    if outcome in ("settled", "not_settled", "agreed") and found.answers:
        raise Refuse(NOT_ANSWERED(), about=found.row)
    if outcome != "settled" and not says.strip():
        raise BadInput(says=WHY())
    return _step(by, at, found, side, outcome, says)


@action("matter.notified", roles=RAISERS)
def record_notice(
    *,
    by: By,
    at: datetime,
    matter: UUID,
    notice: Annotated[str, Len(1, 80)],
    sent_at: datetime | None = None,
    says: Annotated[str, MaxLen(4000)] = "",
    file: Upload | None = None,
    owed: bool = True,
) -> Done:
    """Say that a notice of an incident was sent (now, or when), with its receipt; or, with `owed` false, why the law asks for none here."""
    found, side = _open(by, at, matter)
    asked = next((each for each in found.notices if each.id == notice), None)
    if asked is None:
        raise BadInput(notice=NO_NOTICE(reference=found.row.reference, notice=notice))
    if asked.owed_by != side:
        raise Refuse(NOT_OWED_BY(), about=found.row)
    if asked.step is not None:
        raise Refuse(SENT(), about=found.row)
    if not owed and not says.strip():
        raise BadInput(says=WHY())
    if sent_at is not None and sent_at > at:
        raise BadInput(sent_at=LATER())
    moment = (sent_at or at) if owed else None
    return _step(by, at, found, side, "notified" if owed else "not_owed", says, notice=notice, sent_at=moment, file=file)


@action("matter.closed", roles=RAISERS)
def close_incident(*, by: By, at: datetime, matter: UUID, says: Says, measures: Annotated[str, Len(1, 4000)]) -> Done:
    """Close an incident with its cause and what is done so that it does not happen again; every notice is sent by then, or said not to be owed."""
    found, side = _open(by, at, matter)
    if found.row.kind != "incident":
        raise BadInput(matter=NOT_OF_KIND())
    if waiting := [each for each in found.notices if each.step is None]:
        raise Refuse(NOTICES_OPEN(count=len(waiting)), about=found.row)
    return _step(by, at, found, side, "closed", says, measures=measures)


def _checked(
    kind: str,
    category: str,
    says: str,
    item: UUID | None,
    invoice: str,
    amount: Decimal | None,
    occurred_at: datetime | None,
    detected_at: datetime | None,
    at: datetime,
) -> None:
    if category not in CATEGORIES[kind]:
        raise BadInput(category=CATEGORY(choices=", ".join(CATEGORIES[kind])))
    if not says.strip():
        raise BadInput(says=BLANK())
    if kind == "dispute" and item is None and not invoice.strip():
        raise BadInput(invoice=DISPUTED_WHAT())
    if kind == "dispute" and invoice.strip() and amount is None:
        raise BadInput(amount=AMOUNT())
    if kind == "incident" and detected_at is None:
        raise BadInput(detected_at=DETECTED())
    if any(moment is not None and moment > at for moment in (occurred_at, detected_at)):
        raise BadInput(detected_at=LATER())
    if occurred_at is not None and detected_at is not None and detected_at < occurred_at:
        raise BadInput(detected_at=BACKWARDS())


def _side(by: By, running: Engagement) -> str:
    side = {running.client_id: "client", running.provider_id: "provider"}.get(by.organization, "")
    if not side:
        raise Refuse(NO_SIDE(), about=running)
    return side


def _open(by: By, at: datetime, key: UUID) -> tuple[matters.Stood, str]:
    """The matter as it stands, locked, and the side of whoever acts; refused where it is over."""
    row = Matter.objects.filter(id=key).first()
    if row is None:
        raise NotFound(key)
    Engagement.objects.select_for_update(of=("self",), no_key=True).get(id=row.engagement_id)
    (found,) = matters.stand(Matter.objects.filter(id=key), at)
    side = _side(by, found.row.engagement)
    if found.is_over:
        raise Refuse(OVER(reference=row.reference, state=found.state), about=row)
    return found, side


def _step(
    by: By,
    at: datetime,
    found: matters.Stood,
    side: str,
    step: str,
    says: str,
    *,
    measures: str = "",
    notice: str = "",
    sent_at: datetime | None = None,
    file: Upload | None = None,
) -> Done:
    row, stored, name = found.row, None, ""
    evidence: tuple[EvidenceFile, ...] = ()
    if file is not None:
        name, content = sized(file)
        stored = files.put(row.audience_id, name, content, at)
        evidence = (EvidenceFile(name=name, sha256=stored.sha256, media_type=stored.media_type),)
    made = MatterStep.objects.create(
        audience_id=row.audience_id,
        matter=row,
        step=step,
        says=says.strip(),
        measures=measures.strip(),
        notice=notice,
        sent_at=sent_at,
        file=stored,
        name=name,
        side=side,
        done_by=by.user,
        done_by_name=by.name,
        done_at=at,
    )
    kind = {"answered": "matter.answered", "notified": "matter.notified", "not_owed": "matter.notified", "closed": "matter.closed"}.get(step, "matter.settled")
    private = {"answer": made.says, "note": made.measures, "verdict": step}
    return decide(by, at, kind, made, files=evidence, private={label: value for label, value in private.items() if value})

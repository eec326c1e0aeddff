"""The verbs of a filing: say that it was sent, bring the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Upload, action, decide
from remit.apps.organizations.roles import lacks
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.work import delivery, requests
from remit.apps.work.actions.papers import sized
from remit.apps.work.loading import open_item
from remit.apps.work.models import Acceptance, Deliverable, Filing, Receipt, WorkItem
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile

OF_CLIENT = ("approver", "signatory", "requester")
NOT_A_FILER = Sentence("filing.filer", N_("Only the client ({roles}) or whoever does the work at the provider says what was filed."))
NOT_ACCEPTED = Sentence("filing.not_accepted", N_("Only what the client has accepted is filed; deliverable {number} is not."))
NOTHING_MADE = Sentence("filing.nothing", N_("Nothing is handed in yet that could be filed."))
NO_AUTHORITY = Sentence("filing.authority", N_("Name the authority that it was sent to."))
SENT_LATER = Sentence("filing.later", N_("This moment is still to come."))
SENT_BEFORE = Sentence("filing.before", N_("It was accepted at {accepted_at}: it cannot have been sent before."))
SENT_TWICE = Sentence("filing.twice", N_("Deliverable {number} was sent already; bring its receipt."))
RECEIPT_BEFORE = Sentence("filing.receipt_before", N_("It was sent at {sent_at}: the authority cannot have had it before."))
RECEIPT_TWICE = Sentence("filing.receipt_twice", N_("Its receipt is here already."))


@action("filing.sent", roles=())
def send_filing(
    *,
    by: By,
    at: datetime,
    item: UUID,
    authority: Annotated[str, MaxLen(160)] = "",
    sent_by_name: Annotated[str, Len(1, 120)] | None = None,
    sent_at: datetime | None = None,
) -> Done:
    """Say that the accepted deliverable was sent to the authority, by whom and when (by whoever says so, now). It is filed once the receipt is here."""
    work = open_item(item)
    _files(by, at, work)
    made = Deliverable.objects.filter(item=work).order_by("-number").first()
    if made is None:
        raise Refuse(NOTHING_MADE(), about=work)
    accepted = Acceptance.objects.filter(deliverable=made, verdict="accepted", deliverable__reopening=None).first()
    if accepted is None:
        raise Refuse(NOT_ACCEPTED(number=made.number), about=work)
    if Filing.objects.filter(deliverable=made).exists():
        raise Refuse(SENT_TWICE(number=made.number), about=work)
    whom = authority.strip() or str(work.deadline.get("authority", ""))
    if not whom:
        raise BadInput(authority=NO_AUTHORITY())
    sent = sent_at or at
    if sent > at:
        raise BadInput(sent_at=SENT_LATER())
    if sent < accepted.accepted_at:
        raise BadInput(sent_at=SENT_BEFORE(accepted_at=accepted.accepted_at))
    row = Filing.objects.create(
        audience_id=work.audience_id,
        item=work,
        deliverable=made,
        authority=whom,
        sent_by=by.person if sent_by_name is None else None,
        sent_by_name=(sent_by_name or by.name).strip(),
        sent_at=sent,
        told_by=by.user,
        told_by_name=by.name,
        told_at=at,
    )
    evidence = delivery.accepting(made)
    return decide(by, at, "filing.sent", row, within=work.period.within(), **evidence, private={"person": row.sent_by_name, "authority": row.authority})


@action("filing.received", roles=())
def bring_receipt(*, by: By, at: datetime, filing: UUID, file: Upload, received_at: datetime | None = None) -> Done:
    """Bring the authority's receipt: its bytes are kept, and the filing counts from when the authority had it."""
    name, content = sized(file)
    sent = Filing.objects.filter(id=filing).first()
    if sent is None:
        raise NotFound(filing)
    work = open_item(sent.item_id)
    _files(by, at, work)
    if Receipt.objects.filter(filing=sent).exists():
        raise Refuse(RECEIPT_TWICE(), about=work)
    received = received_at or at
    if received > at:
        raise BadInput(received_at=SENT_LATER())
    if received < sent.sent_at:
        raise BadInput(received_at=RECEIPT_BEFORE(sent_at=sent.sent_at))
    stored = files.put(work.audience_id, name, content, at)
    row = Receipt.objects.create(
        audience_id=work.audience_id,
        filing=sent,
        file=stored,
        name=name,
        received_at=received,
        brought_by=by.user,
        brought_by_name=by.name,
        brought_at=at,
    )
    evidence = (EvidenceFile(name=name, sha256=stored.sha256, media_type=stored.media_type),)
    return decide(by, at, "filing.received", row, within=work.period.within(), files=evidence)


def may_file(by: By, at: datetime, work: WorkItem) -> bool:
    """Whether somebody says of an item what was filed."""
    if by.organization != work.engagement.client_id:
        return requests.may_ask(by, at, work)
    return lacks(by, at, OF_CLIENT, entity=work.period.entity.entity_id, engagement=work.engagement_id, service=work.service) is None


def _files(by: By, at: datetime, work: WorkItem) -> None:
    if not may_file(by, at, work):
        raise Refuse(NOT_A_FILER(roles=", ".join(OF_CLIENT)), about=work)

"""The verb of accepted work that was found wrong: open its item again, with what was wrong and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from annotated_types import Len, MaxLen

from remit.apps.organizations.acting import BadInput, Done, Refuse, action, decide
from remit.apps.records.context import By
from remit.apps.work import delivery
from remit.apps.work.loading import open_item
from remit.apps.work.models import Filing, ItemReopening, WorkItem
from remit.apps.work.reopening import NOT_ACCEPTED
from remit.apps.work.waiting import standing, with_standing
from remit.domain.corrections import is_rework
from remit.domain.reasons import N_, Sentence

NO_SIDE = Sentence("item.reopens_side", N_("Only the client and the provider open accepted work again."))
WAS_FILED = Sentence("item.was_filed", N_("It was filed with {authority}: say whether it is filed again, corrected, or stands, and why."))
NOT_FILED = Sentence("item.not_filed", N_("Nothing of it was filed: leave this empty."))
BLANK = Sentence("item.reopens_why", N_("Say what was wrong."))

Cause = Literal["preparation", "review", "instruction", "papers", "software", "law", "other"]
Finder = Literal["client", "provider", "auditor", "authority", "other"]
Category = Literal["figure", "missing", "unclear", "source", "format", "procedure", "other"]


@action("item.reopened", roles=("manager", "approver", "signatory", "administrator"))
def reopen_item(
    *,
    by: By,
    at: datetime,
    item: UUID,
    says: Annotated[str, Len(1, 4000)],
    category: Category,
    cause: Cause,
    found_by: Finder,
    found_by_name: Annotated[str, MaxLen(120)] = "",
    filing: Literal["", "corrected", "stands"] = "",
    filing_words: Annotated[str, MaxLen(2000)] = "",
) -> Done:
    """Open accepted work again: what was wrong, where it came from, who found it, and what becomes of what was filed with it.

    The acceptance stays in the record and counts no more; the item is with whoever prepares it. An error of the provider's own is mended unbilled. A closed
    month is opened first.
    """
    work = open_item(item)
    if by.organization not in (work.engagement.client_id, work.engagement.provider_id):
        raise Refuse(NO_SIDE(), about=work)
    if not says.strip():
        raise BadInput(says=BLANK())
    found = standing(with_standing(WorkItem.objects.filter(id=work.id)).get())
    if found.made is None or not found.is_accepted:
        raise Refuse(NOT_ACCEPTED(item=work.reference), about=work)
    sent = Filing.objects.filter(deliverable=found.made).first()
    if sent is not None and not (filing and filing_words.strip()):
        raise BadInput(filing=WAS_FILED(authority=sent.authority))
    if sent is None and (filing or filing_words.strip()):
        raise BadInput(filing=NOT_FILED())
    row = ItemReopening.objects.create(
        audience_id=work.audience_id,
        item=work,
        deliverable=found.made,
        category=category,
        cause=cause,
        found_by=found_by,
        found_by_name=found_by_name.strip(),
        says=says.strip(),
        filing=filing,
        filing_words=filing_words.strip(),
        is_rework=is_rework(cause),
        reopened_by=by.user,
        reopened_by_name=by.name,
        reopened_at=at,
    )
    private = {"reason": row.says, "person": row.found_by_name, "note": row.filing_words}
    return decide(by, at, "item.reopened", row, within=work.period.within(), **delivery.accepting(found.made), private={k: v for k, v in private.items() if v})

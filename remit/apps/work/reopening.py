"""What holds of accepted work that is opened again."""

from __future__ import annotations

from remit.apps.work.models import Acceptance, ItemReopening, WorkItem
from remit.domain.reasons import N_, Sentence

NOT_ACCEPTED = Sentence("item.not_accepted", N_("{item} is not accepted: there is nothing to open again."))
ACCEPTED = Sentence("item.accepted", N_("{item} is accepted: what was accepted is not changed."))
OPEN_AGAIN = Sentence("item.open_again", N_("Have a manager of the provider or an approver of the client open it again, with what was wrong."))
REWORK = N_("Rework of our own error")


def stands_accepted(item: WorkItem) -> bool:
    """Whether the newest bytes were accepted and were not opened again. One query."""
    newest = item.deliverables.order_by("-number").values("id")[:1]
    return Acceptance.objects.filter(deliverable__in=newest, verdict="accepted", deliverable__reopening=None).exists()


def is_rework(item: WorkItem) -> bool:
    """Whether the item was last opened again for an error of the provider's own, and what replaces it is not accepted yet."""
    last = ItemReopening.objects.filter(item=item).order_by("-reopened_at").first()
    return last is not None and last.is_rework and not stands_accepted(item)

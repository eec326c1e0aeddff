"""What reviewers found of an item's deliverables: drafts of a review under way, findings with what the preparer answered, and what is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from remit.apps.work.models import Deliverable, FindingDraft, Review, ReviewFinding, WorkItem
from remit.domain.quality import ANSWERS, CATEGORIES, SEVERITIES


@dataclass(frozen=True)
class Found:
    """A finding or the draft of one, in words."""

    row: Any
    answer: Any = None

    @property
    def category(self) -> str:
        """In words."""
        return CATEGORIES[self.row.category]

    @property
    def severity(self) -> str:
        """In words."""
        return SEVERITIES[self.row.severity]

    @property
    def answered(self) -> str:
        """What the preparer did about it, in words; empty while nothing was said."""
        return ANSWERS[self.answer.answer] if self.answer else ""


def with_findings() -> Prefetch[Any]:
    """Reviews with their findings and answers, for a query of deliverables."""
    found = ReviewFinding.objects.select_related("answer__deliverable").order_by("number")
    return Prefetch("reviews", Review.objects.prefetch_related(Prefetch("findings", found)))


def of_review(review: Any) -> list[Found]:
    """In order, from what `with_findings` fetched."""
    return [Found(row, getattr(row, "answer", None)) for row in review.findings.all()] if review is not None else []


def drafts(made: Deliverable) -> list[Found]:
    """Of a review under way, as its own side reads them."""
    return [Found(row) for row in FindingDraft.objects.filter(deliverable=made).order_by("noted_at", "id")]


def unanswered(item: WorkItem) -> QuerySet[ReviewFinding]:
    """What the newest verdict of a reviewer found and nobody has answered yet: it is answered with the next bytes."""
    newest = Review.objects.filter(deliverable__item=item).order_by("-deliverable__number").values("id")[:1]
    return ReviewFinding.objects.filter(review__in=newest, answer=None).order_by("number")


def counted(found: Iterable[Any]) -> dict[str, int]:
    """By severity, the worst first; without those that there are none of."""
    rows = list(found)
    return {code: count for code in SEVERITIES if (count := sum(row.severity == code for row in rows))}

"""Where an item stands: who prepares, reviews and accepts, what was made, and who waits for whom since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Func, Prefetch, QuerySet

from remit.apps.work import requests
from remit.apps.work.cases import line_of, review_of, working_step
from remit.apps.work.models import Assignment, Deliverable, Filing, ItemFile, ItemReopening, WorkItem
from remit.apps.work.statutory import law_due_at
from remit.apps.work.stopped import clock_of
from remit.apps.work.zones import calendar_of
from remit.domain.calendars import StopClock, step_due, zone
from remit.domain.line import ServiceLine, Step
from remit.domain.reasons import N_, Reason, Sentence

NOTHING_MADE = Sentence("block.nothing_made", N_("{item}: nothing is handed in yet; it waits on {who}."))
NOT_REVIEWED = Sentence("block.not_reviewed", N_("{item}: deliverable {number} waits for the review by {who}."))
RETURNED = Sentence("block.returned", N_("{item}: deliverable {number} was returned; it waits on {who}."))
OPEN_AGAIN = Sentence("block.open_again", N_("{item}: deliverable {number} was accepted and found wrong; {who} puts it right."))
NOT_ACCEPTED = Sentence("block.not_accepted", N_("{item}: deliverable {number} is passed and waits for the client's acceptance."))
NOBODY_ON = Sentence("block.nobody", N_("{item}: nobody is on “{step}”; it waits on {who}."))
NOT_SENT = Sentence("block.not_sent", N_("{item}: accepted, and not sent to {authority} yet."))
NO_RECEIPT = Sentence("block.no_receipt", N_("{item}: {who} sent it; it is filed once the receipt of {authority} is here."))
NOT_ANSWERED = Sentence("block.not_answered", N_("{item}: question {request} waits for the answer of {who}."))
NOT_LOOKED_AT = Sentence("block.not_looked_at", N_("{item}: the answer to {request} waits to be looked at by {who}."))
ACCEPT, FILE = "accept", "file"
"""The client's own last steps, which no service line declares: to accept, and what the law asks to be filed."""
QUESTION = "question"
"""What waits for an answer, or for somebody to look at it, and holds acceptance and closing meanwhile."""


@dataclass(frozen=True)
class Wait:
    """What an item waits for. `on` is the person, or the organization where no person is named; `side` is whose turn it is."""

    item: WorkItem
    why: Reason
    step: str
    on: str
    side: str
    since: datetime
    needed_at: datetime


@dataclass(frozen=True)
class Standing:
    """An item with all that its pages say of its progress; `wait` is None once it is accepted."""

    item: WorkItem
    line: ServiceLine
    working: Step
    reviewing: Step | None
    on: dict[str, Assignment]
    papers: list[ItemFile]
    made: Deliverable | None
    review: Any
    acceptance: Any
    filing: Filing | None
    """Of the newest bytes, with its receipt where that is here."""
    wait: Wait | None
    clock: StopClock
    """When it is due, and by how much waiting for the client has moved that."""
    reopening: ItemReopening | None
    """Where the newest bytes were accepted and found wrong."""
    questions: tuple[Wait, ...]
    """Questions that hold it, by the time that an answer is needed."""

    @property
    def waits(self) -> tuple[Wait, ...]:
        """All that must happen before its month can be closed."""
        return (*((self.wait,) if self.wait else ()), *self.questions)

    @property
    def is_accepted(self) -> bool:
        """By the client, on the newest bytes."""
        return self.acceptance is not None and self.acceptance.verdict == "accepted" and self.reopening is None


def with_standing(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Everything that `standing` reads, in a fixed number of queries."""
    made = Deliverable.objects.defer("checks", "quantities", "carry", "state").select_related("reopening")
    made = made.prefetch_related("reviews", "acceptances", "filings__receipt").order_by("number")
    papers = ItemFile.objects.filter(superseded_at=None).defer("findings").select_related("file").order_by("brought_at")
    items = items.select_related("engagement__agreement", "engagement__client", "engagement__provider", "period__entity")
    return items.annotate(seen_at=Func(function="my_instant", output_field=DateTimeField())).prefetch_related(
        Prefetch("requests", requests.blocking(), to_attr="blocking"),
        Prefetch("assignments", Assignment.objects.filter(ended_at=None)),
        Prefetch("itemfiles", papers),
        Prefetch("deliverables", made),
    )


def standing(item: WorkItem) -> Standing:
    """From what `with_standing` fetched, without a query."""
    line = line_of(item)
    working = working_step(line)
    reviewing = review_of(line, working)
    on = {row.step: row for row in item.assignments.all() if row.ended_at is None}
    made = max(item.deliverables.all(), key=lambda each: each.number, default=None)
    review = next(iter(made.reviews.all()), None) if made else None
    acceptance = next(iter(made.acceptances.all()), None) if made else None
    filing = next(iter(made.filings.all()), None) if made else None
    # `blocking` and `seen_at` are fetched by `with_standing`.
    reopening = getattr(made, "reopening", None)
    stands = acceptance is not None and acceptance.verdict == "accepted" and reopening is None
    stopped_at = acceptance.accepted_at if acceptance is not None and stands else item.seen_at  # type: ignore[attr-defined]
    clock = clock_of(item, item.blocking, stopped_at)  # type: ignore[attr-defined]
    asked = tuple(sorted(_questions(item, clock), key=lambda wait: wait.needed_at))
    found = Standing(item, line, working, reviewing, on, list(item.itemfiles.all()), made, review, acceptance, filing, None, clock, reopening, asked)
    return Standing(**{**vars(found), "wait": _wait(found)})


def due_at(item: WorkItem, step: Step, clock: StopClock | None = None) -> datetime:
    """When a step is due, in working days of the entity's calendar before the item's own due time, which its stop-clock moves."""
    facts = item.period.entity.facts
    return step_due((clock.due_at if clock else item.due_at).astimezone(zone(facts["zone"])), item.created_at, step.due, calendar_of(facts))


def _questions(item: WorkItem, clock: StopClock) -> Iterator[Wait]:
    """Those that hold it: each waits for an answer, or for whoever asked to look at it."""
    for each in map(requests.asked, item.blocking):  # type: ignore[attr-defined]
        if each.is_over:
            continue
        who = requests.owner_of(each, item) if each.is_open else requests.accepter_of(each, item)
        why = (NOT_ANSWERED if each.is_open else NOT_LOOKED_AT)(item=item.reference, request=each.request.reference, who=who)
        yield Wait(item, why, QUESTION, who, each.waits_on, each.since, (each.due_at if each.is_open else None) or clock.due_at)


def _wait(found: Standing) -> Wait | None:
    """The one thing that comes next."""
    item, made = found.item, found.made
    provider = item.engagement.provider.name
    returned = next((each for each in (found.acceptance, found.review) if each is not None and each.verdict == "returned"), None)
    if made is not None and found.reopening is not None:
        why_open = lambda who: OPEN_AGAIN(item=item.reference, number=made.number, who=who)  # noqa: E731
        return _on_step(found, found.working, provider, found.reopening.reopened_at, why_open)
    if made is None or returned is not None:
        since = _given_at(returned) if returned is not None else item.created_at
        why = (lambda who: RETURNED(item=item.reference, number=made.number, who=who)) if made else (lambda who: NOTHING_MADE(item=item.reference, who=who))
        return _on_step(found, found.working, provider, since, why)
    if found.review is None and found.reviewing is not None:
        return _on_step(found, found.reviewing, provider, made.made_at, lambda who: NOT_REVIEWED(item=item.reference, number=made.number, who=who))
    if found.acceptance is None:
        since = found.review.reviewed_at if found.review else made.made_at
        return Wait(item, NOT_ACCEPTED(item=item.reference, number=made.number), ACCEPT, accepter(item), "client", since, found.clock.due_at)
    return _filed(found)


def _filed(found: Standing) -> Wait | None:
    """What is accepted and the law asks to be filed waits to be sent, then for its receipt; whatever was sent waits for that."""
    item, filing = found.item, found.filing
    if filing is None:
        if not item.deadline:
            return None
        authority = item.deadline["authority"]
        return Wait(item, NOT_SENT(item=item.reference, authority=authority), FILE, accepter(item), "client", found.acceptance.accepted_at, item.due_at)
    if hasattr(filing, "receipt"):
        return None
    needed = law_due_at(item) or item.due_at
    why = NO_RECEIPT(item=item.reference, who=filing.sent_by_name, authority=filing.authority)
    return Wait(item, why, FILE, filing.authority, "authority", filing.sent_at, needed)


def _on_step(found: Standing, step: Step, provider: str, since: datetime, why: Any) -> Wait:
    held = found.on.get(step.code)
    needed = due_at(found.item, step, found.clock)
    if held is None:
        return Wait(found.item, NOBODY_ON(item=found.item.reference, step=step.says, who=provider), step.code, provider, "provider", since, needed)
    return Wait(found.item, why(held.person_name), step.code, held.person_name, "provider", max(since, held.assigned_at), needed)


def _given_at(verdict: Any) -> datetime:
    given: datetime = getattr(verdict, "accepted_at", None) or verdict.reviewed_at
    return given


def accepter(item: WorkItem) -> str:
    """Whom the contact plan names on the client's side first; the client itself where it names nobody."""
    named = next((contact["name"] for contact in item.engagement.agreement.contacts if contact.get("side") == "client"), "")
    return named or item.engagement.client.name

"""How the main thread's reconciliation is done and reviewed from 2027 on: a procedure and a plan of sampling that both sides agreed, one month by them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from remit.apps.agreements.models import Engagement
from remit.apps.records.context import By, reading
from remit.apps.work import sampled
from remit.apps.work.actions import (
    hand_in,
    judge_procedure,
    judge_sampling,
    look_at_sample,
    move,
    note_finding,
    propose_procedure,
    propose_sampling,
    review,
)
from remit.apps.work.models import Deliverable, ProcedureVersion, ReviewFinding, WorkItem
from remit.front.demo.market import Market
from remit.front.demo.script import Script, one

FIRST = """
1. Load the statement of each bank account
1.1 Compare its opening with the closing of the month before
Except: the account is new; then ask for the contract with the bank
2. Match entries by reference, then by amount and day
3. Explain what stays open
3.1 Charges and interest: propose the entry
3.2 Anything else above EUR 500: ask Jonas Weber by question, not by mail
Except: payments in transit on the last workday
4. Compare both closings with all open items in
"""
SECOND = """
1. Load the statement of each bank account
1.1 Compare its opening with the closing of the month before
Except: the account is new; then ask for the contract with the bank
2. Match entries by reference, then by amount and day
2.1 Collective payments: match them only against the list of what they pay
3. Explain what stays open
3.1 Charges and interest: propose the entry
3.2 Anything else above EUR 250: ask Jonas Weber by question, not by mail
Except: payments in transit on the last workday
4. Compare both closings with all open items in
"""
OWN: dict[str, Any] = {"task": "bank_reconciliation", "owner": "Georgi Stanev", "owner_side": "provider"}


def agree(script: Script, market: Market, engagement: Engagement) -> None:
    """The procedure and the plan of sampling, in force from January on."""
    petra, maya = market.halden.seats["petra"], market.rila.seats["maya"]
    key = str(engagement.id)
    why = "As the year's twelve months were done; written down so that whoever stands in works alike."
    script.do(maya, propose_procedure, engagement=key, text=FIRST, valid_from="2027-01-01", why=why, **OWN)
    version = one(ProcedureVersion, maya, script.now, procedure__engagement=engagement)
    script.do(petra, judge_procedure, proposal=str(version.id), verdict="agreed")
    plan = script.do(maya, propose_sampling, engagement=key, valid_from="2027-01-01", why="171 rows of December, none wrong when all were looked at")
    script.do(petra, judge_sampling, plan=str(plan.id), verdict="agreed")


def propose_next(script: Script, market: Market, engagement: Engagement) -> None:
    """The client proposes the second version, which waits for the provider."""
    why = "The collective payment of December hid a wrong customer; and the auditor asks for answers from EUR 250 on."
    petra = market.halden.seats["petra"]
    script.do(petra, propose_procedure, engagement=str(engagement.id), text=SECOND, valid_from="2027-03-01", why=why, **OWN)


def tick(script: Script, by: By, item: WorkItem, count: int | None = None) -> None:
    """The steps of the item's procedure are done, all or the first few."""
    for step in item.answers["procedure"]["steps"][:count]:
        script.do(by, move, item=str(item.id), step="checklist", command="tick", values={"item": step["number"]})


def reviewed(script: Script, preparer: By, reviewer: By, item: WorkItem, made: str) -> None:
    """Returned with two findings, answered with the next bytes, and passed by its sample."""
    with reading(reviewer, script.now):
        paper = next(name for name in Deliverable.objects.get(id=made).files.values_list("name", flat=True) if name.endswith(".pdf"))
    found: dict[str, Any] = {"category": "unclear", "severity": "major", "file": paper, "place": "page 2, open items", "step": "3"}
    script.do(reviewer, note_finding, deliverable=made, says="The explanation of the oldest open item does not say who was asked.", **found)
    missing = {"category": "missing", "severity": "minor", "says": "The contact at the bank is not named.", "step": "1.1"}
    script.do(reviewer, review, deliverable=made, verdict="returned", findings=[missing])
    with reading(preparer, script.now):
        first, second = ReviewFinding.objects.filter(review__deliverable=UUID(made)).order_by("number").values_list("id", flat=True)
    answers = [
        {"finding": str(first), "answer": "fixed", "words": "Named now, with the day of the call."},
        {"finding": str(second), "answer": "disagreed", "words": "The client keeps the contact; it stands in the contact plan."},
    ]
    again = str(script.do(preparer, hand_in, item=str(item.id), answers=answers).id)
    script.on("2027-02-05", "08:00")
    looked_at(script, reviewer, again)
    script.do(reviewer, review, deliverable=again, verdict="passed", note="The answers are seen.")


def looked_at(script: Script, reviewer: By, made: str) -> None:
    """Every row that was drawn is looked at and right; nothing where nothing was drawn."""
    with reading(reviewer, script.now):
        drawn = sampled.of(Deliverable.objects.get(id=made))
    if drawn is not None:
        rows = [{"stratum": each.result.drawn.stratum, "key": row["key"], "right": True} for each in drawn.strata for row in each.rows]
        script.do(reviewer, look_at_sample, deliverable=made, looks=rows)

"""The months of the main thread: twelve of Halden's German company, three of its Czech one, and January under way."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from remit.apps.agreements.actions import agree_price
from remit.apps.agreements.entities import join_entity
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.billing.actions import draw_invoice
from remit.apps.records.context import By, reading
from remit.apps.work import cases
from remit.apps.work.actions import (
    accept,
    add_item,
    assign,
    bring_paper,
    close_period,
    hand_in,
    move,
    open_period,
    reopen_item,
    reopen_period,
    review,
    send_filing,
    take_suggestions,
)
from remit.apps.work.models import Deliverable, WorkItem
from remit.front.demo import others, reviewing
from remit.front.demo.market import House, Market
from remit.front.demo.script import Script, one
from remit.lines import examples
from remit.lines.bookkeeping.books import books
from remit.lines.bookkeeping.checks import open_items, prepared
from remit.lines.bookkeeping.examples import year
from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, VITOSHA
from remit.lines.examples import Given

LAST_QUARTER = ("2026-10", "2026-11", "2026-12")
FIRMS = {"gmbh": HALDEN, "vitosha": VITOSHA, "brno": BRNO, "northwind": VITOSHA}
NAMES = {"divya": "Divya Rao", "arun": "Arun Iyer", "nikolay": "Nikolay Petkov", "georgi": "Georgi Stanev"}
OWN_TAX: dict[str, dict[str, str]] = {"vitosha": {"tax_category": "S", "tax_rate": "20"}}


@dataclass(frozen=True)
class Story:
    """What is not as usual in a month."""

    note: str = "Bridge and open items seen."
    returned: str = ""
    """Why the reviewer returned the first version."""
    days: tuple[int, int, int, int] = (2, 5, 8, 10)
    """Days of the month after on which it is prepared, reviewed, accepted and closed."""
    reopened: str = ""
    """Why the client opened the month again."""


STORIES = {
    "2026-02": Story(note="The bank's charge was missing in the ledger; the entry for it is proposed."),
    "2026-03": Story(returned="The payment to Brandt Logistik is open on the ledger's side only: say since when, and show the bank's order."),
    "2026-04": Story(note="Accepted late: Jonas Weber was away.", days=(4, 7, 20, 21)),
    "2026-05": Story(note="One payment to Nagel Verpackung came back from the bank and stays open."),
    "2026-06": Story(note="The payment of May is still open: the supplier has not confirmed the new account."),
    "2026-07": Story(reopened="The supplier confirmed on 14 August that the payment of May was ordered anew. The explanation of July is to say so."),
    "2026-08": Story(note="The payment of May left the bank on 3 August and is matched."),
}
USUAL = Story()
QUARTER_ABROAD = Story(days=(11, 12, 13, 14))


def whole_year(script: Script, market: Market, engagement: Engagement, tell: Any) -> None:
    """January to December 2026. The price of an entry rises on 1 June; the Czech company joins on 1 October."""
    petra = market.halden.seats["petra"]
    ours = {f"{month.first:%Y-%m}": year.papers(HALDEN, month, number) for month, number in year.halden()}
    ours |= {month: examples.load("bookkeeping", f"halden-{month}").papers for month in LAST_QUARTER}
    theirs = {f"{month.first:%Y-%m}": year.papers(BRNO, month, number) for month, number in year.brno()}
    for at, (month, papers) in enumerate(ours.items()):
        tell(36 + 4 * at)
        _whole_month(script, market, engagement, "Halden Instruments", month, papers, STORIES.get(month, USUAL))
        if month == "2026-04":
            key = str(engagement.agreement_id)
            script.do(petra, agree_price, agreement=key, level=2, basis="unit", measure="entry", price="0.95", valid_from="2026-06-01")
        if month == "2026-08":
            script.do(petra, join_entity, engagement=str(engagement.id), joining=joining(market, "brno", "2026-10-01"))
        if month in theirs:
            _whole_month(script, market, engagement, BRNO.name, month, theirs[month], QUARTER_ABROAD)


def january(script: Script, market: Market, engagement: Engagement) -> None:
    """January 2027: the Bulgarian company's reconciliation is accepted and its sales list sent, without receipt; the German one waits for an answer and for
    somebody who prepares its sales list; the Czech one has no bank statement yet."""
    seats, maya = market.rila.seats, market.rila.seats["maya"]
    script.on("2027-01-28", "09:00")
    reviewing.agree(script, market, engagement)
    script.on("2027-02-01", "07:30")
    vitosha = begin(script, maya, engagement, "Vitosha", "2027-01")
    _staff(script, market.rila, "maya", vitosha, "Nikolay Petkov", "Georgi Stanev")
    example = examples.load("bookkeeping", "vitosha-2027-01")
    _bring(script, seats["nikolay"], vitosha, example.papers)
    _move(script, seats["nikolay"], vitosha, example.moves)
    reviewing.tick(script, seats["nikolay"], vitosha)
    made = script.do(seats["nikolay"], hand_in, item=str(vitosha.id))
    script.on("2027-02-04", "08:00")
    reviewing.reviewed(script, seats["nikolay"], seats["georgi"], vitosha, str(made.id))
    script.on("2027-02-05", "10:20")
    passed = one(Deliverable, market.halden.seats["jonas"], script.now, item=vitosha, number=2)
    script.do(market.halden.seats["jonas"], accept, deliverable=str(passed.id))
    _filed(script, market, vitosha)
    brno = begin(script, maya, engagement, BRNO.name, "2027-01")
    _staff(script, market.rila, "maya", brno, "Nikolay Petkov", "Georgi Stanev")
    script.on("2027-02-08", "07:00")
    halden = begin(script, maya, engagement, "Halden Instruments", "2027-01")
    _staff(script, market.rila, "maya", halden, "Divya Rao", "Arun Iyer")
    example = examples.load("bookkeeping", "halden-2027-01")
    _bring(script, seats["divya"], halden, example.papers)
    _move(script, seats["divya"], halden, example.moves[:3])
    reviewing.tick(script, seats["divya"], halden, 4)
    reviewing.propose_next(script, market, engagement)
    others.question(script, market, halden)
    others.open_question(script, market, halden)
    script.do(maya, add_item, period=str(halden.period_id), task="ec_sales_list")


def _filed(script: Script, market: Market, item: WorkItem) -> None:
    """The month's sales list is prepared, passed, accepted and sent: filed it is with the receipt alone, which has not come."""
    seats, petra, jonas = market.rila.seats, market.halden.seats["petra"], market.halden.seats["jonas"]
    added = script.do(seats["maya"], add_item, period=str(item.period_id), task="ec_sales_list")
    with reading(seats["maya"], script.now):
        sales = _loaded(added.id)
    _staff(script, market.rila, "maya", sales, "Nikolay Petkov", "Georgi Stanev")
    _bring(
        script, seats["nikolay"], sales, (Given("result", "vies-2027-01.xml", b"<vies period='2027-01'><supply vat='DE136695976' base='18400.00'/></vies>"),)
    )
    made = script.do(seats["nikolay"], hand_in, item=str(sales.id))
    reviewing.looked_at(script, seats["georgi"], str(made.id))
    script.do(seats["georgi"], review, deliverable=str(made.id), verdict="passed", note="Sum and VAT number agree with the ledger.")
    script.do(jonas, accept, deliverable=str(made.id))
    script.do(petra, send_filing, item=str(sales.id), authority="Национална агенция за приходите", sent_by_name="Petra Vogel")


def joining(market: Market, name: str, joins_on: str) -> dict[str, Any]:
    """An entity of the demonstration as it joins an agreement."""
    kept = {code: value for code, value in year.entity_of(FIRMS[name]).items() if code not in ("name", "country", "currency")}
    if name == "northwind":
        kept |= {"bank_account": "GB33BUKB20201555555555", "chart_of_accounts": "own"}
    return {"entity": str(market.entities[name]), "joins_on": joins_on, "answers": kept} | OWN_TAX.get(name, {})


def begin(script: Script, by: By, engagement: Engagement, entity: str, month: str) -> WorkItem:
    """A month of an entity, opened with its item."""
    agreed = one(AgreedEntity, by, script.now, agreement=engagement.agreement_id, name__startswith=entity)
    opened = script.do(by, open_period, engagement=str(engagement.id), entity=str(agreed.id), month=f"{month}-01")
    with reading(by, script.now):
        return _loaded(opened.id)


def _whole_month(script: Script, market: Market, engagement: Engagement, entity: str, month: str, papers: Iterable[Given], story: Story) -> None:
    seats, jonas = market.rila.seats, market.halden.seats["jonas"]
    preparer, reviewer = ("nikolay", "georgi") if entity == BRNO.name else ("divya", "arun")
    number, at = int(month[:4]), int(month[5:])
    prepared_on, reviewed_on, accepted_on, closed_on = (_workday(date(number + at // 12, at % 12 + 1, day)) for day in story.days)
    script.on(prepared_on, "07:30")
    item = begin(script, seats["maya"], engagement, entity, month)
    _staff(script, market.rila, "maya", item, NAMES[preparer], NAMES[reviewer])
    _bring(script, seats[preparer], item, papers)
    script.do(seats[preparer], take_suggestions, item=str(item.id), step="prepare")
    _explain(script, seats[preparer], item)
    made = script.do(seats[preparer], hand_in, item=str(item.id))
    script.on(reviewed_on, "09:10")
    if story.returned:
        script.do(seats[reviewer], review, deliverable=str(made.id), verdict="returned", note=story.returned)
        _explain(script, seats[preparer], item, "The order of the last day is seen; the bank booked it on the next workday.")
        made = script.do(seats[preparer], hand_in, item=str(item.id))
    script.do(seats[reviewer], review, deliverable=str(made.id), verdict="passed", note=story.note)
    script.on(accepted_on, "10:20")
    script.do(jonas, accept, deliverable=str(made.id))
    script.do(seats["maya"], draw_invoice, period=str(item.period_id))
    script.on(closed_on, "13:00")
    _close(script, market, item, 1)
    if story.reopened:
        _once_more(script, market, item, story.reopened)


def _workday(day: date) -> str:
    """That day, or the Monday after its weekend."""
    return (day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)).isoformat()


def _once_more(script: Script, market: Market, item: WorkItem, reason: str) -> None:
    """A closed month is opened with its reason, one explanation put right, and the month sealed again; both seals stay."""
    divya, arun = market.rila.seats["divya"], market.rila.seats["arun"]
    script.on(f"{item.period.ends_on:%Y-%m}-17", "09:00")
    script.do(market.halden.seats["petra"], reopen_period, period=str(item.period_id), reason=reason)
    wrong: dict[str, Any] = {"category": "unclear", "cause": "papers", "found_by": "client", "found_by_name": "Petra Vogel"}
    script.do(market.halden.seats["petra"], reopen_item, item=str(item.id), says=reason, **wrong)
    _explain(script, divya, item, "Ordered anew; the supplier confirmed its new account on 14 August, and the bank booked it on 3 August.")
    made = script.do(divya, hand_in, item=str(item.id))
    script.on(f"{item.period.ends_on:%Y-%m}-18", "09:00")
    script.do(arun, review, deliverable=str(made.id), verdict="passed", note="The new explanation is seen.")
    script.do(market.halden.seats["jonas"], accept, deliverable=str(made.id))
    _close(script, market, item, 2)


def _close(script: Script, market: Market, item: WorkItem, time: int) -> None:
    """`time`: whether it is the first or the second."""
    petra = market.halden.seats["petra"]
    script.do(petra, close_period, period=str(item.period_id))
    script.sealed(petra, item.period_id, time)


def _staff(script: Script, house: House, manager: str, item: WorkItem, preparer: str, reviewer: str) -> None:
    for step, name in (("prepare", preparer), ("review", reviewer)):
        script.do(house.seats[manager], assign, item=str(item.id), step=step, person=str(house.persons[name]))


def _bring(script: Script, by: By, item: WorkItem, papers: Iterable[Given]) -> None:
    for paper in papers:
        script.do(by, bring_paper, item=str(item.id), slot=paper.slot, file={"name": paper.name, "content": base64.b64encode(paper.data).decode()})


def _move(script: Script, by: By, item: WorkItem, moves: Iterable[examples.Made]) -> None:
    for made in moves:
        if made.take:
            script.do(by, take_suggestions, item=str(item.id), step=made.step)
        else:
            script.do(by, move, item=str(item.id), step=made.step, command=made.command, values=dict(made.values or {}))


def _explain(script: Script, by: By, item: WorkItem, words: str = "") -> None:
    """Match by hand what no rule is sure of, and say of each item that is still open why it is; with `words`, only that, of those that the ledger alone holds.

    What is asked follows from the papers and the rules alone, so that a script cut off in the middle asks the same again.
    """
    with reading(by, script.now):
        case = cases.case_of(_loaded(item.id), script.now.date())
        both = books(case)
        items = open_items(both, prepared(case))
    if not words:
        for made in year.by_hand(both):
            script.do(by, move, item=str(item.id), step="prepare", **made)
    for each in items:
        answer = year.answer(each, both)
        if answer is None or (words and answer["command"] != "explain"):
            continue
        if words:
            answer["values"]["words"] = words
        script.do(by, move, item=str(item.id), step="prepare", **answer)


def _loaded(key: UUID) -> WorkItem:
    return WorkItem.objects.select_related("period__entity", "engagement__agreement").get(id=key)

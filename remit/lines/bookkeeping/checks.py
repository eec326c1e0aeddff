"""What must hold before a month's reconciliation is handed in; pure functions over the case."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from remit.domain.line import Case, Finding, Place
from remit.domain.reconciliation import Item, age_days
from remit.lines.bookkeeping.books import Books, Carried, books, ledger_opening, statements
from remit.lines.bookkeeping.preparation import Preparation
from remit.lines.bookkeeping.rules import AGE_DAYS


def chain(case: Case) -> Iterator[Finding]:
    """Several statements follow on each other, and the last one reaches the end of the period."""
    given = statements(case)
    for before, after in pairwise(given):
        if before.closing is not None and after.opening is not None and before.closing != after.opening:
            place = Place("statement", (("line", after.opening_line or after.line), ("field", "opening")))
            yield Finding("bank.statements_apart", place, {"number": after.number or "?", "found": after.opening, "expected": before.closing})
    if given:
        last = given[-1].ends_on or given[-1].closing_on
        if last is not None and (case.period[1] - last).days > 4 and not given[-1].closing_partial:
            yield Finding("bank.not_whole_period", Place("statement", (("line", given[-1].closing_line or given[-1].line),)), {"on": last})


def opening(case: Case) -> Iterator[Finding]:
    """The ledger's bank account opens where the period before closed it, with or without the entries proposed then."""
    carried: Carried | None = case.carried
    found = ledger_opening(case)
    if case.one("ledger") is None:
        return
    if found is None:
        yield Finding("ledger.no_opening", Place("ledger", (("field", "opening"),)), {"assumed": books(case).ledger.opening})
    elif carried is not None and found not in (carried.ledger_closing, carried.ledger_closing_posted):
        yield Finding("ledger.opening_differs", Place("ledger", (("field", "opening"),)), {"found": found, "expected": carried.ledger_closing})


def meet(case: Case) -> Iterator[Finding]:
    """Statement closing + open items = ledger closing + open items."""
    state = prepared(case)
    if case.one("ledger") is None or not statements(case):
        return
    apart = books(case).bridge(state.matched).apart
    if apart:
        yield Finding("recon.bridge", Place("prepare", (("field", "bridge"),)), {"apart": apart})


def held(case: Case) -> Iterator[Finding]:
    """Every item of a group is still in the papers."""
    both = books(case)
    for key in sorted(prepared(case).matched):
        if key not in both.statement.by_key and key not in both.ledger.by_key:
            yield Finding("recon.lost", Place("prepare", (("item", key),)), {"item": key})


def explained(case: Case) -> Iterator[Finding]:
    """Every open item has an answer that is more than a question; one finding names the first that has none."""
    state = prepared(case)
    items = open_items(books(case), state)
    missing = [item for item in items if item.key not in state.answers or state.answers[item.key].kind == "question"]
    if missing:
        yield Finding("recon.explained", _place(missing[0]), {"explained": len(items) - len(missing), "count": len(items)})


def aged(case: Case) -> Iterator[Finding]:
    """Items that are open for more than 30 days at the period's end."""
    for item in open_items(books(case), prepared(case)):
        days = age_days(item, case.period[1])
        if days > AGE_DAYS:
            yield Finding("recon.age", _place(item), {"on": item.on, "days": days, "limit": AGE_DAYS})


def open_items(both: Books, state: Preparation) -> tuple[Item, ...]:
    """What no group holds: the statement's items, then the ledger's, each oldest first."""
    matched = state.matched
    return (*both.open_statement(matched), *both.open_ledger(matched))


def prepared(case: Case) -> Preparation:
    """The preparer's state; nothing decided where the step has not begun."""
    state: Preparation = case.state("prepare") or Preparation()
    return state


def _place(item: Item) -> Place:
    return Place("prepare", (("item", item.key),))

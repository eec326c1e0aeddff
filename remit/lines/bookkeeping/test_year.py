"""The months that no folder holds are read as files are, tie with each other and with the first that a folder holds, and are the same each time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from remit.domain.line import Case
from remit.lines import examples, lines
from remit.lines.bookkeeping.books import books
from remit.lines.bookkeeping.examples import year
from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, Firm
from remit.lines.bookkeeping.examples.months import Month


def test_each_month_opens_where_the_one_before_closed() -> None:
    for firm, made in ((HALDEN, year.halden()), (BRNO, year.brno())):
        months = [month for month, _ in made]
        for before, after in pairwise(months):
            assert after.bank_opening == before.bank_opening + sum(entry.amount for entry in before.booked)
            assert after.first == before.until
        assert all(sum(month.opening.values()) == 0 for month in months), firm.name
    months = [month for month, _ in year.halden()]
    assert [month.first.month for month in months] == list(range(1, 10))
    october = examples.play("bookkeeping", "halden-2026-10").case
    assert books(october).statement.opening == year.OCTOBER_OPENING == months[-1].bank_opening + sum(entry.amount for entry in months[-1].booked)


def test_a_payment_stays_open_for_three_months() -> None:
    months = {month.first.month: month for month, _ in year.halden()}
    paid = [number for number, month in months.items() for entry in month.booked if entry.amount == -year.STUCK[1]]
    posted = [number for number, month in months.items() for entry in month.posted if entry.account == "1200" and entry.amount == -year.STUCK[1]]
    assert (posted, paid) == ([year.STUCK_FROM], [year.STUCK_UNTIL])


def test_the_same_bytes_each_time() -> None:
    first, again = ([year.papers(HALDEN, month, number) for month, number in year.halden()] for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("firm", "months"), [(HALDEN, year.halden), (BRNO, year.brno)])
def test_the_service_reads_them_without_a_fault_and_they_meet(firm: Firm, months) -> None:  # type: ignore[no-untyped-def]
    month, number = months()[0]
    case = read(firm, month, number)
    both = books(case)
    assert len(both.entries) == len(month.booked)
    assert both.statement.closing == month.bank_opening + sum((entry.amount for entry in month.booked), Decimal(0))
    assert both.bridge(()).apart == 0


def read(firm: Firm, month: Month, number: int) -> Case:
    service = lines()["bookkeeping"]
    case = Case(entity=year.entity_of(firm), period=(month.first, month.until), on=date(2027, 2, 1), answers={})
    for paper in year.papers(firm, month, number):
        case, findings = examples.receive(service, case, paper)
        assert not [finding for finding in findings if service.rule(finding.code).severity == "error"]
    return case

"""Bookkeeping beyond the contract: the bridge, what is carried, whose account, what goes out."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from remit.domain.document import Heading, Table
from remit.domain.line import Case, Move
from remit.lines import examples, lines
from remit.lines.bookkeeping.books import Carried, books, unposted
from remit.lines.bookkeeping.checks import prepared
from remit.lines.bookkeeping.deliverable import make, trial_balance
from remit.lines.bookkeeping.examples.firms import HALDEN, NORDLICHT, VITOSHA
from remit.lines.bookkeeping.intake import same_account
from remit.lines.bookkeeping.line import LINE, carry

JANUARY = "halden-2027-01"


def said(words: str, /, **values: object) -> str:
    """English, filled plainly."""
    return words.format(**values)


@pytest.fixture(scope="module")
def january() -> Case:
    """The month of the drawn page."""
    return examples.play("bookkeeping", JANUARY).case


def test_the_bridge_of_the_drawn_page(january: Case) -> None:
    bridge = books(january).bridge(prepared(january).matched)
    one, other = bridge.statement, bridge.ledger
    assert (one.opening, one.total_in, one.count_in, one.total_out, one.count_out) == (
        Decimal("184206.15"),
        Decimal("612480.90"),
        54,
        Decimal("-564746.57"),
        94,
    )
    assert (one.closing, one.open_total, one.open_count) == (Decimal("231940.48"), Decimal("-4880.00"), 1)
    assert (other.total_in, other.count_in, other.total_out, other.count_out) == (Decimal("609316.90"), 28, Decimal("-569584.57"), 123)
    assert (other.closing, other.open_total, other.open_count) == (Decimal("223938.48"), Decimal("3122.00"), 2)
    assert one.reconciled == other.reconciled == Decimal("227060.48")
    assert bridge.apart == 0


def test_the_groups_of_the_drawn_page(january: Case) -> None:
    shapes = [(len(tie.statement), len(tie.ledger)) for tie in prepared(january).ties]
    assert sum(shape == (1, 1) for shape in shapes) == 104
    assert sum(one == 1 and other > 1 for one, other in shapes) == 12
    assert sum(one > 1 and other == 1 for one, other in shapes) == 5
    assert (sum(one for one, _ in shapes), sum(other for _, other in shapes)) == (146, 150)
    by_hand = [group for group in LINE.step("prepare").work.show(january, prepared(january)).groups if group.by_hand]  # type: ignore[union-attr]
    assert [group.note for group in by_hand] == ["Two digits of the reference are swapped; invoice seen."]


def test_one_cent_more_in_the_ledger_breaks_the_bridge(january: Case) -> None:
    ledger = january.one("ledger")
    account = HALDEN.number("bank")
    opening = {**ledger.opening, account: ledger.opening[account] + Decimal("0.01")}
    papers = {**january.papers, "ledger": (replace(january.papers["ledger"][-1], value=replace(ledger, opening=opening)),)}
    findings = [finding for check in LINE.step("prepare").checks for finding in check(replace(january, papers=papers))]
    assert [(finding.code, finding.values.get("apart")) for finding in findings if finding.code == "recon.bridge"] == [("recon.bridge", Decimal("-0.01"))]


def test_four_months_hang_together() -> None:
    closings = []
    for name in ("halden-2026-10", "halden-2026-11", "halden-2026-12", JANUARY):
        case = examples.play("bookkeeping", name).case
        both = books(case)
        if closings:
            assert (both.statement.opening, both.ledger.opening) == closings[-1]
        closings.append((both.statement.closing, both.ledger.closing))
        assert both.bridge(prepared(case).matched).apart == 0


def test_what_october_left_open_is_matched_in_november() -> None:
    november = examples.play("bookkeeping", "halden-2026-11").case
    carried: Carried = november.carried
    assert {item.amount for item in carried.open_ledger} == {Decimal("-2311.90"), Decimal("-967.47")}
    assert [item.amount for item in carried.proposed] == [Decimal("-42.00")]
    old = {item.key for item in (*carried.open_statement, *carried.open_ledger, *carried.proposed)}
    assert old <= prepared(november).matched


def test_a_proposed_entry_posted_in_its_own_month_is_not_open_again(january: Case) -> None:
    """The next ledger may open with or without it."""
    carried = carry(january)
    assert carried.ledger_closing_posted == carried.ledger_closing - 42
    ledger = january.one("ledger")
    for opening, expected in ((carried.ledger_closing, 1), (carried.ledger_closing_posted, 0)):
        value = replace(ledger, opening={HALDEN.number("bank"): opening})
        february = replace(january, carried=carried, papers={"ledger": (replace(january.papers["ledger"][-1], value=value),)}, states={})
        assert len(unposted(february)) == expected


def test_an_item_that_stays_open_keeps_its_key() -> None:
    october = examples.play("bookkeeping", "halden-2026-10").case
    first = carry(october)
    again = carry(replace(october, carried=first, papers={}, states={}))
    assert {item.key for item in again.open_ledger} == {item.key for item in first.open_ledger}


@pytest.mark.parametrize(
    ("found", "expected", "same"),
    [
        (HALDEN.iban, HALDEN.iban, True),
        (f"{HALDEN.iban[:4]} {HALDEN.iban[4:]}", HALDEN.iban, True),
        ("0012344471", HALDEN.iban, True),
        ("70091800/0012344471", HALDEN.iban, True),
        ("10020030/0012344471", HALDEN.iban, False),
        ("4471", HALDEN.iban, False),
        (VITOSHA.iban, HALDEN.iban, False),
        ("", HALDEN.iban, False),
    ],
)
def test_same_account(found: str, expected: str, same: bool) -> None:
    assert same_account(found, expected) is same


@pytest.mark.parametrize("firm", [HALDEN, VITOSHA, NORDLICHT])
def test_the_examples_have_valid_ibans(firm: object) -> None:
    from stdnum import iban

    for account in (firm.iban, *(partner.account for partner in (*firm.customers, *firm.suppliers))):  # type: ignore[attr-defined]
        assert iban.is_valid(account, check_country=False), account


def test_the_deliverable(january: Case) -> None:
    made = make(january, said)
    headings = [block.text for block in made.document.blocks if isinstance(block, Heading)]
    assert headings == [
        "Bank reconciliation and trial balance",
        "Reconciliation",
        "Open items",
        "Matched groups",
        "Entries proposed for the ledger",
        "Trial balance",
    ]
    tables = [block for block in made.document.blocks if isinstance(block, Table)]
    assert tables[0].totals == ("Reconciled", Decimal("227060.48"), Decimal("227060.48"), Decimal("0.00"))
    assert [row[5] for row in tables[1].rows] == [Decimal("3164.00"), Decimal("-42.00"), Decimal("-4880.00")]
    assert tables[-1].totals[2:] == (Decimal("0.00"), tables[-1].totals[3], tables[-1].totals[3], Decimal("0.00"))
    rows = list(csv.reader(io.StringIO(b"".join(made.files["proposed-entries-2027-01.csv"]).decode("utf-8-sig"))))
    assert rows[1:] == [["2027-01-29", "4970", "1200", "42.00", "KONTOFUEHRUNG 01/27"]]


def test_the_trial_balance_balances(january: Case) -> None:
    sums = trial_balance(january.one("ledger"))
    assert sum(closing for *_, closing in sums.values()) == 0
    assert sum(debit for _, debit, _, _ in sums.values()) == sum(credit for _, _, credit, _ in sums.values())
    assert sums[HALDEN.number("bank")][3] == books(january).ledger.closing


def test_an_answer_goes_when_its_item_is_matched(january: Case) -> None:
    state = prepared(january)
    tie = state.ties[0]
    service = lines()["bookkeeping"]
    case = examples.after(service, january, "prepare", Move("split", {"item": tie.statement[0]}))
    case = examples.after(service, case, "prepare", Move("explain", {"item": tie.statement[0], "kind": "timing", "words": "Later."}))
    assert tie.statement[0] in prepared(case).answers
    case = examples.after(service, case, "prepare", Move("match", {"statement": list(tie.statement), "ledger": list(tie.ledger)}))
    assert tie.statement[0] not in prepared(case).answers

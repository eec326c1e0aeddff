"""Footing as a law, and what else a statement must agree with."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.formats.statements import RULES, Entry, Statement, StatementFile, check, read
from remit.formats.words import Words

AMOUNTS = st.decimals(Decimal("-99999.99"), Decimal("99999.99"), places=2).filter(bool)
JANUARY = date(2024, 1, 1)


def entry(amount: str | Decimal, line: int = 10, **more: object) -> Entry:
    given = {"booked_on": JANUARY, "currency": "EUR", **more}
    return Entry(line=line, amount=Decimal(amount), **given)  # type: ignore[arg-type]


def statement(*entries: Entry, opening: str | Decimal = "100.00", closing: str | Decimal | None = None, **more: object) -> Statement:
    total = Decimal(opening) + sum((one.amount for one in entries), Decimal(0))
    given = {"account": "1", "currency": "EUR", "opening_line": 4, "closing_line": 99, **more}
    return Statement(line=1, opening=Decimal(opening), closing=total if closing is None else Decimal(closing), entries=entries, **given)  # type: ignore[arg-type]


def codes(*statements: Statement) -> list[list[str]]:
    file = StatementFile(form="mt940", statements=statements)
    return [[finding.code for finding in findings] for findings in check(file)]


def mt940(opening: Decimal, amounts: list[Decimal], closing: Decimal) -> bytes:
    def money(amount: Decimal) -> str:
        return f"{abs(amount):.2f}".replace(".", ",")

    def mark(amount: Decimal) -> str:
        return "D" if amount < 0 else "C"

    lines = [":20:A", ":25:1", ":28C:1", f":60F:{mark(opening)}240101EUR{money(opening)}"]
    lines += [f":61:2401020102{mark(amount)}{money(amount)}NTRFNONREF//B{at}" for at, amount in enumerate(amounts)]
    return "\n".join([*lines, f":62F:{mark(closing)}240131EUR{money(closing)}", "-", ""]).encode()


@given(AMOUNTS, st.lists(AMOUNTS, max_size=12))
def test_what_foots_still_foots_when_written_and_read(opening: Decimal, amounts: list[Decimal]) -> None:
    file, findings = read(mt940(opening, amounts, opening + sum(amounts)))
    assert file is not None
    assert not findings
    assert file.statements[0].foots
    assert check(file) == ((),)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12), st.data())
def test_one_changed_cent_shows(opening: Decimal, amounts: list[Decimal], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(amounts) - 1))
    changed = [amount + Decimal("0.01") if at == where else amount for where, amount in enumerate(amounts)]
    file, _ = read(mt940(opening, changed, opening + sum(amounts)))
    assert file is not None
    found = next(finding for finding in check(file)[0] if finding.code == "bank.statement_foots")
    assert found.values["apart"] == Decimal("0.01")


def test_nothing_is_found_where_all_agrees() -> None:
    assert codes(statement(entry(5), entry(-3))) == [[]]


def test_the_line_is_the_closing_balances_where_no_entry_is_suspect() -> None:
    file = StatementFile(form="mt940", statements=(statement(entry(5), closing="105.01"),))
    finding = check(file)[0][0]
    assert (finding.code, finding.place.line, finding.values["apart"]) == ("bank.statement_foots", 99, Decimal("-0.01"))


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        (entry("123.45", 7, text="Invoice 9, EUR 132.45 paid"), "132.45", "bank.suspect_text"),
        (entry("123.45", 7, text="Rechnung 1.132,45 EUR"), "1132.45", "bank.suspect_text"),
        (entry("123.45", 7), "-123.45", "bank.suspect_sign"),
        (entry("123.45", 7), "132.45", "bank.suspect_transposed"),
        (entry("-123.45", 7), "-123.54", "bank.suspect_transposed"),
        (entry("123.45", 7), "1234.50", "bank.suspect_point"),
        (entry("123.45", 7), "0", "bank.suspect_extra"),
    ],
)
def test_the_line_at_fault(wrong: Entry, right: str, code: str) -> None:
    others = (entry("10.01", 5), entry("-20.03", 6), entry("7.77", 8))
    reached = Decimal("100.00") + sum(one.amount for one in others) + Decimal(right)
    file = StatementFile(form="mt940", statements=(statement(*others, wrong, closing=reached),))
    main, suspect = check(file)[0]
    assert (main.code, main.place.line) == ("bank.statement_foots", 7)
    assert (suspect.code, suspect.place.line) == (code, 7)
    if code != "bank.suspect_extra":
        assert suspect.values["wanted"] == Decimal(right)


def test_an_entry_listed_twice() -> None:
    twice = statement(entry(5, 7, text="x"), entry(5, 8, text="x"), entry(2, 9), closing="107.00")
    assert codes(twice) == [["bank.statement_foots", "bank.suspect_twice"]]


def test_too_many_candidates_are_none() -> None:
    same = [entry(5, line, text=f"{line}") for line in range(10, 15)]
    assert codes(statement(*same, closing="120.00")) == [["bank.statement_foots"]]


def test_a_changed_cent_names_nobody() -> None:
    assert codes(statement(entry("12.30"), entry("45.60"), closing="157.91")) == [["bank.statement_foots"]]


def test_the_opening_balance_is_at_fault_where_the_statement_before_says_so() -> None:
    first = statement(entry(5), opening_on=JANUARY)
    second = replace(statement(entry(1), opening="105.00", opening_on=JANUARY + timedelta(1)), opening=Decimal("150.00"), opening_line=44)
    assert codes(first, second) == [[], ["bank.statement_foots", "bank.suspect_opening", "bank.no_gap"]]
    found = check(StatementFile(form="mt940", statements=(first, second)))[1][0]
    assert (found.place.line, found.place.field) == (44, "opening")


def test_a_gap_and_a_missing_number() -> None:
    first, second = statement(number="7", opening_on=JANUARY), statement(number="9", opening="101.00", opening_on=JANUARY + timedelta(2))
    assert codes(first, second) == [[], ["bank.no_gap", "bank.number_missing"]]
    assert codes(second, first) == [["bank.no_gap", "bank.number_missing"], []]


@pytest.mark.parametrize(("before", "after"), [("7", "8"), ("7/1", "7/2"), ("366", "1"), ("", "5"), ("A", "B"), ("5", "5")])
def test_numbers_that_run_on(before: str, after: str) -> None:
    first, second = statement(number=before, closing_on=JANUARY - timedelta(1)), statement(number=after, closing_on=JANUARY)
    assert codes(first, second) == [[], []]


def test_another_account_or_currency_is_another_chain() -> None:
    first = statement(number="1")
    assert codes(first, statement(account="2", number="9", opening="1"), statement(currency="USD", number="9", opening="1")) == [[], [], []]


def test_a_statement_twice() -> None:
    one = statement(entry(5), number="1")
    assert codes(one, replace(one, line=50)) == [[], ["bank.statement_twice"]]


def test_the_banks_reference_twice() -> None:
    pair = entry(5, 7, bank_reference="B1"), entry(5, 8, bank_reference="B1")
    assert codes(statement(*pair)) == [["bank.looks_alike"]]
    assert "bank.no_duplicate" in codes(statement(*pair, closing="105.00"))[0]
    assert codes(statement(pair[0], replace(pair[1], amount=Decimal(6)))) == [[]]


def test_days_outside_are_said_once() -> None:
    outside = statement(*(entry(1, line) for line in range(5, 9)), opening_on=date(2024, 2, 1), closing_on=date(2024, 2, 29))
    assert codes(outside) == [["bank.dates_inside"]]
    assert codes(replace(outside, closing_on=date(2023, 2, 1))) == [["bank.days_backwards"]]
    assert codes(replace(outside, entries=tuple(replace(one, booked_stated=False) for one in outside.entries))) == [[]]


def test_missing_balances_are_said() -> None:
    assert codes(replace(statement(), opening=None)) == [["bank.no_opening"]]
    assert codes(replace(statement(), closing=None)) == [["bank.no_closing"]]
    assert codes(replace(statement(), opening=None, closing=None)) == [["bank.no_balances"]]


def test_mixed_currencies_add_up_to_nothing() -> None:
    mixed = statement(entry(5, currency="USD"))
    assert (mixed.foots, mixed.apart) == (None, None)


@pytest.mark.parametrize("wanted", ["1", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"])
def test_the_account_asked_for(wanted: str) -> None:
    file = StatementFile(form="mt940", statements=(statement(account="DE89370400440532013000"),))
    assert [finding.code for finding in check(file, account=wanted)[0]] == (["bank.not_account"] if wanted == "1" else [])


def test_every_finding_here_has_its_sentence() -> None:
    words = Words("en")
    file = StatementFile(form="mt940", statements=(statement(entry("123.45", 7), closing="232.45", number="3"), statement(number="9", account="2")))
    for finding in (one for findings in check(file, account="7") for one in findings):
        assert "{" not in words.finding(finding, RULES[finding.code])

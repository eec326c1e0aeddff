"""Writes the example folders anew: `python -m remit.lines.bookkeeping.examples.generate`. Same program, same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from remit.domain.reconciliation import Item
from remit.lines import examples
from remit.lines.bookkeeping.books import Books, books
from remit.lines.bookkeeping.checks import open_items, prepared
from remit.lines.bookkeeping.examples import planted, year
from remit.lines.bookkeeping.examples.firms import HALDEN, VITOSHA, Firm
from remit.lines.bookkeeping.examples.months import Month, Plan, Scribe
from remit.lines.bookkeeping.examples.papers import ledger_csv, mt940
from remit.lines.bookkeeping.line import LINE

FOLDER = Path(__file__).resolve().parent
Answered = Callable[[Item, Books], dict[str, Any] | None]

JANUARY_OPENING, JANUARY_IN, JANUARY_OUT = Decimal("184206.15"), Decimal("612480.90"), Decimal("-564746.57")


def main() -> None:
    """Every case, in the order in which they follow on each other."""
    vitosha()
    halden()
    planted.write(FOLDER, year.entity_of, write_case)


def vitosha() -> None:
    """A clean month: MT940 and CSV, everything ties."""
    scribe = Scribe(VITOSHA, Decimal("63418.92"))
    scribe.begin(date(2027, 1, 1))
    small = Plan(rent=Decimal("1180.00"), wages=Decimal("11940.60"), fee=Decimal("15.34"), vat=Decimal("0.20"), payment_range=(4.0, 5.7))
    scribe.run(replace(small, receipts=26, payments=22, batches=(3,)))
    month = scribe.end()
    files = {
        "statement-2027-01.sta": mt940(VITOSHA.iban, month.bank_opening, month.booked, 1, month.first, date(2027, 1, 31)),
        "ledger-2027-01.csv": ledger_csv(VITOSHA, month.opening, month.first, month.posted),
    }
    write_month("vitosha-2027-01", "A clean month of a Bulgarian company: MT940 and CSV, everything ties.", VITOSHA, month, files, "", lambda item, both: None)


def halden() -> None:
    """The last quarter and one month more of a German company, after the nine that `year` makes; what one leaves open comes in with the next."""
    scribe, number = year.before_october()
    before = ""
    late = (("Reuter Glas", Decimal("2311.90")), ("Vogt Elektronik GmbH", Decimal("967.47")))
    later = (("Stahl & Söhne", Decimal("1788.16")),)
    plans = (
        (date(2026, 10, 1), "The first month: two payments leave the bank later, and the ledger lacks the bank's charge.", Plan(late=late, fee_posted=False)),
        (date(2026, 11, 1), "What October left open comes in, and is matched.", Plan(late=later, cards=(3, 4), fee_posted=False)),
        (date(2026, 12, 1), "A December that closes with nothing open.", Plan(receipts=14, payments=14, batches=(4,))),
    )
    for first, says, plan in plans:
        scribe.begin(first)
        scribe.run(plan)
        if first.month == 12:
            _reach(scribe, JANUARY_OPENING - scribe.bank)
        month = scribe.end()
        number, before = _write_halden(month, number, before, says, year.answer)
    scribe.begin(date(2027, 1, 1))
    _january(scribe)
    month = scribe.end()
    says = "A full month: collective transfers, card settlements, swapped digits, a charge, a timing difference and money that nobody knows."
    _write_halden(month, number, before, says, _answer_january)


def _january(scribe: Scribe) -> None:
    """The month whose figures stand on the drawn page of a work item."""
    partner = {partner.name: partner for partner in (*HALDEN.customers, *HALDEN.suppliers)}
    vat, day = Decimal("0.19"), lambda number: date(2027, 1, number)
    scribe.receipt(day(12), partner["Optik Nord GmbH"], Decimal("18920.00"), vat, "RE-26-1187")
    scribe.batch(
        day(15),
        [(partner["Reuter Glas"], Decimal("4210.00")), (partner["Brandt Logistik"], Decimal("6980.10")), (partner["Stahl & Söhne"], Decimal("1216.20"))],
        vat,
    )
    scribe.cards(scribe.days.index(day(19)), 9, [Decimal("1204.10"), Decimal("986.45"), Decimal("1377.00")], vat)
    scribe.payment(day(25), partner["Linde Präzision"], Decimal("7318.44"), vat, "RG-8812", "RG-8821")
    scribe.unknown(day(28), Decimal("3164.00"), "GUTSCHRIFT 4471")
    plan = Plan(
        receipts=21,
        payments=79,
        batches=(3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4),
        cards=(6, 7, 7, 7),
        late=(("Kessler Optik", Decimal("4880.00")),),
        fee_posted=False,
        receipt_range=(5.7, 6.7),
        payment_range=(4.2, 6.1),
    )
    scribe.run(plan)
    booked = scribe.month.booked
    money_in, money_out = (sum((entry.amount for entry in booked if (entry.amount > 0) is gain), Decimal(0)) for gain in (True, False))
    scribe.receipt(day(20), partner["Photon Sensorik AG"], JANUARY_IN - money_in, vat)
    scribe.payment(day(21), partner["Linde Präzision"], money_out - JANUARY_OUT, vat)


def _reach(scribe: Scribe, target: Decimal) -> None:
    """One more receipt or payment, so that the month's entries come to `target`."""
    apart = target - sum((entry.amount for entry in scribe.month.booked), Decimal(0))
    on = scribe.days[9]
    if apart > 0:
        scribe.receipt(on, HALDEN.customers[-1], apart, Decimal("0.19"))
    else:
        scribe.payment(on, HALDEN.suppliers[0], -apart, Decimal("0.19"))


def _write_halden(month: Month, number: int, before: str, says: str, answer: Answered) -> tuple[int, str]:
    name = f"halden-{month.first:%Y-%m}"
    number = 1 if month.first.month == 1 else number
    files = {paper.name: paper.data for paper in year.papers(HALDEN, month, number)}
    write_month(name, says, HALDEN, month, files, before, answer)
    return number + year.statements(month), name


def _answer_january(item: Item, both: Books) -> dict[str, Any] | None:
    """The swapped digits by hand; the unknown credit is a question."""
    if item.amount == Decimal("-7318.44"):
        if item.key not in both.statement.by_key:
            return None
        other = next(posted for posted in both.ledger.items if posted.amount == item.amount)
        values = {"statement": [item.key], "ledger": [other.key], "note": "Two digits of the reference are swapped; invoice seen."}
        return {"command": "match", "values": values}
    if item.amount == Decimal("3164.00"):
        words = "Who paid this? The bank gives no more than the account's last digits."
        return {"command": "explain", "values": {"item": item.key, "kind": "question", "words": words}}
    return year.answer(item, both)


def write_month(name: str, says: str, firm: Firm, month: Month, files: Mapping[str, bytes], before: str, answer: Answered) -> None:
    """The folder with its files, then moves and expectations as the service itself finds them."""
    slots = ("statement", "ledger")
    papers = [{"slot": slot, "file": file} for slot, file in zip(slots, files, strict=True)]
    case: dict[str, Any] = {
        "says": says,
        "on": month.until,
        "after": before,
        "period": {"from": month.first, "until": month.until},
        "entity": year.entity_of(firm),
    }
    case |= {"papers": papers, "moves": [{"step": "prepare", "take": True}]}
    write_case(FOLDER / name, case, files)
    played = examples.play("bookkeeping", name)
    both = books(played.case)
    answers = [move for item in open_items(both, prepared(played.case)) if (move := answer(item, both))]
    case["moves"] += [{"step": "prepare", **move} for move in answers]
    write_case(FOLDER / name, case, files)
    played = examples.play("bookkeeping", name)
    state = prepared(played.case)
    case["expects"] = {
        "findings": [finding.code for finding in played.findings],
        "groups": len(state.ties),
        "open": len(open_items(books(played.case), state)),
        "apart": str(books(played.case).bridge(state.matched).apart),
        "quantities": {quantity.measure: str(quantity.count) for quantity in LINE.count(played.case)},
    }
    write_case(FOLDER / name, case, files)


def write_case(folder: Path, case: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """`case.toml` and the files beside it."""
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "case.toml").write_text("\n".join(_toml(case)) + "\n", "utf-8")


def _toml(case: Mapping[str, Any]) -> Iterable[str]:
    tables = {key: value for key, value in case.items() if isinstance(value, Mapping)}
    rows = {key: value for key, value in case.items() if isinstance(value, list)}
    yield from (f"{key} = {_value(value)}" for key, value in case.items() if key not in tables and key not in rows and value != "")
    for key, table in tables.items():
        yield from ("", f"[{key}]", *(f"{name} = {_value(value)}" for name, value in table.items()))
    for key, entries in rows.items():
        for entry in entries:
            yield from ("", f"[[{key}]]", *(f"{name} = {_value(value)}" for name, value in entry.items()))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {_value(held)}" for key, held in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(held) for held in value) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()

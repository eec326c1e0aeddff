"""The cases with planted errors: each paper is refused for one thing, at its line, and moves that are not allowed say why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from remit.formats import ledgers, statements
from remit.formats.ledgers import Mapped
from remit.lines.bookkeeping.books import as_items, as_posted
from remit.lines.bookkeeping.examples.firms import NORDLICHT, VITOSHA, Firm
from remit.lines.bookkeeping.examples.months import Plan, Scribe
from remit.lines.bookkeeping.examples.papers import ledger_csv, mt940

FIRST, LAST, UNTIL = date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1)
Write = Callable[..., None]


def write(folder: Path, entity_of: Callable[[Firm], dict[str, Any]], write_case: Write) -> None:
    """Both cases."""
    papers(folder, entity_of, write_case)
    broken_chain(folder, entity_of, write_case)


def papers(folder: Path, entity_of: Callable[[Firm], dict[str, Any]], write_case: Write) -> None:
    """A month whose papers are wrong one by one, then two halves of a statement with a gap between."""
    scribe = Scribe(NORDLICHT, Decimal("41870.36"))
    scribe.begin(FIRST)
    scribe.run(Plan(receipts=9, payments=8, batches=(), cards=(), payment_range=(4.0, 5.3), wages=Decimal("9120.00"), rent=Decimal("1420.00")))
    month = scribe.end()
    right = mt940(NORDLICHT.iban, month.bank_opening, month.booked, 1, FIRST, LAST)
    footless = right.replace(*_one_cent(right))
    ledger = ledger_csv(NORDLICHT, month.opening, FIRST, month.posted)
    crooked = next(at for at, posted in enumerate(month.posted) if posted.account == NORDLICHT.number("bank"))
    wrong = [replace(posted, amount=posted.amount + Decimal("0.90")) if at == crooked else posted for at, posted in enumerate(month.posted)]
    voucher_line = _line_of(ledger, month.posted[crooked].voucher)
    half = len(month.booked) // 2
    middle = month.bank_opening + sum((entry.amount for entry in month.booked[:half]), Decimal(0))
    rest = month.booked[half + 1 :]
    gap = middle + month.booked[half].amount
    elsewhere = [replace(posted, account="1800" if posted.account == "1200" else posted.account) for posted in month.posted]
    moved = [replace(entry, on=entry.on.replace(month=2, day=min(entry.on.day, 26))) for entry in month.booked]
    moved.sort(key=lambda entry: entry.on)
    files = {
        "statement-does-not-foot.sta": footless,
        "statement-of-another-account.sta": mt940(VITOSHA.iban, month.bank_opening, month.booked, 1, FIRST, LAST),
        "statement-in-dollars.sta": right.replace(b"EUR", b"USD"),
        "statement-of-february.sta": mt940(NORDLICHT.iban, month.bank_opening, moved[:1], 2, UNTIL, date(2027, 2, 28)),
        "ledger-voucher-unbalanced.csv": ledger_csv(NORDLICHT, month.opening, FIRST, wrong),
        "ledger-without-bank.csv": ledger_csv(_with_account(NORDLICHT), {}, FIRST, elsewhere),
        "statement-first-half.sta": mt940(NORDLICHT.iban, month.bank_opening, month.booked[:half], 1, FIRST, month.booked[half - 1].on),
        "statement-after-a-gap.sta": mt940(NORDLICHT.iban, gap, rest, 3, rest[0].on, LAST),
        "ledger-2027-01.csv": ledger,
        "ledger-corrected.csv": ledger_csv(NORDLICHT, month.opening, FIRST, [replace(posted, text=f"{posted.text} (korrigiert)") for posted in month.posted]),
    }
    refusals = {
        "statement-does-not-foot.sta": ("bank.statement_foots", _line_of(right, ":62F:"), "closing"),
        "statement-of-another-account.sta": ("bank.wrong_account", 1, "account"),
        "statement-in-dollars.sta": ("bank.wrong_currency", 1, "currency"),
        "statement-of-february.sta": ("bank.outside_period", 5, "booked_on"),
        "ledger-voucher-unbalanced.csv": ("ledger.balances", voucher_line, "voucher"),
        "ledger-without-bank.csv": ("ledger.no_bank_account", None, "account"),
    }
    says = "A month with planted errors: papers that are refused at their line, a statement missing between two, moves that are not allowed."
    case: dict[str, Any] = {"says": says, "on": UNTIL, "period": {"from": FIRST, "until": UNTIL}, "entity": entity_of(NORDLICHT)}
    case["expects"] = {"findings": ["bank.statements_apart", "recon.lost", "recon.bridge", "recon.explained"]}
    case["papers"] = [_paper(name, refusals.get(name)) for name in files]
    case["moves"] = _forbidden(files)
    write_case(folder / "planted-errors", case, files)


def broken_chain(folder: Path, entity_of: Callable[[Firm], dict[str, Any]], write_case: Write) -> None:
    """A February that does not begin where January was closed."""
    scribe = Scribe(VITOSHA, Decimal("70000.00"))
    scribe.begin(UNTIL)
    scribe.run(Plan(receipts=4, payments=5, batches=(), cards=(), payment_range=(4.0, 5.0), wages=Decimal("11940.60"), rent=Decimal("1180.00")))
    month = scribe.end()
    january = [replace(posted, on=date(2027, 1, 29)) if posted.voucher == "KE-0001" else posted for posted in month.posted]
    files = {
        "statement-2027-02.sta": mt940(VITOSHA.iban, month.bank_opening, month.booked, 2, UNTIL, date(2027, 2, 28)),
        "ledger-with-january.csv": ledger_csv(VITOSHA, month.opening, UNTIL, sorted(january, key=lambda posted: posted.on)),
        "ledger-2027-02.csv": ledger_csv(VITOSHA, month.opening, UNTIL, month.posted),
    }
    refusals = {
        "statement-2027-02.sta": ("bank.opening_differs", 4, "opening"),
        "ledger-with-january.csv": ("ledger.outside_period", _line_of(files["ledger-with-january.csv"], "KE-0001"), "booked_on"),
    }
    case: dict[str, Any] = {"says": "A February that does not begin where January was closed.", "on": date(2027, 3, 1), "after": "vitosha-2027-01"}
    case |= {"period": {"from": UNTIL, "until": date(2027, 3, 1)}, "entity": entity_of(VITOSHA)}
    case["expects"] = {"findings": ["ledger.opening_differs", "recon.explained"]}
    case["papers"] = [_paper(name, refusals.get(name)) for name in files]
    write_case(folder / "broken-chain", case, files)


def _paper(name: str, refusal: tuple[str, int | None, str] | None) -> dict[str, Any]:
    paper: dict[str, Any] = {"slot": "statement" if name.endswith(".sta") else "ledger", "file": name}
    if name == "ledger-corrected.csv":
        paper["late"] = True
    if refusal:
        code, line, field = refusal
        paper["refused"] = [{"code": code, **({"line": line} if line else {}), "field": field}]
    return paper


def _forbidden(files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Each move that the state does not allow, with the rule that it breaks."""
    file, _ = statements.read(files["statement-first-half.sta"])
    ledger, _ = ledgers.read(files["ledger-2027-01.csv"], Mapped.of(NORDLICHT.mapping))
    assert file is not None
    assert ledger is not None
    left, right = as_items(file.statements[0].entries), as_posted(ledger.of(NORDLICHT.number("bank")))
    one = left[0].key
    same = next(item.key for item in right if item.amount == left[0].amount)
    other = next(item.key for item in right if item.amount != left[0].amount)
    told = (
        ("match", {"statement": [one], "ledger": []}, "work.two_sides"),
        ("match", {"statement": [one], "ledger": [other]}, "work.sums_differ"),
        ("match", {"statement": ["0000"], "ledger": [other]}, "work.unknown_item"),
        ("match", {"statement": [one], "ledger": [same]}, ""),
        ("match", {"statement": [one], "ledger": [same]}, "work.already_matched"),
        ("split", {"item": other}, "work.not_matched"),
        ("explain", {"item": other, "kind": "because", "words": "So it is."}, "work.unknown_kind"),
        ("explain", {"item": other, "kind": "timing", "words": " "}, "work.no_words"),
        ("propose", {"item": other, "account": "4970", "words": ""}, "work.only_statement"),
        ("propose", {"item": left[1].key, "account": "", "words": ""}, "work.no_account"),
        ("withdraw", {"item": other}, "work.no_answer"),
    )
    return [{"step": "prepare", "command": command, "values": values, "cannot": cannot} for command, values, cannot in told]


def _one_cent(statement: bytes) -> tuple[bytes, bytes, int]:
    """The closing balance with its last digit changed."""
    line = next(line for line in statement.splitlines() if line.startswith(b":62F:"))
    return line, line[:-1] + (b"1" if line.endswith(b"0") else b"0"), 1


def _line_of(data: bytes, text: str) -> int:
    return next(at for at, line in enumerate(data.decode("utf-8-sig").splitlines(), 1) if text in line)


def _with_account(firm: Firm) -> Firm:
    return replace(firm, accounts={**firm.accounts, "other_bank": ("1800", "Bank 2")})

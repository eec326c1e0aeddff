"""Recomputes a year's figures from exported files alone: packs (bank statements, ledgers, workbooks, e-invoices, the record) and two lists in JSON.

`python bench/recompute.py FOLDER`; used by bench/year.py. It imports nothing of Remit: bank statements and ledgers are read anew with the standard library,
workbooks with openpyxl, so that a fault of Remit's own readers would show as a difference. Each pack is verified by the verifier that lies in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

CENT = Decimal("0.01")
UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
MT940_LINE = re.compile(rb"^:61:\d{6}(?:\d{4})?(R?[CD])[A-Z]?(\d+,\d*)", re.MULTILINE)
MT940_BALANCE = re.compile(rb"^:(60|62)F:([CD])\d{6}[A-Z]{3}(\d+,\d*)", re.MULTILINE)


@dataclass
class Statement:
    """A bank account's month: amounts of the entries, opening and closing."""

    amounts: list[Decimal]
    opening: Decimal
    closing: Decimal


@dataclass
class Ledger:
    """Balances by account: opening, debit, credit."""

    opening: dict[str, Decimal]
    debit: dict[str, Decimal]
    credit: dict[str, Decimal]

    def closing(self, account: str) -> Decimal:
        return self.opening[account] + self.debit[account] - self.credit[account]


@dataclass
class Found:
    """What was recomputed, how often, and what differed."""

    checked: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def same(self, what: str, where: str, here: Any, there: Any) -> None:
        self.checked[what] += 1
        if here != there:
            self.differences.append(f"{where}: {what}: {here} here, {there} there")


def mt940(content: bytes) -> Statement:
    amounts = [_signed(amount, mark in (b"D", b"RC")) for mark, amount in MT940_LINE.findall(content)]
    balances = {code: _signed(amount, mark == b"D") for code, mark, amount in MT940_BALANCE.findall(content)}
    return Statement(amounts, balances[b"60"], balances[b"62"])


def camt053(content: bytes) -> Statement:
    root = ElementTree.fromstring(content)
    name = root.tag.partition("}")[0] + "}"
    amounts: list[Decimal] = []
    opening = closing = Decimal(0)
    for number, statement in enumerate(root.iter(f"{name}Stmt")):
        balances = {each.findtext(f"{name}Tp/{name}CdOrPrtry/{name}Cd"): _of(each, name) for each in statement.findall(f"{name}Bal")}
        opening = balances["OPBD"] if number == 0 else opening
        closing = balances["CLBD"]
        amounts += [_of(each, name) for each in statement.findall(f"{name}Ntry")]
    return Statement(amounts, opening, closing)


def ledger(content: bytes) -> Ledger:
    """By position: date, voucher, account, name, debit, credit. The first voucher is the opening one."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:]
    found = Ledger(defaultdict(Decimal), defaultdict(Decimal), defaultdict(Decimal))
    for row in rows:
        debit, credit = (Decimal(cell.replace(",", ".") or 0) for cell in row[4:6])
        if row[1] == rows[0][1]:
            found.opening[row[2]] += debit - credit
        else:
            found.debit[row[2]] += debit
            found.credit[row[2]] += credit
    return found


def recomputed(folder: Path, *, price: Any = None) -> dict[str, Any]:
    """Everything of the folder; `price(month)` gives the price of an entry that was agreed for it, where it is known from elsewhere."""
    found = Found()
    invoices = {row["number"]: row for row in json.loads((folder / "invoices.json").read_text())}
    months: dict[str, dict[str, tuple[Statement, Ledger, str]]] = defaultdict(dict)
    nets: dict[str, Decimal] = defaultdict(Decimal)
    for period in sorted(json.loads((folder / "periods.json").read_text()), key=lambda each: each["begins_on"]):
        where, path = f"{period['entity']} {period['begins_on'][:7]}", folder / f"{period['reference']}.zip"
        content = path.read_bytes()
        found.same("hash of the pack", where, hashlib.sha256(content).hexdigest(), period["pack_sha256"])
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            found.same("verdict of the pack's own verifier", where, _verified(pack, path), 0)
            read = _month(pack, period, where, found)
            months[period["entity"]][period["begins_on"]] = read[:3]
            nets[period["entity"]] += _invoice(pack, read, period, where, invoices, price, found)
    for entity, by_month in months.items():
        _chained(entity, by_month, found)
    found.same("net of all invoices", "year", sum(nets.values(), Decimal(0)), sum((Decimal(row["net"]) for row in invoices.values()), Decimal(0)))
    return {
        "stage": "recomputed",
        "months": sum(len(by_month) for by_month in months.values()),
        "figures": sum(found.checked.values()),
        "of_kinds": dict(found.checked),
        "net_by_company": {entity: str(net) for entity, net in nets.items()},
        "differences": found.differences,
    }


def _verified(pack: zipfile.ZipFile, path: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        verifier = Path(folder) / "verify.py"
        verifier.write_bytes(pack.read("verify.py"))
        return subprocess.run([sys.executable, "-I", str(verifier), str(path)], capture_output=True, check=False).returncode


def _month(pack: zipfile.ZipFile, period: dict[str, Any], where: str, found: Found) -> tuple[Statement, Ledger, str, dict[str, str]]:
    """The month's papers read anew, compared with the workbook of the last deliverable; gives them, the bank's account in the ledger, and the quantities."""
    handed_in = [files for kind, files in _entries(pack, period) if kind == "deliverable.handed_in"][-1]
    manifest = json.loads(_file(pack, handed_in["manifest.json"]))
    inputs = {each["slot"]: each for each in manifest["inputs"]}
    paper = _file(pack, inputs["statement"]["sha256"])
    statement = camt053(paper) if inputs["statement"]["name"].endswith(".xml") else mt940(paper)
    books = ledger(_file(pack, inputs["ledger"]["sha256"]))
    sheet = next(name for name in handed_in if name.endswith(".xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(_file(pack, handed_in[sheet])), data_only=True)
    account = _account(book)
    bridge = [row[1:3] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
    here = [
        (statement.opening, books.opening[account]),
        (sum(each for each in statement.amounts if each > 0), books.debit[account]),
        (sum(each for each in statement.amounts if each < 0), -books.credit[account]),
        (statement.closing, books.closing(account)),
    ]
    for number, (what, row) in enumerate(zip(("opening", "in", "out", "closing"), here, strict=True)):
        for side, figure, cell in zip(("statement", "ledger"), row, bridge[number], strict=True):
            found.same(f"{what} of the {side}", where, _cents(figure), _cents(cell))
    found.same("the statement foots", where, _cents(statement.opening + sum(statement.amounts, Decimal(0))), _cents(statement.closing))
    found.same("reconciled on both sides", where, _cents(bridge[5][0]), _cents(bridge[5][1]))
    found.same("closing and what is open", where, _cents(statement.closing) + _cents(bridge[4][0]), _cents(books.closing(account)) + _cents(bridge[4][1]))
    _balances(book, books, where, found)
    return statement, books, account, {each["measure"]: each["count"] for each in manifest["quantities"]}


def _account(book: Any) -> str:
    """The bank's account in the ledger, as the first sheet names it in its fourth row."""
    return str(book.worksheets[0].cell(4, 2).value)


def _balances(book: Any, books: Ledger, where: str, found: Found) -> None:
    """The trial balance, account by account, with its totals."""
    rows = [row for row in book.worksheets[-1].iter_rows(min_row=2, values_only=True) if row[0] is not None]
    for row in rows[:-1]:
        account = str(row[0])
        for what, figure, cell in zip(
            ("opening", "debit", "credit", "closing"),
            (books.opening[account], books.debit[account], books.credit[account], books.closing(account)),
            row[2:6],
            strict=True,
        ):
            found.same(f"{what} of an account", f"{where} {account}", _cents(figure), _cents(cell))
    accounts = {*books.opening, *books.debit, *books.credit}
    found.same("accounts of the trial balance", where, len(accounts), len(rows) - 1)
    found.same("the trial balance is nought", where, _cents(sum((books.closing(each) for each in accounts), Decimal(0))), Decimal("0.00"))


def _invoice(pack: zipfile.ZipFile, read: Any, period: dict[str, Any], where: str, invoices: dict[str, Any], price: Any, found: Found) -> Decimal:
    """The invoice of a month: its quantities by the papers, its amounts by quantity and price, its tax, and what the list says of it. Gives the net."""
    statement, _books, _account_number, quantities = read
    drawn = [files for kind, files in _entries(pack, period) if kind == "invoice.drawn"]
    found.same("one invoice a month", where, len(drawn), 1)
    number = next(name[:-4] for name in drawn[0] if name.endswith(".xml"))
    root = ElementTree.fromstring(_file(pack, drawn[0][f"{number}.xml"]))
    net = Decimal(0)
    for line in root.findall("cac:InvoiceLine", UBL):
        quantity = Decimal(line.findtext("cbc:InvoicedQuantity", "", UBL))
        unit_price = Decimal(line.findtext("cac:Price/cbc:PriceAmount", "", UBL))
        amount = (quantity * unit_price).quantize(CENT, ROUND_HALF_UP)
        found.same("amount of an invoice line", where, amount, Decimal(line.findtext("cbc:LineExtensionAmount", "", UBL)))
        net += amount
        if unit_price < 5:
            found.same("bank entries charged", where, quantity, len(statement.amounts))
            found.same("bank entries in the manifest", where, quantity, Decimal(quantities["entry"]))
            if price is not None:
                found.same("price of an entry", where, unit_price, price(period["begins_on"]))
    totals = root.find("cac:LegalMonetaryTotal", UBL)
    rate = Decimal(root.findtext("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent", "0", UBL))
    tax = (net * rate / 100).quantize(CENT, ROUND_HALF_UP)
    listed = invoices[number]
    for what, figure, name in (("net", net, "TaxExclusiveAmount"), ("total", net + tax, "TaxInclusiveAmount")):
        found.same(f"{what} of the invoice", where, figure, Decimal(totals.findtext(f"cbc:{name}", "", UBL) if totals is not None else "NaN"))
        found.same(f"{what} in the list", where, figure, Decimal(listed[what]))
    found.same("tax of the invoice", where, tax, Decimal(root.findtext("cac:TaxTotal/cbc:TaxAmount", "", UBL)))
    found.same("hash of the invoice", where, drawn[0][f"{number}.xml"], listed["ubl_sha256"])
    return net


def _chained(entity: str, by_month: dict[str, tuple[Statement, Ledger, str]], found: Found) -> None:
    """What a month closes with is what the next opens with, at the bank and in the ledger."""
    ordered = [by_month[month] for month in sorted(by_month)]
    for (before, books, account), (after, further, _) in itertools.pairwise(ordered):
        found.same("opening at the bank from the month before", entity, before.closing, after.opening)
        found.same("opening in the ledger from the month before", entity, books.closing(account), further.opening[account])


def _entries(pack: zipfile.ZipFile, period: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    """Kind and files (name to hash) of each entry of the period, in order."""
    found = []
    for name in pack.namelist():
        if name.endswith("entries.jsonl"):
            for line in pack.read(name).splitlines():
                said = json.loads(line)
                if said["predicate"].get("within", {}).get("id") == period["id"]:
                    found.append((said["predicate"]["kind"], {each["name"]: each["digest"]["sha256"] for each in said["subject"] if "name" in each}))
    return found


def _file(pack: zipfile.ZipFile, sha256: str) -> bytes:
    content = pack.read(f"files/{sha256}")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError(sha256)
    return content


def _of(element: Any, name: str) -> Decimal:
    amount = Decimal(element.findtext(f"{name}Amt"))
    return amount if element.findtext(f"{name}CdtDbtInd") == "CRDT" else -amount


def _signed(amount: bytes, is_debit: bool) -> Decimal:
    value = Decimal(amount.decode().replace(",", "."))
    return -value if is_debit else value


def _cents(figure: Any) -> Decimal:
    return Decimal(str(figure or 0)).quantize(CENT, ROUND_HALF_UP)


if __name__ == "__main__":
    said = recomputed(Path(sys.argv[1]))
    print(json.dumps(said, ensure_ascii=False))
    sys.exit(1 if said["differences"] else 0)

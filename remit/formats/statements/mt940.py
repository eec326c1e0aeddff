"""MT940: cut into messages and fields with their lines by us, each field read by the library's patterns."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mt940 import Options
from mt940.models import Transactions
from mt940.tags import (
    AccountIdentification,
    FinalClosingBalance,
    FinalOpeningBalance,
    StatementASNB,
    StatementGLS,
    SumDebitEntries,
    Tag,
)
from mt940.tags import (
    Statement as StatementTag,
)

from remit.domain.line import Finding
from remit.formats.statements.details import details_of
from remit.formats.statements.values import Entry, Statement, StatementFile, is_iban
from remit.formats.table.rules import found

# The library logs what it cannot read, word for word: payments of strangers do not belong into a log.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_FIELD = re.compile(r":(\d{2}[A-Z]?|NS):")
_WRAPPER = re.compile(r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:|^-?\}|-\}$")
_COUNTED = re.compile(r"(\d{1,20})(?:\s*/\s*(\d{1,20}))?")
_END = re.compile(r"\s*-(XXX)?\s*")
_CONTEXT = Transactions(options=Options.all())
"""Patterns ask it for the options only."""
_ENTRY_TAGS = (StatementTag(), StatementGLS(), StatementASNB())
_ACCOUNT, _OPENING, _CLOSING, _SUM = AccountIdentification(), FinalOpeningBalance(), FinalClosingBalance(), SumDebitEntries()
_MANDATORY = (("25", ":25:"), ("60", ":60F:"), ("62", ":62F:"))


@dataclass(frozen=True)
class Field:
    """One field: its tag without the colons, the line that it starts in, its lines of text."""

    tag: str
    line: int
    lines: tuple[str, ...]

    @property
    def value(self) -> str:
        """Its text with line ends, without empty lines at its end."""
        return "\n".join(self.lines).strip()


@dataclass
class _Message:
    """A message while it is being read."""

    line: int
    statement: Statement
    entries: list[Entry] = field(default_factory=list)
    texts: list[list[Field]] = field(default_factory=list)
    has: set[str] = field(default_factory=set)
    interim: bool = False


def looks_like(text: str) -> bool:
    """Whether the text has fields of a statement message at the start of its lines."""
    return bool(re.search(r"^:(20|25P?|28C?|60[FM]?|61|62[FM]?|64|86):", text[:20000], re.MULTILINE))


def read(text: str, encoding: str = "utf-8") -> tuple[StatementFile | None, tuple[Finding, ...]]:
    """The statements of a file, one a message; None where no message has even an account and a balance, for that is a piece of a statement."""
    findings: list[Finding] = []
    fields = list(_fields(text, findings))
    messages = [_message(part, findings) for part in _messages(fields)]
    statements = tuple(message.statement for message in messages)
    if not statements:
        return None, (*findings, found("bank.nothing_inside"))
    if not any("25" in message.has and (message.has & {"60", "62"} or message.interim) for message in messages):
        lacking = ", ".join(dict.fromkeys(name for message in messages for tag, name in _MANDATORY if tag not in message.has))
        return None, (*findings, found("bank.fragment", messages[0].line, "", fields=lacking))
    for message in messages:
        # An interim report (MT942) has no balances.
        mandatory = _MANDATORY[:1] if message.interim else _MANDATORY
        findings.extend(found("bank.field_missing", message.line, name, field=name) for tag, name in mandatory if tag not in message.has)
    return StatementFile(form="mt940", statements=statements, encoding=encoding, lines=text.count("\n") + (not text.endswith("\n"))), tuple(findings)


def _fields(text: str, findings: list[Finding]) -> Iterator[Field]:
    """Fields in order. A line that begins with no tag continues the field before it; the wrapper round messages ends one."""
    tag, start = "", 0
    lines: list[str] = []
    for line, raw in enumerate(text.split("\n"), start=1):
        content = _WRAPPER.sub("", raw)
        match = _FIELD.match(content.lstrip())
        ends = bool(_END.fullmatch(content)) or (content != raw and not match and not content.strip())
        if (match or ends) and tag:
            yield Field(tag, start, tuple(lines))
            tag = ""
        if match:
            tag, start, lines = match[1], line, [content.lstrip()[match.end() :]]
        elif tag and not ends:
            lines.append(content)
    if tag:
        yield Field(tag, start, tuple(lines))


def _messages(fields: Iterable[Field]) -> Iterator[list[Field]]:
    """A message begins with :20:; where banks leave it out, with :25: or :60: after a balance or entry was given."""
    part: list[Field] = []
    body: set[str] = set()
    for one in fields:
        begins = one.tag == "20" or (one.tag[:2] in ("25", "60") and bool(body & {"61", "62", one.tag[:2]}))
        if begins and part:
            yield part
            part, body = [], set()
        part.append(one)
        body.add(one.tag[:2])
    if part:
        yield part


def _message(fields: list[Field], findings: list[Finding]) -> _Message:
    message = _Message(fields[0].line, Statement(line=fields[0].line, account=""))
    last = ""
    for one in fields:
        kind = one.tag[:2]
        message.has.add(kind)
        message.interim = message.interim or kind in ("34", "90")
        if kind == "86":
            if last == "61" and message.texts:
                message.texts[-1].append(one)
            continue
        _take(message, one, findings)
        last = kind
    entries = tuple(_with_text(entry, texts) for entry, texts in zip(message.entries, message.texts, strict=True))
    currency = message.statement.currency
    message.statement = replace(message.statement, entries=tuple(replace(entry, currency=currency) for entry in entries))
    return message


def _take(message: _Message, one: Field, findings: list[Finding]) -> None:
    """Put one field into the message; a field that does not read is a finding at its line, and the rest is read on."""
    statement, kind = message.statement, one.tag[:2]
    if kind == "20":
        message.statement = replace(statement, reference=one.value.split("\n")[0].strip())
    elif kind == "25":
        message.statement = replace(statement, **_account(one.value))
    elif kind == "28":
        message.statement = replace(statement, number=_number(one.value))
    elif kind in ("60", "62"):
        balance = _balance(one, _OPENING if kind == "60" else _CLOSING)
        if balance is None:
            findings.append(found("bank.field_wrong", one.line, f":{one.tag}:", text=one.value[:60], field=f":{one.tag}:"))
            return
        amount, on, currency = balance
        if statement.currency and currency != statement.currency:
            findings.append(found("bank.one_currency", one.line, f":{one.tag}:", currency=currency, other=statement.currency))
        side = "opening" if kind == "60" else "closing"
        known: dict[str, Any] = {side: amount, f"{side}_on": on, f"{side}_line": one.line, f"{side}_partial": one.tag.endswith("M")}
        known[f"{side}_currency"] = currency if statement.currency and currency != statement.currency else ""
        message.statement = replace(statement, currency=statement.currency or currency, **known)
    elif kind == "61":
        entry = _entry(one)
        if entry is None:
            findings.append(found("bank.field_wrong", one.line, ":61:", text=one.value.split("\n")[0][:60], field=":61:"))
            return
        message.entries.append(entry)
        message.texts.append([])
    elif kind == "90":
        _sums(message, one)


def _parsed(tag: Tag, value: str) -> Mapping[str, Any] | None:
    """The groups of a tag's pattern, or None. The library raises RuntimeError where it does not match."""
    try:
        return tag.parse(_CONTEXT, value)
    except (RuntimeError, ValueError):
        return None


def _account(value: str) -> dict[str, Any]:
    value = value.split("\n")[0].strip()
    parsed = _parsed(_ACCOUNT, value)
    account = str(parsed["account_identification"] if parsed else value).strip()
    bank, _, number = account.rpartition("/")
    # German and Swiss banks write the bank's code before a slash, and some the currency after the number.
    plain = re.sub(r"(?<=\d)[A-Z]{3}$", "", number.strip())
    return {"account": plain if plain else account, "account_form": "iban" if is_iban(plain) else "other", "bank": bank.strip()}


def _number(value: str) -> str:
    """Number, with the page after a slash; nothing where the bank writes zeros, for it does not count then."""
    match = _COUNTED.match(value)
    number, page = (match[1].lstrip("0"), (match[2] or "").lstrip("0")) if match else ("", "")
    return f"{number}/{page}" if number and page else number


def _balance(one: Field, tag: Tag) -> tuple[Decimal, date, str] | None:
    parsed = _parsed(tag, one.value)
    if parsed is None:
        return None
    on = _date(parsed["year"], parsed["month"], parsed["day"])
    amount = _amount(parsed["amount"])
    if on is None or amount is None or not re.fullmatch(r"[A-Za-z]{3}", parsed["currency"]):
        return None
    return (-amount if parsed["status"].upper() == "D" else amount), on, parsed["currency"].upper()


def _entry(one: Field) -> Entry | None:
    value = one.value
    first, _, rest = value.partition("\n")
    for tag in _ENTRY_TAGS:
        parsed = _parsed(tag, value)
        # The first pattern cuts a longer reference at 16, and would take its end and the bank's reference for free text.
        if parsed is None or (tag is _ENTRY_TAGS[0] and not parsed.get("bank_reference") and "//" in first):
            continue
        value_on, amount = _date(parsed["year"], parsed["month"], parsed["day"]), _amount(parsed["amount"])
        if value_on is None or amount is None:
            continue
        mark = parsed["status"].upper()
        booked_on = _entry_date(value_on, str(parsed.get("entry_month") or "").strip(), str(parsed.get("entry_day") or "").strip())
        more = str(parsed.get("extra_details") or "").strip()
        return Entry(
            line=one.line,
            booked_on=booked_on or value_on,
            booked_stated=booked_on is not None,
            value_on=value_on,
            amount=-amount if mark in ("D", "RC") else amount,
            currency="",
            reference=_known(parsed["customer_reference"]),
            bank_reference=_known(parsed.get("bank_reference")),
            kind=str(parsed.get("id") or ""),
            reversal=mark in ("RC", "RD"),
            text=more,
        )
    # Free text after the first line must not make an entry unreadable.
    return _entry(Field(one.tag, one.line, (first,))) if rest else None


def _known(reference: Any) -> str:
    text = str(reference or "").strip()
    return "" if text.upper() in ("NONREF", "NOTPROVIDED") else text


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ".")) if text.strip(",.") else None
    except InvalidOperation:
        return None


def _date(year: str, month: str, day: str, century: int = 2000) -> date | None:
    try:
        # Statements are younger than 1980: 97 is 1997.
        return date(int(year) + (century if int(year) < 80 else century - 100), int(month), int(day))
    except ValueError:
        return None


def _entry_date(value_on: date, month: str, day: str) -> date | None:
    """Month and day only: of the year that brings them nearest to the value date."""
    if not (month.isdigit() and day.isdigit()):
        return None
    near: list[date] = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            near.append(date(year, int(month), int(day)))
        except ValueError:
            continue
    return min(near, key=lambda day: abs((day - value_on).days), default=None)


def _sums(message: _Message, one: Field) -> None:
    """Fields 90C and 90D, of interim reports: number and sum of the entries."""
    parsed = _parsed(_SUM, one.value)
    amount = _amount(parsed["amount"]) if parsed else None
    if parsed is None or amount is None or not parsed["number"]:
        return
    stated: dict[str, Any] = {"out_stated": -amount} if one.tag == "90D" else {"in_stated": amount}
    count = (message.statement.count_stated or 0) + int(parsed["number"])
    message.statement = replace(message.statement, count_stated=count, currency=message.statement.currency or parsed["currency"].upper(), **stated)


def _with_text(entry: Entry, texts: list[Field]) -> Entry:
    """The entry with what its :86: fields say."""
    if not texts:
        return entry
    details = details_of([one.lines for one in texts])
    return replace(
        entry,
        text=" ".join(filter(None, (entry.text, details.text))),
        reference=details.reference or entry.reference,
        counterparty=details.counterparty,
        counterparty_account=details.account,
    )

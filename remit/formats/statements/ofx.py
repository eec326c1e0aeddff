"""OFX, SGML (1.x) and XML (2.x), by the standard's own grammar: an element without text and end is empty, one with text needs no end."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from remit.domain.line import Finding
from remit.formats.statements.values import Entry, Statement, StatementFile
from remit.formats.table.cells import day, number
from remit.formats.table.rules import found

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.{0,20000}?)\]\]>|<!--.{0,20000}?-->|<\?.{0,2000}?\?>|<(?P<end>/?)(?P<tag>[A-Za-z][\w.\-]*)\s*(?P<empty>/?)>", re.DOTALL
)
_DEEPEST = 60
_LONGEST = 20_000
_AGGREGATES = frozenset(("OFX", "SONRS", "STATUS", "FI", "BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "STMTTRN", "LEDGERBAL", "AVAILBAL")) | frozenset(
    ("SIGNONMSGSRSV1", "BANKMSGSRSV1", "STMTTRNRS", "STMTRS", "CREDITCARDMSGSRSV1", "CCSTMTTRNRS", "CCSTMTRS")
)
_STATEMENTS = (("STMTTRNRS", "STMTRS", "BANKACCTFROM"), ("CCSTMTTRNRS", "CCSTMTRS", "CCACCTFROM"))


@dataclass
class Node:
    """An element: its tag in upper case, its line, its text, its children in order."""

    tag: str
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Node]:
        """Descendants of that tag, outermost first, in order."""
        for child in self.children:
            if child.tag == tag:
                yield child
            else:
                yield from child.all(tag)

    def one(self, *tags: str) -> Node | None:
        """The first child of the first tag that there is."""
        return next((child for tag in tags for child in self.children if child.tag == tag), None)

    def value(self, *path: str) -> str:
        """The text at a path of tags, or nothing."""
        node: Node | None = self
        for tag in path:
            node = node.one(tag) if node else None
        return node.text if node else ""


def looks_like(text: str) -> bool:
    """Whether it begins with OFX's header or root."""
    return bool(re.search(r"OFXHEADER|<OFX>", text[:4000], re.IGNORECASE))


def charset(data: bytes) -> str:
    """The encoding that the header states, in Python's name, or nothing."""
    head = data[:2000].decode("latin-1")
    stated = re.search(r'(?:CHARSET:\s*|encoding=")([\w-]+)', head)
    name = stated[1] if stated else ""
    return f"cp{name}" if name.isdigit() else "" if name.upper() == "NONE" else name


def read(text: str, encoding: str = "utf-8") -> tuple[StatementFile | None, tuple[Finding, ...]]:
    """The statements of bank and card accounts. A message of an error instead of a statement is unreadable as one, and says the bank's own words."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        return None, (found("bank.doctype", 1),)
    findings: list[Finding] = []
    root = _tree(text, findings)
    statements: list[Statement] = []
    for wrapper, body, account in _STATEMENTS:
        for answer in root.all(wrapper):
            findings.extend(_refusal(answer))
        for element in root.all(body):
            statements.append(_statement(element, account, findings))
    if not statements:
        sign_on = root.one("OFX") or root
        findings.extend(refusal for one in sign_on.all("SONRS") for refusal in _refusal(one))
        return None, (*findings, found("bank.nothing_inside", None, "STMTRS"))
    return StatementFile(form="ofx", statements=tuple(statements), encoding=encoding, lines=text.count("\n") + (not text.endswith("\n"))), tuple(findings)


def _tree(text: str, findings: list[Finding]) -> Node:
    """Elements as a tree. Where an end tag passes over open elements, those without text were empty, and what seems inside them follows them."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    root = Node("", 1)
    stack = [root]
    at = 0
    for token in _TOKEN.finditer(text):
        _add_text(stack, text[at : token.start()])
        at = token.end()
        if token["cdata"] is not None:
            _add_text(stack, token["cdata"], plain=True)
        elif token["tag"]:
            tag = token["tag"].upper()
            if token["end"]:
                _close(stack, tag)
                continue
            if stack[-1].text and len(stack) > 1:
                stack.pop()
            node = Node(tag, bisect_right(starts, token.start()))
            stack[-1].children.append(node)
            if not token["empty"] and len(stack) < _DEEPEST:
                stack.append(node)
    _add_text(stack, text[at:])
    for node in stack[1:]:
        if node.tag in _AGGREGATES:
            findings.append(found("bank.tag_open", node.line, node.tag, tag=node.tag))
            break
    _settle(stack, 1)
    return root


def _add_text(stack: list[Node], text: str, plain: bool = False) -> None:
    text = " ".join((text if plain else html.unescape(text)).split())
    if text and len(stack) > 1 and len(stack[-1].text) < _LONGEST:
        stack[-1].text = f"{stack[-1].text} {text}".strip()


def _close(stack: list[Node], tag: str) -> None:
    depth = next((at for at in range(len(stack) - 1, 0, -1) if stack[at].tag == tag), 0)
    if depth:
        _settle(stack, depth + 1)
        stack.pop()


def _settle(stack: list[Node], depth: int) -> None:
    """End the open elements from `depth` on; their children, if they are no aggregates, move up behind them."""
    while len(stack) > depth:
        node = stack.pop()
        if node.tag not in _AGGREGATES and node.children:
            stack[-1].children.extend(node.children)
            node.children = []


def _refusal(answer: Node) -> Iterator[Finding]:
    status = answer.one("STATUS")
    if status and status.value("SEVERITY").upper() == "ERROR":
        yield found("bank.bank_refused", status.line, "STATUS", code=status.value("CODE"), message=status.value("MESSAGE"))


def _statement(element: Node, account_tag: str, findings: list[Finding]) -> Statement:
    account, listed, balance = element.one(account_tag), element.one("BANKTRANLIST"), element.one("LEDGERBAL")
    if account is None or not account.value("ACCTID"):
        findings.append(found("bank.field_missing", element.line, "ACCTID", field="ACCTID"))
    entries = [entry for node in (listed.all("STMTTRN") if listed else ()) if (entry := _entry(node, findings))]
    currency = element.value("CURDEF").upper()
    if not currency:
        # Some programs leave CURDEF empty and say the currency with each entry.
        own = {entry.currency for entry in entries}
        currency = own.pop() if len(own) == 1 else ""
        if not currency:
            findings.append(found("bank.currency_missing", element.line, "CURDEF"))
    for entry in entries:
        if entry.currency not in ("", currency):
            findings.append(found("bank.one_currency", entry.line, "CURRENCY", currency=entry.currency, other=currency))
    statement = Statement(
        line=element.line,
        account=account.value("ACCTID") if account else "",
        account_form="other" if account else "",
        bank=account.value("BANKID") if account else "",
        currency=currency,
        starts_on=_date(listed.value("DTSTART")) if listed else None,
        ends_on=_date(listed.value("DTEND")) if listed else None,
        entries=tuple(replace(entry, currency=entry.currency or currency) for entry in entries),
    )
    stated = balance.value("BALAMT") if balance else ""
    if balance is None or not stated:
        return statement
    closing = number(stated)
    if closing is None:
        findings.append(found("bank.field_wrong", balance.line, "BALAMT", text=stated[:60], field="BALAMT"))
        return statement
    amount = balance.one("BALAMT")
    return replace(statement, closing=closing, closing_on=_date(balance.value("DTASOF")), closing_line=amount.line if amount else balance.line)


def _entry(node: Node, findings: list[Finding]) -> Entry | None:
    amount, posted = number(node.value("TRNAMT")), _date(node.value("DTPOSTED"))
    for name, value in (("TRNAMT", amount), ("DTPOSTED", posted)):
        if value is None:
            place = node.one(name) or node
            findings.append(found("bank.field_wrong", place.line, name, text=place.text[:60], field=name))
    if amount is None or posted is None:
        return None
    name, memo = node.value("NAME") or node.value("PAYEE", "NAME"), node.value("MEMO")
    check = node.value("CHECKNUM")
    return Entry(
        line=node.line,
        booked_on=posted,
        value_on=_date(node.value("DTAVAIL")) or _date(node.value("VALUEDATE")),
        amount=amount,
        currency=node.value("CURRENCY", "CURSYM").upper(),
        text=memo or name,
        reference=check if check.strip("0") else node.value("REFNUM"),
        counterparty=name,
        counterparty_account=node.value("BANKACCTTO", "ACCTID"),
        bank_reference=node.value("FITID"),
        kind=node.value("TRNTYPE").upper(),
    )


def _date(text: str) -> date | None:
    """The day as written; time and zone after it are dropped."""
    return day(text[:8]) if text[:8].isdigit() else None

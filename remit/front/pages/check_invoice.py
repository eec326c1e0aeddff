"""The answer about an e-invoice: each EN 16931 rule that it breaks, with the line where; and what validity does not show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.domain.line import Finding
from remit.domain.money import Money
from remit.formats.hostile import RULES as LIMITS
from remit.formats.invoices.check import Checked, Facts, check
from remit.formats.invoices.papers import Unreadable
from remit.formats.invoices.rules import BrokenRule
from remit.formats.table.decode import decode
from remit.front.pages import reading
from remit.front.pages.checks import Answer, Check, Row, lines_around, unreadable, words

MOST_RULES = 12
SECONDS = 15.0
"""A process that checks its first invoice compiles the rules before."""


def invoice_answer(name: str, data: bytes) -> Answer:
    """`data` is the invoice as it was uploaded; it is checked in a process of its own, as if it were hostile."""
    found = reading.apart(check, data, seconds=SECONDS)
    if isinstance(found, Finding):
        return unreadable("invoice", name, _("It could not be checked"), words().finding(found, LIMITS[found.code]))
    return answer(name, found, "" if data.lstrip().startswith(b"%PDF-") else decode(data)[0] or "")


def answer(name: str, found: Checked | Unreadable, text: str) -> Answer:
    """`text` is the invoice as read by eye; empty where it is a PDF."""
    if isinstance(found, Unreadable):
        title = _("It cannot be read: look at line %(line)s") % {"line": found.line} if found.line else _("It cannot be read as an e-invoice")
        says = " ".join(filter(None, (words().reason(found.reason), words().reason(found.reason.cure) if found.reason.cure else "")))
        return unreadable("invoice", name, title, says, excerpt=lines_around(text, [found.line] if found.line else []))
    fatal = [broken for broken in found.broken if broken.flag == "fatal"]
    first = next((broken for broken in fatal if broken.line), None)
    count = {"count": words().number(len(fatal))}
    title = ngettext("It breaks %(count)s rule", "It breaks %(count)s rules", len(fatal)) % count if fatal else _("It is valid")
    rules = _("EN 16931, rules %(version)s") % {"version": found.rules_version}
    return Answer(
        kind="invoice",
        name=name,
        holds=found.valid,
        icon="file-x" if fatal else "file-check",
        title=title,
        says=fatal[0].says if fatal else _("Schema and every rule of the standard were run over it: none that makes an invoice invalid is broken."),
        read=", ".join(filter(None, (found.form, found.attached, rules))),
        caption=_("The invoice says"),
        is_text=True,
        rows=tuple(_rows(found.facts)),
        excerpt=lines_around(text, [first.line] if first else []),
        checks=_checks(found.broken, bool(fatal)),
        limits=(
            _("That the work was done, that the price was agreed, and that nobody was billed for it before."),
            _("The rules of single countries and networks that go beyond EN 16931, such as XRechnung or Peppol."),
        ),
        keeps=True,
    )


def _rows(facts: Facts) -> Iterable[Row]:
    said = ((_("Number"), facts.number), (_("Issued"), _day(facts.issued)), (_("Seller"), facts.seller), (_("Buyer"), facts.buyer))
    for label, value in (*said, (_("Payable"), _money(facts))):
        yield Row(label, value or "–")


def _day(stated: str) -> str:
    """2027-01-31 or, as CII writes it, 20270131; what is no date stays as it stands there."""
    try:
        return words().date(date.fromisoformat(stated))
    except ValueError:
        return stated


def _money(facts: Facts) -> str:
    try:
        return str(words().value(Money(Decimal(facts.payable), facts.currency)))
    except (InvalidOperation, ValueError):
        return f"{facts.payable} {facts.currency}".strip()


def _checks(broken: tuple[BrokenRule, ...], is_bad: bool) -> tuple[Check, ...]:
    shown = [Check(one.says, "bad" if one.flag == "fatal" else "warn", _where(one), one.rule) for one in broken[:MOST_RULES]]
    rest = len(broken) - MOST_RULES
    if rest > 0:
        shown.append(
            Check(ngettext("and %(count)s more rule", "and %(count)s more rules", rest) % {"count": words().number(rest)}, "bad" if is_bad else "warn")
        )
    if not is_bad:
        shown.insert(0, Check(_("No fatal rule is broken")))
    return tuple(shown)


def _where(broken: BrokenRule) -> str:
    line = _("line %(line)s") % {"line": broken.line} if broken.line else ""
    return ", ".join(filter(None, (line, broken.place.rpartition("/")[2])))

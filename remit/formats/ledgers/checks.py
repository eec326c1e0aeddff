"""Whether the books of a month agree with themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from remit.domain.line import Finding
from remit.formats.ledgers.values import Ledger, LedgerEntry
from remit.formats.table.rules import found


def check(ledger: Ledger) -> tuple[Finding, ...]:
    """Every check of the ledger as a whole."""
    return (*_openings(ledger), *_currencies(ledger), *balances(ledger))


def balances(ledger: Ledger) -> Iterator[Finding]:
    """Every voucher's debits equal its credits, by currency; the place is the voucher's first line.

    Where the export names no vouchers, the totals; an export of one account alone cannot show it, and that is said.
    """
    accounts = {entry.account for entry in ledger.entries}
    if len(accounts) == 1:
        yield found("ledger.one_account", None, "account", account=next(iter(accounts)))
        return
    if not any(entry.voucher for entry in ledger.entries):
        yield found("ledger.no_vouchers", None, "voucher")
        for entries in _grouped(ledger.entries, lambda entry: (entry.currency,)).values():
            debit, credit = _sides(entries)
            if debit != credit:
                yield found("ledger.total_balances", entries[0].line, "", debit=debit, credit=credit, apart=debit - credit)
        return
    for (voucher, _), entries in _grouped(ledger.entries, lambda entry: (entry.voucher, entry.currency)).items():
        debit, credit = _sides(entries)
        if debit != credit:
            yield found("ledger.balances", entries[0].line, "voucher", voucher=voucher, debit=debit, credit=credit, apart=debit - credit)


def _sides(entries: Iterable[LedgerEntry]) -> tuple[Decimal, Decimal]:
    entries = tuple(entries)
    return sum((entry.debit for entry in entries), Decimal(0)), sum((entry.credit for entry in entries), Decimal(0))


def _grouped(entries: Iterable[LedgerEntry], key: Callable[[LedgerEntry], tuple[str, ...]]) -> dict[tuple[str, ...], list[LedgerEntry]]:
    groups: dict[tuple[str, ...], list[LedgerEntry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def _openings(ledger: Ledger) -> Iterator[Finding]:
    apart = sum(ledger.opening.values(), Decimal(0))
    if apart and len(ledger.opening) > 1:
        yield found("ledger.opening_balances", None, "", apart=apart)


def _currencies(ledger: Ledger) -> Iterator[Finding]:
    currencies = sorted({entry.currency for entry in ledger.entries})
    if len(currencies) > 1:
        yield found("ledger.currencies", None, "currency", currencies=", ".join(currency or "?" for currency in currencies))

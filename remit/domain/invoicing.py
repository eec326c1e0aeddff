"""Invoices drawn from accepted work: each line by the card of its day, nothing twice, and what is refused says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from remit.domain.money import Money
from remit.domain.pricing import Basis, Price, RateCard, price, rounded
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.taxation import Party, TaxSum, TaxTreatment, obstacles
from remit.domain.timekeeping import hours

Kind = Literal["invoice", "credit_note"]

NOT_ACCEPTED = Sentence("billing.not_accepted", N_("{work} has not been accepted by the client."))
ASK_ACCEPTANCE = Sentence("billing.ask_acceptance", N_("Ask the client to accept it; it can then be billed by the card of its day."))
ALREADY_BILLED = Sentence("billing.already_billed", N_("{work} has been billed before."))
SAME_ID = Sentence("billing.same_id", N_("{work} was entered twice with different contents."))
OUTSIDE = Sentence("billing.outside", N_("{work} belongs to another engagement or to an entity that the agreement does not list."))
OUTSIDE_TERM = Sentence("billing.outside_term", N_("{work} was done on {on}, outside the term of the agreement."))
NO_QUANTITY = Sentence("billing.no_quantity", N_("{work} has the quantity {quantity}; only more than zero can be billed."))
OTHER_CURRENCY = Sentence("billing.other_currency", N_("Card {card} is in {card_currency}, the invoice in {currency}."))
NOTHING = Sentence("billing.nothing", N_("There is no accepted work that can be billed."))


@dataclass(frozen=True, kw_only=True)
class Work:
    """One entry of work to bill: a day's hours, a counted measure, a month, a milestone. It is billed once, by `id`.

    `item` is the work item that it belongs to; `acceptance` the client's acceptance of it, empty where there is none; `on` the day whose card prices it.
    """

    id: str
    item: str
    engagement: str
    entity: str
    says: str
    service: str
    level: int
    basis: Basis
    quantity: Decimal
    on: date
    acceptance: str = ""
    measure: str = ""
    variant: str = ""
    detail: str = ""
    minutes: int = 0
    """Of time: the quantity of a line is the hours of all its minutes, so that nothing is rounded before."""
    tax: TaxTreatment | None = None
    """Where it differs from the agreement's."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the agreement froze about billing. `term_from` and `term_until` bound the term half-open; `due_days` counts from the day of issue."""

    engagement: str
    agreement: str
    entities: frozenset[str]
    currency: str
    cards: tuple[RateCard, ...]
    tax: TaxTreatment
    term_from: date
    term_until: date | None = None
    due_days: int = 30
    iban: str = ""
    bic: str = ""
    buyer_reference: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an invoice: whence it comes (item, acceptance, works), what priced it (card, card line, from the first to the last day), what it costs.

    `net` is quantity x price, rounded once, here.
    """

    number: int
    says: str
    detail: str
    item: str
    acceptance: str
    works: tuple[str, ...]
    card: str
    card_version: int
    card_line: str
    first_on: date
    last_on: date
    service: str
    level: int
    basis: Basis
    measure: str
    quantity: Decimal
    price: Decimal
    net: Money
    tax: TaxTreatment


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice, or a credit note (amounts positive there too), as EN 16931 sees it. `first_on` and `last_on` are the days billed, both included."""

    number: str
    kind: Kind
    issued_on: date
    due_on: date
    currency: str
    seller: Party
    buyer: Party
    agreement: str
    first_on: date
    last_on: date
    lines: tuple[Line, ...]
    taxes: tuple[TaxSum, ...]
    net: Money
    tax: Money
    total: Money
    iban: str = ""
    bic: str = ""
    buyer_reference: str = ""
    note: str = ""
    credits: str = ""
    """The number of the invoice that a credit note takes back."""
    credits_issued_on: date | None = None
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """An entry of work that is not on the invoice, with all its reasons."""

    work: Work
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Drawn:
    """The invoice, or what keeps it from being drawn; and the work left out of it."""

    invoice: Invoice | None
    refused: tuple[Refused, ...]
    obstacles: tuple[Reason, ...] = ()


def draw(number: str, issued_on: date, seller: Party, buyer: Party, terms: Terms, works: Iterable[Work], billed: frozenset[str] = frozenset()) -> Drawn:
    """The invoice of all work that may be billed, whatever the order in which it comes; `billed` holds the ids of works on earlier invoices.

    Works of one item that the same card line prices become one line. Sums and roundings follow EN 16931: a line is rounded once, VAT once a treatment.
    """
    lines, refused = _billable(works, terms, billed)
    in_the_way = (*obstacles(seller, buyer, {line.tax for line in lines}), *(() if lines else (NOTHING(),)))
    if in_the_way:
        return Drawn(None, refused, in_the_way)
    invoice = Invoice(
        number=number,
        kind="invoice",
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=terms.due_days),
        currency=terms.currency,
        seller=seller,
        buyer=buyer,
        agreement=terms.agreement,
        iban=terms.iban,
        bic=terms.bic,
        buyer_reference=terms.buyer_reference,
        note=terms.note,
        **_totals(lines, terms.currency),
    )
    return Drawn(invoice, refused)


def worth(terms: Terms, works: Iterable[Work], billed: frozenset[str] = frozenset()) -> tuple[Money, tuple[Refused, ...]]:
    """What `draw` would bill of this work, without tax, whoever the parties are; and what it would leave out."""
    lines, refused = _billable(works, terms, billed)
    return Money.total([line.net for line in lines], terms.currency), refused


def _billable(works: Iterable[Work], terms: Terms, billed: frozenset[str]) -> tuple[tuple[Line, ...], tuple[Refused, ...]]:
    prices: dict[Work, Price] = {}
    refused = []
    known: set[str] = set()
    works = sorted(works, key=repr)
    twins = _twins(works)
    for work in works:
        reasons, found = _judge(work, terms, billed | known, twins)
        if found is None:
            refused.append(Refused(work, reasons))
        else:
            prices[work] = found
            known.add(work.id)
    return _lines(prices, terms), tuple(refused)


def subtotals(invoice: Invoice) -> tuple[tuple[str, Money], ...]:
    """What the lines of each detail (the entities of a group's invoice) come to, without tax; empty where no lines differ by it."""
    sums: dict[str, Money] = {}
    for line in invoice.lines:
        sums[line.detail] = sums.get(line.detail, Money(Decimal(0), invoice.currency)) + line.net
    return tuple(sums.items()) if len(sums) > 1 else ()


def credit(invoice: Invoice, number: str, issued_on: date, why: str, lines: frozenset[int] = frozenset()) -> Invoice:
    """A credit note over an invoice, or over the lines with these numbers, at the prices and the tax that it had; ValueError where it has no such line."""
    if lines - {line.number for line in invoice.lines}:
        raise ValueError("the invoice has no such line")
    kept = tuple(line for line in invoice.lines if not lines or line.number in lines)
    return replace(
        invoice,
        number=number,
        kind="credit_note",
        issued_on=issued_on,
        due_on=issued_on,
        credits=invoice.number,
        credits_issued_on=invoice.issued_on,
        why=why,
        **_totals(kept, invoice.currency),
    )


def _twins(works: Iterable[Work]) -> frozenset[str]:
    """Ids that stand for unlike works: none of them can be told to be the right one."""
    by_id: defaultdict[str, set[Work]] = defaultdict(set)
    for work in works:
        by_id[work.id].add(work)
    return frozenset(key for key, alike in by_id.items() if len(alike) > 1)


def _judge(work: Work, terms: Terms, billed: frozenset[str] | set[str], twins: frozenset[str]) -> tuple[tuple[Reason, ...], Price | None]:
    found = price(terms.cards, work.service, work.level, work.basis, work.measure, work.variant, work.on)
    reasons = []
    if work.engagement != terms.engagement or work.entity not in terms.entities:
        reasons.append(OUTSIDE(work=work.says))
    if work.on < terms.term_from or (terms.term_until is not None and work.on >= terms.term_until):
        reasons.append(OUTSIDE_TERM(work=work.says, on=work.on))
    if not work.acceptance:
        reasons.append(NOT_ACCEPTED(work=work.says, cure=ASK_ACCEPTANCE()))
    if work.id in billed:
        reasons.append(ALREADY_BILLED(work=work.says))
    if work.id in twins:
        reasons.append(SAME_ID(work=work.says))
    if not (work.quantity.is_finite() and work.quantity > 0):
        reasons.append(NO_QUANTITY(work=work.says, quantity=work.quantity))
    if isinstance(found, Reason):
        reasons.append(found)
    elif found.card.currency != terms.currency:
        reasons.append(OTHER_CURRENCY(card=found.card.id, card_currency=found.card.currency, currency=terms.currency))
    return tuple(reasons), None if reasons or isinstance(found, Reason) else found


def _lines(prices: dict[Work, Price], terms: Terms) -> tuple[Line, ...]:
    together: defaultdict[tuple[object, ...], list[Work]] = defaultdict(list)
    volumes: defaultdict[tuple[str, str], list[Work]] = defaultdict(list)
    for work, found in prices.items():
        tax = work.tax or terms.tax
        together[work.item, work.acceptance, work.says, work.detail, found.card.id, found.line.id, tax].append(work)
        volumes[found.card.id, found.line.id].append(work)
    lines = []
    for works in together.values():
        first, found = works[0], prices[works[0]]
        days = sorted(work.on for work in works)
        quantity = _quantity(works)
        each = found.line.price_at(_quantity(volumes[found.card.id, found.line.id]))
        lines.append(
            Line(
                number=0,
                says=first.says,
                detail=first.detail,
                item=first.item,
                acceptance=first.acceptance,
                works=tuple(sorted(work.id for work in works)),
                card=found.card.id,
                card_version=found.card.version,
                card_line=found.line.id,
                first_on=days[0],
                last_on=days[-1],
                service=first.service,
                level=first.level,
                basis=first.basis,
                measure=first.measure,
                quantity=quantity,
                price=each,
                net=rounded(quantity * each, terms.currency),
                tax=first.tax or terms.tax,
            )
        )
    lines.sort(key=lambda line: (line.detail, line.first_on, line.item, line.card, line.card_line, line.works))
    return tuple(replace(line, number=number) for number, line in enumerate(lines, 1))


def _quantity(works: Iterable[Work]) -> Decimal:
    """Counted quantities added up, and the hours of the minutes together."""
    counted, minutes = Decimal(0), 0
    for work in works:
        minutes += work.minutes
        counted += 0 if work.minutes else work.quantity
    return counted + hours(minutes) if minutes else counted


def _totals(lines: tuple[Line, ...], currency: str) -> dict[str, Any]:
    """What an invoice derives from its lines; VAT is rounded once for each category and rate, not for each line."""
    taxable: defaultdict[tuple[str, Decimal], Money] = defaultdict(lambda: Money(Decimal(0), currency))
    treatments: dict[tuple[str, Decimal], TaxTreatment] = {}
    for line in lines:
        key = (line.tax.category, line.tax.rate)
        treatments[key] = line.tax
        taxable[key] += line.net
    taxes = tuple(TaxSum(treatments[key], base, rounded(base.amount * key[1] / 100, currency)) for key, base in sorted(taxable.items()))
    net, tax = Money.total((line.net for line in lines), currency), Money.total((part.tax for part in taxes), currency)
    return {
        "lines": lines,
        "taxes": taxes,
        "net": net,
        "tax": tax,
        "total": net + tax,
        "first_on": min(line.first_on for line in lines),
        "last_on": max(line.last_on for line in lines),
    }

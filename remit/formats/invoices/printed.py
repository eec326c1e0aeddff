"""An invoice or credit note for the eye: the same figures as its UBL, with what each line rests on."""

from __future__ import annotations

from remit.domain.document import Block, Cell, Document, Facts, Heading, Paragraph, Table
from remit.domain.invoicing import Invoice, Line, subtotals
from remit.domain.money import Money
from remit.domain.pricing import BASES
from remit.domain.reasons import N_
from remit.domain.taxation import CATEGORIES, Party, TaxSum
from remit.formats.words import Words

TITLES = {"invoice": N_("Invoice {number}"), "credit_note": N_("Credit note {number}")}
PAY = {
    "invoice": N_("To pay by {due} to {iban}, naming {number}."),
    "credit_note": N_("To be set off against the next payment, or paid back."),
}
PAY_BY = N_("To pay by {due}, naming {number}.")


def invoice_document(invoice: Invoice, language: str = "en", zone: str = "UTC") -> Document:
    """The paper in a language; its descriptions and the reason of exemption stay as the agreement has them."""
    words = Words(language)
    title = words.text(TITLES[invoice.kind], number=invoice.number)
    blocks: list[Block] = [Heading(title, 1), _head(invoice, words)]
    if invoice.why:
        blocks.append(Paragraph(invoice.why))
    blocks.append(_lines(invoice, words))
    if parts := subtotals(invoice):
        blocks.append(Facts(tuple((detail, amount) for detail, amount in parts)))
    blocks += [_taxes(invoice, words), _totals(invoice, words)]
    blocks += [Paragraph(part.treatment.exemption, "note") for part in invoice.taxes if part.treatment.exemption]
    way = PAY[invoice.kind] if invoice.iban or invoice.kind == "credit_note" else PAY_BY
    blocks.append(Paragraph(words.text(way, due=invoice.due_on, iban=invoice.iban, number=invoice.number)))
    if invoice.note:
        blocks.append(Paragraph(invoice.note))
    blocks += [Heading(words.text(N_("What each line rests on"))), _traces(invoice, words)]
    facts = {"author": invoice.seller.name, "subject": invoice.agreement, "date": invoice.issued_on.isoformat()}
    return Document(title=title, blocks=tuple(blocks), language=language, zone=zone, facts=facts)


def _head(invoice: Invoice, words: Words) -> Facts:
    pairs: list[tuple[str, Cell]] = [
        (words.text(N_("Seller")), _party(invoice.seller)),
        (words.text(N_("Buyer")), _party(invoice.buyer)),
        (words.text(N_("Issued")), invoice.issued_on),
        (words.text(N_("Work from")), invoice.first_on),
        (words.text(N_("Work to")), invoice.last_on),
    ]
    if invoice.credits:
        pairs.append((words.text(N_("Takes back")), invoice.credits))
    if invoice.agreement:
        pairs.append((words.text(N_("Agreement")), invoice.agreement))
    if invoice.buyer_reference:
        pairs.append((words.text(N_("Your reference")), invoice.buyer_reference))
    return Facts(tuple(pairs))


def _party(party: Party) -> str:
    town = " ".join(part for part in (party.postcode, party.city) if part)
    numbers = (party.vat_id, party.registration, party.tax_number)
    return ", ".join(part for part in (party.name, party.street, town, party.country, *numbers) if part)


def _lines(invoice: Invoice, words: Words) -> Table:
    columns = (N_("No."), N_("Line"), N_("Quantity"), N_("Basis"), N_("Price"), N_("Net"))
    return Table(
        columns=tuple(words.text(column) for column in columns),
        rows=tuple(
            (line.number, _says(line), line.quantity, words.text(BASES[line.basis]), Money(line.price, invoice.currency), line.net) for line in invoice.lines
        ),
        totals=(None, words.text(N_("Total without VAT")), None, None, None, invoice.net),
        align=("end", "start", "end", "start", "end", "end"),
    )


def _says(line: Line) -> str:
    return f"{line.says}\n{line.detail}" if line.detail else line.says


def _taxes(invoice: Invoice, words: Words) -> Table:
    return Table(
        columns=tuple(words.text(column) for column in (N_("VAT"), N_("Rate"), N_("Taxable amount"), N_("Amount"))),
        rows=tuple((words.text(CATEGORIES[part.treatment.category]), _rate(part, words), part.taxable, part.tax) for part in invoice.taxes),
        align=("start", "end", "end", "end"),
    )


def _rate(part: TaxSum, words: Words) -> str:
    return "" if part.treatment.category == "O" else words.percent(part.treatment.rate / 100)


def _totals(invoice: Invoice, words: Words) -> Facts:
    due = N_("To pay") if invoice.kind == "invoice" else N_("Credited")
    return Facts(((words.text(N_("Total without VAT")), invoice.net), (words.text(N_("VAT")), invoice.tax), (words.text(due), invoice.total)))


def _traces(invoice: Invoice, words: Words) -> Table:
    columns = (N_("No."), N_("Work item"), N_("Acceptance"), N_("Rate card"), N_("Card line"), N_("Done from"), N_("Done to"))
    return Table(
        columns=tuple(words.text(column) for column in columns),
        rows=tuple(
            (line.number, line.item, line.acceptance, f"{line.card} ({line.card_version})", line.card_line, line.first_on, line.last_on)
            for line in invoice.lines
        ),
    )

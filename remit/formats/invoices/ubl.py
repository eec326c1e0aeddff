"""An invoice or credit note written as UBL 2.1 by EN 16931 (CEN/TS 16931-3-2); the same invoice gives the same bytes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from lxml import etree

from remit.domain.invoicing import Invoice, Line
from remit.domain.money import Money
from remit.domain.pricing import Basis
from remit.domain.reasons import N_
from remit.domain.taxation import Party, TaxTreatment
from remit.formats.words import Words

CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
ROOTS = {"invoice": "Invoice", "credit_note": "CreditNote"}
EN_16931 = "urn:cen.eu:en16931:2017"
TYPE_CODES = {"invoice": "380", "credit_note": "381"}
"""UNCL 1001: commercial invoice, credit note."""
UNIT_CODES: dict[Basis, str] = {"hour": "HUR", "month": "MON"}
"""UN/ECE Recommendation 20; what is neither hour nor month counts as C62, one."""
CREDIT_TRANSFER = "30"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

SET_OFF = N_("To be set off against the next payment, or paid back.")


def write_ubl(invoice: Invoice, language: str = "en") -> bytes:
    """UTF-8 bytes with an XML declaration; `language` is that of the few sentences of our own."""
    name = ROOTS[invoice.kind]
    space = f"urn:oasis:names:specification:ubl:schema:xsd:{name}-2"
    root = etree.Element(f"{{{space}}}{name}", nsmap={None: space, "cac": CAC, "cbc": CBC})  # type: ignore[dict-item]
    _head(root, invoice)
    _party(_group(_group(root, "AccountingSupplierParty"), "Party"), invoice.seller, invoice)
    _party(_group(_group(root, "AccountingCustomerParty"), "Party"), invoice.buyer, invoice)
    if any(part.treatment.category == "K" for part in invoice.taxes):
        delivery = _group(root, "Delivery")
        _text(delivery, "ActualDeliveryDate", invoice.last_on.isoformat())
        _text(_group(_group(_group(delivery, "DeliveryLocation"), "Address"), "Country"), "IdentificationCode", invoice.buyer.country)
    _payment(root, invoice, Words(language))
    _taxes(root, invoice)
    totals = _group(root, "LegalMonetaryTotal")
    for total, amount in (
        ("LineExtensionAmount", invoice.net),
        ("TaxExclusiveAmount", invoice.net),
        ("TaxInclusiveAmount", invoice.total),
        ("PayableAmount", invoice.total),
    ):
        _money(totals, total, amount)
    for line in invoice.lines:
        _line(_group(root, f"{name}Line"), line, invoice)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _head(root: Any, invoice: Invoice) -> None:
    is_invoice = invoice.kind == "invoice"
    _text(root, "CustomizationID", EN_16931)
    _text(root, "ID", invoice.number)
    _text(root, "IssueDate", invoice.issued_on.isoformat())
    if is_invoice:
        _text(root, "DueDate", invoice.due_on.isoformat())
    _text(root, f"{ROOTS[invoice.kind]}TypeCode", TYPE_CODES[invoice.kind])
    _text(root, "Note", "\n".join(note for note in (invoice.why, invoice.note) if note))
    _text(root, "DocumentCurrencyCode", invoice.currency)
    _text(root, "BuyerReference", invoice.buyer_reference)
    period = _group(root, "InvoicePeriod")
    _text(period, "StartDate", invoice.first_on.isoformat())
    _text(period, "EndDate", invoice.last_on.isoformat())
    if invoice.credits:
        preceding = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _text(preceding, "ID", invoice.credits)
        _text(preceding, "IssueDate", invoice.credits_issued_on.isoformat() if invoice.credits_issued_on else "")
    if invoice.agreement:
        _text(_group(root, "ContractDocumentReference"), "ID", invoice.agreement)


def _party(party: Any, who: Party, invoice: Invoice) -> None:
    if who.address:
        _text(party, "EndpointID", who.address, schemeID=who.scheme or "EM")
    address = _group(party, "PostalAddress")
    _text(address, "StreetName", who.street)
    _text(address, "CityName", who.city)
    _text(address, "PostalZone", who.postcode)
    _text(_group(address, "Country"), "IdentificationCode", who.country)
    taxed = all(part.treatment.category != "O" for part in invoice.taxes)  # BR-O-02: no VAT identifier outside the scope of VAT
    for number, scheme in ((who.vat_id if taxed else "", "VAT"), (who.tax_number if who is invoice.seller else "", "TAX")):
        if number:
            registered = _group(party, "PartyTaxScheme")
            _text(registered, "CompanyID", number)
            _text(_group(registered, "TaxScheme"), "ID", scheme)
    legal = _group(party, "PartyLegalEntity")
    _text(legal, "RegistrationName", who.name)
    _text(legal, "CompanyID", who.registration)
    if who.contact or who.phone or who.email:
        contact = _group(party, "Contact")
        _text(contact, "Name", who.contact)
        _text(contact, "Telephone", who.phone)
        _text(contact, "ElectronicMail", who.email)


def _payment(root: Any, invoice: Invoice, words: Words) -> None:
    if invoice.iban:
        means = _group(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", CREDIT_TRANSFER)
        if invoice.kind == "credit_note":
            _text(means, "PaymentDueDate", invoice.due_on.isoformat())
        _text(means, "PaymentID", invoice.number)
        account = _group(means, "PayeeFinancialAccount")
        _text(account, "ID", invoice.iban)
        if invoice.bic:
            _text(_group(account, "FinancialInstitutionBranch"), "ID", invoice.bic)
    if invoice.kind == "credit_note":
        _text(_group(root, "PaymentTerms"), "Note", words.text(SET_OFF))


def _taxes(root: Any, invoice: Invoice) -> None:
    total = _group(root, "TaxTotal")
    _money(total, "TaxAmount", invoice.tax)
    for part in invoice.taxes:
        subtotal = _group(total, "TaxSubtotal")
        _money(subtotal, "TaxableAmount", part.taxable)
        _money(subtotal, "TaxAmount", part.tax)
        category = _group(subtotal, "TaxCategory")
        _rate(category, part.treatment)
        _text(category, "TaxExemptionReasonCode", part.treatment.exemption_code)
        _text(category, "TaxExemptionReason", part.treatment.exemption)
        _text(_group(category, "TaxScheme"), "ID", "VAT")


def _line(element: Any, line: Line, invoice: Invoice) -> None:
    """Beside what EN 16931 asks, the line's properties name the work item, its acceptance and the card line that priced it."""
    _text(element, "ID", str(line.number))
    quantity = "InvoicedQuantity" if invoice.kind == "invoice" else "CreditedQuantity"
    _text(element, quantity, _plain(line.quantity), unitCode=UNIT_CODES.get(line.basis, "C62"))
    _money(element, "LineExtensionAmount", line.net)
    period = _group(element, "InvoicePeriod")
    _text(period, "StartDate", line.first_on.isoformat())
    _text(period, "EndDate", line.last_on.isoformat())
    item = _group(element, "Item")
    _text(item, "Description", line.detail)
    _text(item, "Name", line.says)
    category = _group(item, "ClassifiedTaxCategory")
    _rate(category, line.tax)
    _text(_group(category, "TaxScheme"), "ID", "VAT")
    for name, value in (
        ("work item", line.item),
        ("acceptance", line.acceptance),
        ("rate card", f"{line.card}, version {line.card_version}, line {line.card_line}"),
    ):
        if value:
            kept = _group(item, "AdditionalItemProperty")
            _text(kept, "Name", name)
            _text(kept, "Value", value)
    _text(_group(element, "Price"), "PriceAmount", _plain(line.price), currencyID=invoice.currency)


def _rate(category: Any, treatment: TaxTreatment) -> None:
    _text(category, "ID", treatment.category)
    if treatment.category != "O":  # BR-O-05: no rate outside the scope of VAT
        _text(category, "Percent", _plain(treatment.rate))


def _group(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _text(parent: Any, name: str, text: str, **attributes: str) -> None:
    """An element with a text; none at all where the text is empty, since UBL knows no empty element."""
    kept = NOT_IN_XML.sub("", text).strip()
    if kept:
        etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = kept


def _money(parent: Any, name: str, money: Money) -> None:
    _text(parent, name, format(money.amount, "f"), currencyID=money.currency)


def _plain(number: Decimal) -> str:
    """Without exponent and without zeros at its end."""
    return format(number.normalize() + 0, "f") if number else "0"

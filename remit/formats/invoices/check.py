"""Is this e-invoice valid? Its form, and each EN 16931 rule that it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from remit.formats.invoices.papers import Form, Paper, Unreadable, read_paper
from remit.formats.invoices.rules import BrokenRule, broken_rules, prepare, rules_version

__all__ = ["Checked", "Facts", "check", "prepare"]


_UBL = {
    "number": "/*/*[local-name()='ID']",
    "issued": "/*/*[local-name()='IssueDate']",
    "seller": "/*/*[local-name()='AccountingSupplierParty']//*[local-name()='RegistrationName']",
    "buyer": "/*/*[local-name()='AccountingCustomerParty']//*[local-name()='RegistrationName']",
    "payable": "/*/*[local-name()='LegalMonetaryTotal']/*[local-name()='PayableAmount']",
    "currency": "/*/*[local-name()='DocumentCurrencyCode']",
}
_CII = {
    "number": "/*/*[local-name()='ExchangedDocument']/*[local-name()='ID']",
    "issued": "/*/*[local-name()='ExchangedDocument']/*[local-name()='IssueDateTime']/*",
    "seller": "//*[local-name()='SellerTradeParty']/*[local-name()='Name']",
    "buyer": "//*[local-name()='BuyerTradeParty']/*[local-name()='Name']",
    "payable": "//*[local-name()='DuePayableAmount']",
    "currency": "//*[local-name()='InvoiceCurrencyCode']",
}
LONGEST_FACT = 120


@dataclass(frozen=True)
class Facts:
    """What an invoice says of itself, as written there: BT-1, BT-2, BT-27, BT-44, BT-115 and BT-5 of EN 16931; empty where it says nothing."""

    number: str = ""
    issued: str = ""
    seller: str = ""
    buyer: str = ""
    payable: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Checked:
    """What the official rules say; `attached` is the XML's name inside a PDF, empty for plain XML."""

    form: Form
    rules_version: str
    broken: tuple[BrokenRule, ...]
    attached: str = ""
    facts: Facts = Facts()

    @property
    def valid(self) -> bool:
        """No fatal rule is broken; warnings leave an invoice valid."""
        return not any(broken.flag == "fatal" for broken in self.broken)


def check(data: bytes) -> Checked | Unreadable:
    """Check the invoice in an XML or PDF file; never raises on what came.

    Rules: EN 16931 as published by CEN for UBL 2.1 and CII (version in the answer), with the schema of the form. Valid means that form and sums
    hold, not that the work was done.
    """
    paper = read_paper(data)
    if isinstance(paper, Unreadable):
        return paper
    return Checked(paper.form, rules_version(paper.form), broken_rules(paper), paper.attached, _facts(paper))


def _facts(paper: Paper) -> Facts:
    paths = _CII if paper.form == "CII" else _UBL
    return Facts(**{name: " ".join(str(paper.tree.xpath(f"string(({path})[1])")).split())[:LONGEST_FACT] for name, path in paths.items()})

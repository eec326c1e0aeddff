"""Is this e-invoice valid? Its form, and each EN 16931 rule that it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from remit.formats.invoices.papers import Form, Unreadable, read_paper
from remit.formats.invoices.rules import BrokenRule, broken_rules, rules_version


@dataclass(frozen=True)
class Checked:
    """What the official rules say; `attached` is the XML's name inside a PDF, empty for plain XML."""

    form: Form
    rules_version: str
    broken: tuple[BrokenRule, ...]
    attached: str = ""

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
    return Checked(paper.form, rules_version(paper.form), broken_rules(paper), paper.attached)

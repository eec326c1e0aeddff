"""What an e-invoice that is kept as a first item is seen to hold; apart from other files, since the rules' machine is started first."""

from __future__ import annotations

from remit.apps.work.kept import FORM, MOST_FINDINGS, PROOF, Seen
from remit.domain.reasons import N_
from remit.formats.invoices.check import Checked, check, prepare

__all__ = ["looked_at", "prepare"]

NUMBER, SELLER, BUYER, PAYABLE = N_("Number"), N_("Seller"), N_("Buyer"), N_("Payable")
RULES_HELD, BROKEN, VALID, BREAKS, NO_INVOICE = N_("EN 16931"), N_("Rule broken"), N_("valid"), N_("not valid"), N_("not an e-invoice")


def looked_at(content: bytes, kind: str, name: str) -> Seen:
    """What an e-invoice says of itself, and the rules that it breaks."""
    found = check(content)
    if not isinstance(found, Checked):
        return [[PROOF, NO_INVOICE]], []
    said = found.facts
    verdict = VALID if found.valid else BREAKS
    facts = [[FORM, found.form], [NUMBER, said.number], [SELLER, said.seller], [BUYER, said.buyer], [PAYABLE, f"{said.payable} {said.currency}"]]
    return [*facts, [RULES_HELD, verdict], *([BROKEN, each.rule] for each in found.broken[:MOST_FINDINGS])], []

"""Ledgers: the journal of a month, read by a mapping kept per entity, and checked."""

from remit.formats.ledgers.checks import check
from remit.formats.ledgers.read import read
from remit.formats.ledgers.rules import RULES
from remit.formats.ledgers.values import Ledger, LedgerEntry, Mapped

__all__ = ["RULES", "Ledger", "LedgerEntry", "Mapped", "check", "read"]

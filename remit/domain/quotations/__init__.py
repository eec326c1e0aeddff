"""Quotations: found in a text, and compared letter by letter with the texts that are kept of what they quote."""

from remit.domain.quotations.compare import Compared, compare
from remit.domain.quotations.found import Quotation, quotations
from remit.domain.quotations.source import Source

__all__ = ["Compared", "Quotation", "Source", "compare", "quotations"]

"""Legal citations: found in a text, parsed one citation sentence at a time, and checked offline against the tables of reporters and courts."""

from remit.formats.citations.document import Paragraph, judged
from remit.formats.citations.rules import RULES
from remit.formats.citations.values import Citation, Judged

__all__ = ["RULES", "Citation", "Judged", "Paragraph", "judged"]

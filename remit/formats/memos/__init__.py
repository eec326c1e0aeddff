"""Legal memos and the authorities that they cite: their files read, their citations and quotations checked."""

from remit.formats.memos.read import read
from remit.formats.memos.rules import RULES
from remit.formats.memos.values import PARTS, AuthorityText, Memo, Passage

__all__ = ["PARTS", "RULES", "AuthorityText", "Memo", "Passage", "read"]

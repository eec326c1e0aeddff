"""What an item leaves to be recognized by: its amount in the smallest unit, day, references and distinctive words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from remit.domain.reconciliation import Item

TOKEN = re.compile(r"[A-Z0-9]+(?:[-/._][A-Z0-9]+)*")
WORD = re.compile(r"[^\W\d_]{4,}")
DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|\d{4}-\d{2}(?:-\d{2})?|\d{1,2}[./-](?:\d{2}|\d{4}))")
YEAR = re.compile(r"(?:19|20)\d\d")
DIGITS_MIN = 3
TOKEN_MAX = 35
"""SEPA ends references at 35 characters (ISO 20022, Max35Text)."""
COMMON_SHARE = 0.1
"""A word on more than this share of one side's items says nothing about which is which."""
COMMON_MIN = 12
GERMAN = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS", "ß": "SS"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One item as matching sees it; `amount` is whole smallest units, `day` a proleptic ordinal."""

    item: Item
    amount: int
    day: int
    references: frozenset[str]
    words: frozenset[str]
    names: frozenset[str]
    """The words of the counterparty alone, common or not."""

    @property
    def look(self) -> tuple[object, ...]:
        """Equal for two items that nothing tells apart but the order."""
        return self.amount, self.day, self.references, self.words


@dataclass
class Sides:
    """Both sides, with what no rule has taken yet."""

    statement: Sequence[Trace]
    ledger: Sequence[Trace]
    taken_statement: set[int] = field(default_factory=set)
    taken_ledger: set[int] = field(default_factory=set)

    def open_statement(self) -> list[int]:
        """Positions not taken yet."""
        return [at for at in range(len(self.statement)) if at not in self.taken_statement]

    def open_ledger(self) -> list[int]:
        """Positions not taken yet."""
        return [at for at in range(len(self.ledger)) if at not in self.taken_ledger]

    def take(self, statement: Iterable[int], ledger: Iterable[int]) -> None:
        """Both are matched from now on."""
        self.taken_statement.update(statement)
        self.taken_ledger.update(ledger)

    def turned(self) -> Sides:
        """The same with the sides exchanged; what is taken there is taken here."""
        return Sides(self.ledger, self.statement, self.taken_ledger, self.taken_statement)


def traced(items: Sequence[Item], others: Sequence[Item]) -> list[Trace]:
    """Traces of one side; `others` only sets the scale of the amounts, so that both sides count in the same unit."""
    places = max((-int(item.amount.as_tuple().exponent) for side in (items, others) for item in side), default=0)
    words = [words_in(f"{item.counterparty} {item.text} {item.more}") for item in items]
    spread = Counter(word for found in words for word in found)
    limit = max(COMMON_MIN, int(len(items) * COMMON_SHARE))
    return [
        Trace(
            item,
            int(item.amount.scaleb(max(0, places))),
            item.on.toordinal(),
            references_in(f"{item.reference} {item.text} {item.more}"),
            frozenset(word for word in found if spread[word] <= limit),
            words_in(item.counterparty),
        )
        for item, found in zip(items, words, strict=True)
    ]


def references_in(text: str) -> frozenset[str]:
    """Numbers of invoices, vouchers, batches and the like, without their separators: `RE-26/1187` is `RE261187`. Dates and years are none."""
    found = set()
    for token in TOKEN.findall(folded(text)):
        if len(token) > TOKEN_MAX or DATE.fullmatch(token) or YEAR.fullmatch(token):
            continue
        if sum(letter.isdigit() for letter in token) >= DIGITS_MIN:
            found.add(re.sub(r"[-/._]", "", token))
    return frozenset(found)


def words_in(text: str) -> frozenset[str]:
    """Words of at least four letters, without case and accents."""
    return frozenset(WORD.findall(folded(text)))


def folded(text: str) -> str:
    """Upper case without accents; German umlauts as two letters, as banks write them."""
    if text.isascii():
        return text.upper()
    spelt = unicodedata.normalize("NFC", text).upper().translate(GERMAN)
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))

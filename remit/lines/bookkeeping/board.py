"""How the preparer's state is shown, and what software suggests for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from remit.domain.document import Table
from remit.domain.line import Board, Case, Finding, Group, Move
from remit.domain.matching import match
from remit.domain.matching.traces import words_in
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.reconciliation import Book, Item, Match, Side
from remit.lines.bookkeeping.books import Books, books
from remit.lines.bookkeeping.preparation import Answer, Preparation, Tied

OPENING = Sentence("bridge.opening", N_("Opening"))
IN = Sentence("bridge.in", N_("In ({statement} and {ledger} entries)"))
OUT = Sentence("bridge.out", N_("Out ({statement} and {ledger} entries)"))
CLOSING = Sentence("bridge.closing", N_("Closing"))
OPEN = Sentence("bridge.open", N_("Open items ({statement} and {ledger})"))
RECONCILED = Sentence("bridge.reconciled", N_("Reconciled"))

STATES = {
    "": Sentence("open.unanswered", N_("open")),
    "question": Sentence("open.asked", N_("waits on client")),
    "entry": Sentence("open.proposed", N_("proposed")),
    "timing": Sentence("open.timing", N_("explained: timing")),
    "error": Sentence("open.error", N_("explained: error")),
}
PROPOSED = Sentence("open.entry", N_("Entry proposed to {account}. {text}"))
BY_HAND = Sentence("recon.by_hand", N_("Matched by hand: the sums are equal. {note}"))

FEE_WORDS = frozenset(
    (
        *("KONTOFUEHRUNG", "KONTOFUEHRUNGSGEBUEHR", "KONTOENTGELT", "ENTGELT", "ENTGELTE", "GEBUEHR", "GEBUEHREN", "PROVISION", "SPESEN"),
        *("FEES", "CHARGE", "CHARGES", "TAKSA", "KOMISION", "ТАКСА", "КОМИСИОН", "КОМИСИОНА"),
    )
)
INTEREST_WORDS = frozenset(("ZINSEN", "HABENZINSEN", "SOLLZINSEN", "INTEREST", "LIHVA", "ЛИХВА", "ЛИХВИ"))
FEE_KINDS, INTEREST_KINDS = ("NCHG", "CHRG", "FEES", "SRVCHG", "FEE"), ("NINT", "INTR", "INT")
LATE_DAYS = 7
RULES_KEPT = 32_768
COLUMNS = (N_("Date"), N_("Text"), N_("Reference"), N_("Amount"), N_("Why it is open"), N_("State"))
BRIDGE_COLUMNS = ("", N_("Statement"), N_("Ledger"), N_("Apart"))
BRIDGE_CAPTION = N_("Opening + entries = closing")


def show(case: Case, state: Preparation) -> Board:
    """Both sides with their groups, under the bridge."""
    both = books(case)
    return Board(
        surface="pair",
        columns=COLUMNS,
        rows=_rows(both.statement, state, currency_of(case)),
        right=_rows(both.ledger, state, currency_of(case)),
        groups=_groups(both, state),
        above=(bridge_table(both, state, currency_of(case)),),
        commands=("match", "split", "explain", "propose", "withdraw"),
    )


def suggest(case: Case, state: Preparation) -> Iterator[Move]:
    """Matches that hold, then possible ones, then answers for what only one side has."""
    both = books(case)
    matched = state.matched
    statement = [item for item in both.statement.items if item.key not in matched]
    ledger = [item for item in both.ledger.items if item.key not in matched]
    found = match(statement, ledger)
    yield from (_match_move(tie, sure=True) for tie in found.matches)
    for tie in found.possible:
        yield from (_match_move(tie, sure=False),) if _equal(both, tie) else _error_moves(both, tie)
    settled = {key for tie in (*found.matches, *found.possible) for key in (*tie.statement, *tie.ledger)} | set(state.answers)
    kinds = dict(zip((item.key for item in both.statement.items if not item.carried), (entry.kind for entry in both.entries), strict=True))
    for item in statement:
        if item.key not in settled:
            yield from _charge(case, item, kinds.get(item.key, ""))
    late = [item for item in ledger if item.key not in settled and not item.carried and (case.period[1] - item.on).days <= LATE_DAYS]
    for item in late:
        why = Finding("recon.looks_timing", values={"days": LATE_DAYS})
        yield Move("explain", {"item": item.key, "kind": "timing", "words": item.text or item.reference}, why)


def bridge_table(both: Books, state: Preparation, currency: str) -> Table:
    """Opening to reconciled, a column a side and what they are apart; the labels are reasons."""
    bridge = both.bridge(state.matched)
    one, other = bridge.statement, bridge.ledger

    def row(label: Reason, of: Callable[[Side], Decimal]) -> tuple[Any, ...]:
        left, right = of(one), of(other)
        return label, shown(left, currency), shown(right, currency), shown(abs(left - right), currency)

    return Table(
        BRIDGE_COLUMNS,
        (
            row(OPENING(), lambda side: side.opening),
            row(IN(statement=one.count_in, ledger=other.count_in), lambda side: side.total_in),
            row(OUT(statement=one.count_out, ledger=other.count_out), lambda side: side.total_out),
            row(CLOSING(), lambda side: side.closing),
            row(OPEN(statement=other.open_count, ledger=one.open_count), lambda side: side.open_total),
        ),
        caption=BRIDGE_CAPTION,
        totals=row(RECONCILED(), lambda side: side.reconciled),
        align=("start", "end", "end", "end"),
    )


def why_matched(both: Books, tie: Tied) -> Reason:
    """The rule by which the group holds, found again from its own items; by hand where a person said so or no rule tells."""
    statement, ledger = tuple(both.on_statement(tie.statement)), tuple(both.in_ledger(tie.ledger))
    is_there = len(statement) == len(tie.statement) and len(ledger) == len(tie.ledger)
    found = _rule(statement, ledger) if tie.by_rule and is_there else None
    return found or BY_HAND(note=tie.note)


@lru_cache(maxsize=RULES_KEPT)
def _rule(statement: tuple[Item, ...], ledger: tuple[Item, ...]) -> Reason | None:
    """The rule by which these items alone, and all of them, belong together. A group that a move leaves alone is not matched again."""
    found = match(statement, ledger).matches
    is_whole = len(found) == 1 and len(found[0].statement) == len(statement) and len(found[0].ledger) == len(ledger)
    return found[0].why if is_whole else None


def why_open(answer: Answer | None) -> Reason | str | None:
    """The answer's words; None where there is none."""
    if answer is None:
        return None
    return PROPOSED(account=answer.account, text=answer.words) if answer.kind == "entry" else answer.words


def label(item: Item) -> str:
    """Who and what, as one text."""
    return " · ".join(part for part in (item.counterparty, item.text) if part)


def currency_of(case: Case) -> str:
    """The bank account's currency."""
    return str(case.entity.get("bank_currency") or case.entity.get("currency", ""))


def shown(amount: Decimal, currency: str) -> Decimal:
    """With the currency's decimals."""
    return Money(amount, currency).rounded().amount if currency else amount


def _rows(book: Book, state: Preparation, currency: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for item in book.items:
        answer = state.answers.get(item.key)
        cells = item.on, label(item), item.reference, shown(item.amount, currency), why_open(answer), STATES[answer.kind if answer else ""]()
        yield item.key, cells


def _groups(both: Books, state: Preparation) -> Iterator[Group]:
    for number, tie in enumerate(state.ties, 1):
        yield Group(f"G-{number:03}", tie.statement, tie.ledger, partial(why_matched, both, tie), not tie.by_rule, tie.note)


def _match_move(tie: Match, *, sure: bool) -> Move:
    values: Mapping[str, Any] = {"statement": list(tie.statement), "ledger": list(tie.ledger), "by_rule": sure, "note": ""}
    return Move("match", values, Finding(tie.why.code, values=tie.why.values), sure)


def _error_moves(both: Books, tie: Match) -> Iterator[Move]:
    """Sums that differ cannot be matched: one side is wrong, and the person says which."""
    amounts = (" / ".join(str(item.amount) for item in items) for items in (both.on_statement(tie.statement), both.in_ledger(tie.ledger)))
    words = " : ".join(amounts)
    for key in (*tie.statement, *tie.ledger):
        yield Move("explain", {"item": key, "kind": "error", "words": words}, Finding(tie.why.code, values=tie.why.values))


def _equal(both: Books, tie: Match) -> bool:
    one, other = (sum((item.amount for item in items), Decimal(0)) for items in (both.on_statement(tie.statement), both.in_ledger(tie.ledger)))
    return one == other


def _charge(case: Case, item: Item, kind: str) -> Iterator[Move]:
    words = words_in(f"{item.counterparty} {item.text}")
    code = kind.rpartition("/")[2]
    for question, rule, marks, codes in (
        ("fee_account", "recon.looks_fee", FEE_WORDS, FEE_KINDS),
        ("interest_account", "recon.looks_interest", INTEREST_WORDS, INTEREST_KINDS),
    ):
        account = str(case.entity.get(question) or "")
        if account and (words & marks or code in codes):
            yield Move("propose", {"item": item.key, "account": account, "words": item.text}, Finding(rule))
            return

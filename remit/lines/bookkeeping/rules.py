"""All that this service can find, with severity, words and source; the readers' own rules are among them."""

from __future__ import annotations

from remit.domain.line import Need, Rule
from remit.domain.matching.doubts import (
    AMOUNT_DIFFERS,
    AMOUNT_SWAPPED,
    NAMES_DIFFER,
    ONE_OF_SEVERAL,
    REFERENCE_DIFFERS,
    REFERENCE_SWAPPED,
    SIGN_DIFFERS,
    SUM_FITS,
)
from remit.domain.matching.pairs import SAME_AMOUNT, SAME_DAY, SAME_REFERENCE, SAME_WORDS
from remit.domain.matching.sums import SUM_COUNT, SUM_NAMED, SUM_REFERENCE, SUM_WORDS
from remit.domain.reasons import N_
from remit.formats.ledgers import RULES as LEDGER_RULES
from remit.formats.statements import RULES as STATEMENT_RULES

RECONCILED = "Reconciliation: statement closing and ledger closing meet once open items are in"
CHAIN = "The closing accepted for a period is the opening of the next"
AGE_DAYS = 30
MANAGER = Need(level=4)

OWN = (
    Rule("bank.wrong_account", "error", N_("The statement is of account {found}, not of {expected}."), "The entity's bank account", holds=N_("Right account")),
    Rule("bank.account_unsaid", "warning", N_("The file names no account; it was taken for {expected}."), "The entity's bank account"),
    Rule("bank.wrong_currency", "error", N_("The statement is in {found}; the account is kept in {expected}."), "The entity's bank account"),
    Rule("bank.outside_period", "error", N_("The entry of {on} lies outside the period."), CHAIN, holds=N_("All entries lie in the period")),
    Rule(
        "bank.opening_differs",
        "error",
        N_("The statement opens with {found}; the last one accepted closed with {expected}."),
        CHAIN,
        holds=N_("Opening is the last closing"),
    ),
    Rule(
        "bank.statements_apart",
        "error",
        N_("Statement {number} opens with {found}, but the one before it closed with {expected}."),
        CHAIN,
        holds=N_("No statement missing"),
    ),
    Rule("bank.not_whole_period", "warning", N_("The last statement ends on {on}, before the period does."), CHAIN),
    Rule("ledger.no_bank_account", "error", N_("The ledger has no entry on the bank account {account}."), "The entity's chart of accounts"),
    Rule("ledger.outside_period", "error", N_("The entry of {on} lies outside the period."), CHAIN),
    Rule(
        "ledger.opening_differs",
        "error",
        N_("The bank account opens with {found}; it was closed with {expected}."),
        CHAIN,
        holds=N_("Ledger opens where it closed"),
    ),
    Rule("ledger.no_opening", "warning", N_("The ledger gives no opening balance of the bank account; {assumed} was taken."), CHAIN),
    Rule("recon.bridge", "error", N_("With all open items in, the two sides are still {apart} apart."), RECONCILED, holds=N_("The two sides meet")),
    Rule("recon.lost", "error", N_("A group names the item {item}, which the papers no longer hold."), RECONCILED),
    Rule("recon.explained", "error", N_("{explained} of {count} open items are explained."), RECONCILED, MANAGER, N_("Each open item is explained")),
    Rule(
        "recon.age",
        "warning",
        N_("An item of {on} is open for {days} days; more than {limit} want an answer."),
        RECONCILED,
        holds=N_("No item is older than 30 days"),
    ),
    Rule("recon.looks_fee", "note", N_("The bank's own charge, which the ledger lacks."), "The bank's text or code of the entry"),
    Rule("recon.looks_interest", "note", N_("Interest, which the ledger lacks."), "The bank's text or code of the entry"),
    Rule("recon.looks_timing", "note", N_("Entered within the last {days} days of the period: the bank may book it in the next."), RECONCILED),
    Rule("work.two_sides", "error", N_("A match needs items of both sides."), RECONCILED),
    Rule("work.sums_differ", "error", N_("The sums differ: {statement} and {ledger}, {apart} apart."), RECONCILED),
    Rule("work.unknown_item", "error", N_("There is no item {item} any more."), RECONCILED),
    Rule("work.already_matched", "error", N_("The item {item} is matched already."), RECONCILED),
    Rule("work.not_matched", "error", N_("The item {item} is in no group."), RECONCILED),
    Rule("work.no_answer", "error", N_("The item {item} has no answer."), RECONCILED),
    Rule("work.unknown_kind", "error", N_("“{kind}” is no reason for an open item."), RECONCILED),
    Rule("work.no_words", "error", N_("Say in words why the item is open."), RECONCILED),
    Rule("work.no_account", "error", N_("Name the account of the proposed entry."), RECONCILED),
    Rule("work.only_statement", "error", N_("An entry is proposed for an item of the statement only."), RECONCILED),
)

SUGGESTED = tuple(
    Rule(sentence.code, "note", sentence.says, RECONCILED)
    for sentence in (
        *(SAME_REFERENCE, SAME_WORDS, SAME_DAY, SAME_AMOUNT, SUM_REFERENCE, SUM_NAMED, SUM_WORDS, SUM_COUNT),
        *(ONE_OF_SEVERAL, NAMES_DIFFER, REFERENCE_SWAPPED, REFERENCE_DIFFERS, AMOUNT_SWAPPED, AMOUNT_DIFFERS, SIGN_DIFFERS, SUM_FITS),
    )
)

RULES: tuple[Rule, ...] = tuple({rule.code: rule for rule in (*STATEMENT_RULES.values(), *LEDGER_RULES.values(), *OWN, *SUGGESTED)}.values())

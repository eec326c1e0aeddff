"""What the readers and checks of bank statements can find, in words."""

from remit.domain.line import Rule
from remit.domain.reasons import N_
from remit.formats.table.rules import RULES as TABLE_RULES

_MT940 = "SWIFT MT 940 Customer Statement Message"
_CAMT = "ISO 20022 camt.053 BankToCustomerStatement"
_OFX = "OFX 1.0.2 to 2.3"
_FORM = "the form that the file is given in"
_FOOT = "opening balance + entries = closing balance"

_READING = (
    Rule("bank.unknown_form", "error", N_("This is no bank statement in a form that is read here: MT940, CAMT.053, OFX, CSV or XLSX."), _FORM),
    Rule("bank.not_statement", "error", N_("This is {what}, not a statement with booked balances (CAMT.053)."), _CAMT),
    Rule("bank.broken_xml", "error", N_("The XML is broken: {why}."), _CAMT),
    Rule("bank.doctype", "error", N_("The file carries a document type declaration (DOCTYPE), which no bank sends; it is not read further."), _FORM),
    Rule("bank.nothing_inside", "error", N_("The file holds no statement."), _FORM),
    Rule("bank.fragment", "error", N_("This is a piece of a statement: {fields} are missing."), _MT940),
    Rule("bank.bank_refused", "error", N_("The bank sent an error message instead of a statement: {code} {message}."), _OFX),
    Rule("bank.field_missing", "error", N_("The statement lacks {field}, which its form requires."), _FORM),
    Rule("bank.field_wrong", "error", N_("“{text}” cannot be read as {field}."), _FORM),
    Rule("bank.tag_open", "error", N_("<{tag}> is not closed: the file is cut off."), _OFX),
    Rule("bank.currency_missing", "warning", N_("The file does not say the currency of the account."), _FORM),
    Rule("bank.not_booked", "note", N_("{count} entries are not booked yet ({status}) and do not count."), _CAMT),
    Rule(
        "bank.not_recognised",
        "error",
        N_("The columns are not recognised as a bank statement. Give the titles of date and amount (or debit and credit)."),
        _FORM,
    ),
)

_CHECKING = (
    Rule(
        "bank.statement_foots",
        "error",
        N_("Opening {opening} and entries {total} make {reached}, but the closing balance is {closing}: {apart} apart."),
        _FOOT,
    ),
    Rule("bank.no_opening", "note", N_("Cannot be footed: the file gives no opening balance."), _FOOT),
    Rule("bank.no_closing", "note", N_("Cannot be footed: the file gives no closing balance."), _FOOT),
    Rule("bank.no_balances", "note", N_("Cannot be footed: the file gives neither an opening nor a closing balance."), _FOOT),
    Rule(
        "bank.balance_runs",
        "error",
        N_("The balance after this line is given as {balance}, but the line before and the amount make {reached}: {apart} apart."),
        _FOOT,
    ),
    Rule(
        "bank.no_gap",
        "error",
        N_("Opens with {opening}, but the statement before closed with {closing}: {apart} apart."),
        "closing balance = next opening balance",
    ),
    Rule("bank.number_missing", "error", N_("Statement {number} follows {before}: what lies between is missing."), "statement numbers run on"),
    Rule("bank.statement_twice", "error", N_("This statement stands twice in the file, first in line {first}."), _FORM),
    Rule("bank.no_duplicate", "error", N_("The bank's own reference {reference} stands twice, with the same date and amount; first in line {first}."), _FORM),
    Rule("bank.looks_alike", "warning", N_("The same reference, date and amount as line {first}. The statement foots with both."), _FORM),
    Rule("bank.one_currency", "error", N_("The currency is {currency} here and {other} in the rest of the statement."), _FORM),
    Rule("bank.dates_inside", "warning", N_("Booked outside the statement's days {starts_on} to {ends_on}: {count} entries, the first on {booked_on}."), _FORM),
    Rule("bank.days_backwards", "warning", N_("The statement ends on {ends_on}, before it starts on {starts_on}."), _FORM),
    Rule("bank.count_stated", "error", N_("The file itself states {stated} entries, but holds {reached}."), _CAMT),
    Rule("bank.in_stated", "error", N_("The file itself states {stated} as all that came in, but its entries make {reached}."), _CAMT),
    Rule("bank.out_stated", "error", N_("The file itself states {stated} as all that went out, but its entries make {reached}."), _CAMT),
    Rule("bank.batch_sums", "warning", N_("The payments of this batch make {reached}, but it is booked with {amount}."), _CAMT),
    Rule("bank.not_account", "error", N_("This is a statement of account {account}, not of {wanted}."), "the account asked for"),
)

_SUSPECTS = (
    Rule(
        "bank.suspect_text",
        "note",
        N_("Most likely at fault: the text of the line says {wanted}, with which the statement foots; the amount is {amount}."),
        _FOOT,
    ),
    Rule(
        "bank.suspect_opening",
        "note",
        N_("Most likely at fault: the statement before closed with {wanted}, with which this one foots; it opens with {amount}."),
        _FOOT,
    ),
    Rule(
        "bank.suspect_closing",
        "note",
        N_("Most likely at fault: the next statement opens with {wanted}, with which this one foots; it closes with {amount}."),
        _FOOT,
    ),
    Rule("bank.suspect_stated", "note", N_("An entry may be missing: the file states {stated} entries and holds {count}."), _FOOT),
    Rule("bank.suspect_twice", "note", N_("Likely at fault: the line is the same as line {first}; without it the statement foots."), _FOOT),
    Rule("bank.suspect_sign", "note", N_("Likely at fault: with the other sign, {wanted}, the statement foots."), _FOOT),
    Rule("bank.suspect_point", "note", N_("Possibly at fault: with the decimal mark moved, {wanted}, the statement foots."), _FOOT),
    Rule("bank.suspect_transposed", "note", N_("Possibly at fault: with two neighbouring digits exchanged, {wanted}, the statement foots."), _FOOT),
    Rule("bank.suspect_extra", "note", N_("Possibly at fault: without this line the statement foots."), _FOOT),
)

RULES: dict[str, Rule] = {**TABLE_RULES, **{rule.code: rule for rule in (*_READING, *_CHECKING, *_SUSPECTS)}}
"""By code; the table reader's are among them."""

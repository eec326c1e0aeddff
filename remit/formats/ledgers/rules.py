"""What a ledger's reader and checks can find, in words."""

from remit.domain.line import Rule
from remit.domain.reasons import N_
from remit.formats.table.rules import RULES as TABLE_RULES

_BOOKS = "double entry: every voucher's debits equal its credits"
_EXPORT = "the mapping kept for the entity"

RULES: dict[str, Rule] = {
    **TABLE_RULES,
    **{
        rule.code: rule
        for rule in (
            Rule("ledger.opening_taken", "note", N_("No mapping says which rows are opening balances; voucher {voucher} was taken for them."), _EXPORT),
            Rule(
                "ledger.not_recognised",
                "error",
                N_("The columns are not recognised as a ledger. Give a mapping: the titles of date, account and amount (or debit and credit)."),
                _EXPORT,
            ),
            Rule("ledger.mapping_incomplete", "error", N_("The mapping lacks {fields}."), _EXPORT),
            Rule("ledger.mapping_unknown", "error", N_("The mapping's {name} “{value}” is unknown; known: {known}."), _EXPORT),
            Rule("ledger.no_entries", "error", N_("There is no entry below the header."), _EXPORT),
            Rule("ledger.both_sides", "error", N_("The row has both debit {debit} and credit {credit}."), _EXPORT),
            Rule("ledger.no_amount", "error", N_("The row has neither debit nor credit."), _EXPORT),
            Rule("ledger.side_unknown", "error", N_("“{text}” is neither debit nor credit."), _EXPORT),
            Rule("ledger.balances", "error", N_("Voucher {voucher}: debits {debit} and credits {credit} are {apart} apart."), _BOOKS),
            Rule("ledger.total_balances", "error", N_("All debits {debit} and all credits {credit} are {apart} apart."), _BOOKS),
            Rule("ledger.no_vouchers", "note", N_("The export names no vouchers: only the totals of debit and credit were compared."), _BOOKS),
            Rule("ledger.one_account", "note", N_("The export holds account {account} alone: whether vouchers balance cannot be seen from it."), _BOOKS),
            Rule("ledger.opening_balances", "error", N_("The opening balances do not add up to zero but to {apart}."), _BOOKS),
            Rule("ledger.currencies", "warning", N_("The entries are in several currencies: {currencies}. Each is checked by itself."), _BOOKS),
        )
    },
}
"""By code; the table reader's are among them."""

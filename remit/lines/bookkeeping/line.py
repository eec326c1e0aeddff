"""Running bookkeeping as a service line: tasks, questions, slots, steps, rules and measures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from remit.domain.line import Case, Command, Need, Quantity, Question, ServiceLine, Step, Task, Work
from remit.domain.reasons import N_
from remit.formats.ledgers import Ledger
from remit.lines.bookkeeping import board, checks, deliverable, intake, preparation
from remit.lines.bookkeeping.books import Carried, books, left_open, taken_over
from remit.lines.bookkeeping.rules import RULES

TASKS = (
    Task("record_vouchers", N_("Code and record vouchers"), procedure=True, one_answer=True, zone=3, act="run_bookkeeping", lay_check=True),
    Task("bank_reconciliation", N_("Reconcile bank accounts with the ledger"), procedure=True, one_answer=True, zone=3, act="run_bookkeeping", lay_check=True),
    Task("month_end_accruals", N_("Work out month-end accruals"), procedure=False, one_answer=False, zone=4, act="run_bookkeeping"),
    Task("trial_balance", N_("Draw up the trial balance"), procedure=True, one_answer=True, zone=3, act="run_bookkeeping", lay_check=True),
    Task("vat_advance_return", N_("Prepare and file the VAT advance return"), procedure=True, one_answer=True, zone=4, act="vat_advance_return", critical=3),
    Task("ec_sales_list", N_("Prepare and file the EC sales list"), procedure=True, one_answer=True, zone=3, lay_check=True, critical=3),
    Task("set_up_books", N_("Set up books and chart of accounts"), procedure=False, one_answer=False, zone=4, act="set_up_books", critical=3),
    Task("annual_accounts", N_("Prepare the annual accounts"), procedure=False, one_answer=False, zone=4, act="prepare_annual_accounts", critical=3),
    Task(
        "sign_annual_accounts",
        N_("Sign the annual accounts"),
        procedure=False,
        one_answer=False,
        zone=4,
        act="sign_annual_accounts",
        own_decision=True,
        critical=3,
    ),
    Task("release_payments", N_("Release payments at the bank"), procedure=True, one_answer=True, zone=3, own_decision=True, critical=3),
    Task("key_in_vouchers", N_("Key in vouchers that are coded already"), procedure=True, one_answer=True, zone=2, act="key_in_coded_entries", lay_check=True),
    Task("count_stock", N_("Count stock at the warehouse"), procedure=True, one_answer=True, zone=2, presence=True, lay_check=True),
)

QUESTIONS = (
    Question("documents_a_month", N_("Vouchers a month"), "number"),
    Question("entries_a_month", N_("Bank entries a month"), "number"),
    Question("bank_accounts", N_("Bank accounts"), "number"),
    Question("software", N_("Accounting software"), required=False),
    Question("language", N_("Language of vouchers and reports"), "language"),
    Question("close_on", N_("Workday of the following month on which a month is closed"), "number"),
    Question("bank_account", N_("Bank account (IBAN or number)"), at="entity", holds="secret"),
    Question("bank_currency", N_("Currency of the bank account, where it is not the entity's"), at="entity", required=False),
    Question("bank_ledger_account", N_("Ledger account of the bank"), at="entity"),
    Question(
        "chart_of_accounts",
        N_("Chart of accounts"),
        "choice",
        choices={"skr03": N_("SKR 03 (Germany)"), "skr04": N_("SKR 04 (Germany)"), "bg": N_("National chart (Bulgaria)"), "own": N_("The entity's own")},
        at="entity",
    ),
    Question("fee_account", N_("Ledger account for bank charges"), at="entity", required=False),
    Question("interest_account", N_("Ledger account for interest"), at="entity", required=False),
)

OPEN_ITEM = Question("item", N_("Item"), at="command")
COMMANDS = (
    Command(
        "match",
        N_("Match what is marked"),
        (
            Question("statement", N_("Entries of the statement"), "rows", at="command", rows=(OPEN_ITEM,)),
            Question("ledger", N_("Entries of the ledger"), "rows", at="command", rows=(OPEN_ITEM,)),
            Question("by_rule", N_("Suggested by rule"), "yes", at="command", required=False),
            Question("note", N_("Note"), at="command", required=False),
        ),
        preparation.match,
        key="m",
        many=preparation.match_many,
    ),
    Command("split", N_("Split the group"), (OPEN_ITEM,), preparation.split, key="s"),
    Command(
        "explain",
        N_("Say why it is open"),
        (
            OPEN_ITEM,
            Question("kind", N_("Why"), "choice", choices={code: words for code, words in preparation.KINDS.items() if code != "entry"}, at="command"),
            Question("words", N_("In words"), at="command"),
        ),
        preparation.explain,
        key="e",
    ),
    Command(
        "propose",
        N_("Propose an entry"),
        (OPEN_ITEM, Question("account", N_("Account"), at="command"), Question("words", N_("Text"), at="command", required=False)),
        preparation.propose,
        key="p",
    ),
    Command("withdraw", N_("Take the answer back"), (OPEN_ITEM,), preparation.withdraw, key="w"),
)

STEPS = (
    Step(
        "prepare",
        N_("Reconcile"),
        "bank_reconciliation",
        need=Need(level=2, act="run_bookkeeping", speaks="language", software="software"),
        slots=("statement", "ledger"),
        work=Work(preparation.Preparation, preparation.start, COMMANDS, board.show, board.suggest),
        checks=(checks.chain, checks.opening, checks.held, checks.meet, checks.explained, checks.aged),
        makes=deliverable.make,
        due=(3, "workday"),
        effort=(Decimal("0.5"), "entry"),
    ),
    Step(
        "review",
        N_("Review"),
        "bank_reconciliation",
        need=Need(level=3, act="run_bookkeeping", speaks="language", apart=("prepare",)),
        kind="review",
        of="prepare",
        due=(1, "workday"),
        effort=(Decimal("0.1"), "entry"),
    ),
)


def count(case: Case) -> Iterator[Quantity]:
    """Entries of the statement, the account, and vouchers with an entry in the month."""
    both = books(case)
    ledger: Ledger | None = case.one("ledger")
    yield Quantity("entry", Decimal(len(both.entries)))
    yield Quantity("account", Decimal(1))
    yield Quantity("document", Decimal(len({entry.voucher for entry in ledger.entries if entry.voucher}) if ledger else 0))


def carry(case: Case) -> Carried:
    """Both closings and what stays open; an item that got a proposed entry stands apart, since the ledger may have it by then."""
    both, state = books(case), checks.prepared(case)
    matched = state.matched
    proposed = {item.key for item, _ in deliverable.proposals(both, state)}
    statement = both.open_statement(matched)
    return Carried(
        statement_closing=both.statement.closing,
        ledger_closing=both.ledger.closing,
        open_statement=left_open(item for item in statement if item.key not in proposed),
        open_ledger=left_open(both.open_ledger(matched)),
        proposed=left_open(item for item in statement if item.key in proposed),
    )


LINE = ServiceLine(
    code="bookkeeping",
    field="accounting",
    says=N_("Bookkeeping"),
    edition=2,
    levels={
        1: N_("Bookkeeping clerk: records vouchers by a given coding"),
        2: N_("Bookkeeper: reconciles accounts, codes what is usual"),
        3: N_("Senior bookkeeper: reviews, closes months, clears differences"),
        4: N_("Accounting manager: decides on accruals and treatment"),
        5: N_("Certified accountant or tax adviser: answers for the accounts"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    slots=intake.SLOTS,
    steps=STEPS,
    rules=RULES,
    bases=("hour", "unit", "month", "fixed"),
    measures={"entry": N_("bank entry"), "account": N_("bank account"), "document": N_("voucher")},
    count=count,
    carry=carry,
    carried=Carried,
    take_over=taken_over,
    # Edition 2 adds the EC sales list to the tasks; answers and states are as they were.
    upgrade={1: lambda told: told},
)

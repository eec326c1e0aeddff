"""Payroll as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("collect_changes", N_("Collect joiners, leavers and changes"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("key_in_master_data", N_("Key in master data"), procedure=True, one_answer=True, zone=2, lay_check=True),
    Task("run_payroll", N_("Run the monthly payroll"), procedure=True, one_answer=True, zone=3, act="run_payroll", critical=3),
    Task("check_payroll", N_("Check the run against last month and the changes"), procedure=True, one_answer=True, zone=3, act="run_payroll"),
    Task("wage_tax_return", N_("Prepare and file the wage tax return"), procedure=True, one_answer=True, zone=3, act="run_payroll", critical=3),
    Task(
        "special_cases",
        N_("Judge special cases (posted workers, benefits in kind, garnishments)"),
        procedure=False,
        one_answer=False,
        zone=4,
        act="run_payroll",
        critical=3,
    ),
    Task("answer_employees", N_("Answer employees' questions on payslips"), procedure=True, one_answer=True, zone=3),
    Task("approve_payroll", N_("Approve the run"), procedure=False, one_answer=False, zone=4, own_decision=True, critical=3),
    Task("release_wages", N_("Release the wage payments at the bank"), procedure=True, one_answer=True, zone=3, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("employees", N_("Employees"), "number", holds="payroll"),
    Question("pay_groups", N_("Pay groups, by calendar and collective agreement"), "number"),
    Question("changes_a_month", N_("Changes a month"), "number"),
    Question("software", N_("Payroll software"), required=False),
    Question("pay_on", N_("Workday of the month on which wages must be paid"), "number"),
    Question("language", N_("Language of the work"), "language"),
    Question("works_council", N_("Is there a works council that must be heard?"), "yes"),
    Question("register", N_("Wage tax and social insurance numbers of the employer"), at="entity", holds="payroll"),
)

LINE = ServiceLine(
    code="payroll",
    field="accounting",
    says=N_("Payroll"),
    edition=1,
    levels={
        1: N_("Payroll clerk: keys in master data and changes by a list"),
        2: N_("Payroll administrator: runs usual payrolls, answers standard questions"),
        3: N_("Senior payroll specialist: reviews runs, clears returns of authorities"),
        4: N_("Payroll manager: decides on special cases, answers for the calendar"),
        5: N_("Licensed payroll or tax professional: answers for treatment under wage tax and social insurance law"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "month", "fixed"),
    measures={"payslip": N_("payslip"), "run": N_("payroll run"), "change": N_("change of master data")},
)

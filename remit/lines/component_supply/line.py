"""Component supply as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("plan_deliveries", N_("Plan deliveries against call-offs"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("make_parts", N_("Make the parts to the drawing"), procedure=True, one_answer=True, zone=3),
    Task("inspect_lot", N_("Inspect a lot by sampling plan"), procedure=True, one_answer=True, zone=3),
    Task("certify_lot", N_("Write the certificate of the lot"), procedure=True, one_answer=True, zone=3),
    Task("first_article", N_("Report on first articles"), procedure=True, one_answer=True, zone=4),
    Task("handle_deviation", N_("Handle a deviation and its cause"), procedure=False, one_answer=False, zone=4, critical=3),
    Task("grant_concession", N_("Grant a concession"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
    Task("receive_goods", N_("Receive and count goods at the gate"), procedure=True, one_answer=True, zone=1, lay_check=True, presence=True),
)

QUESTIONS = (
    Question(
        "parts",
        N_("Parts"),
        "rows",
        rows=(
            Question("number", N_("Part number")),
            Question("a_year", N_("Pieces a year"), "number"),
        ),
    ),
    Question("drawings", N_("Are drawings with issue at hand?"), "yes", holds="secret"),
    Question("sampling", N_("Sampling plan and level")),
    Question("incoterm", N_("Delivery term (Incoterms) and place")),
    Question("tools", N_("Who owns the tools?"), "choice", choices={"client": N_("Client"), "provider": N_("Provider")}),
    Question("export_control", N_("Is any part under export control?"), "yes"),
    Question("lead_days", N_("Days from call-off to delivery"), "number"),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="component_supply",
    field="supply",
    says=N_("Component supply"),
    edition=1,
    levels={
        1: N_("Operator: makes and packs by instruction"),
        2: N_("Inspector: measures by plan"),
        3: N_("Quality engineer: releases lots, handles deviations"),
        4: N_("Supply manager: answers for schedule and suppliers"),
        5: N_("Design authority: releases drawings and concessions"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("unit", "fixed"),
    measures={"piece": N_("piece"), "lot": N_("lot"), "report": N_("first article report")},
)

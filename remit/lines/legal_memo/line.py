"""Legal memo for an attorney as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("frame_question", N_("Frame the question presented"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("gather_authorities", N_("Find and keep the authorities"), procedure=True, one_answer=False, zone=4),
    Task("check_citations", N_("Check citations and quotations against their sources"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("draft_memo", N_("Draft the memo"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("review_memo", N_("Review the memo"), procedure=False, one_answer=False, zone=5, critical=3),
    Task("update_authorities", N_("Watch whether authorities are still good law"), procedure=True, one_answer=False, zone=4),
    Task("advise_client", N_("Advise the end client"), procedure=False, one_answer=False, zone=5, act="give_legal_advice", critical=3),
    Task("appear", N_("Appear in court"), procedure=False, one_answer=False, zone=5, act="appear_in_court", presence=True, critical=3),
)

QUESTIONS = (
    Question("jurisdiction", N_("Jurisdiction and court")),
    Question("question", N_("Question, as the attorney puts it"), holds="secret"),
    Question("law_as_of", N_("Date of the law"), "date"),
    Question("attorney", N_("Responsible attorney"), "person"),
    Question("parties", N_("Parties, for the conflict check"), "rows", rows=(Question("party", N_("Name")),)),
    Question("pages", N_("Pages expected"), "number", required=False),
    Question("confidential", N_("Are client confidences disclosed, and has the client consented?"), "yes"),
    Question("language", N_("Language of the work"), "language"),
)

LINE = ServiceLine(
    code="legal_memo",
    field="law",
    says=N_("Legal memo for an attorney"),
    edition=1,
    levels={
        1: N_("Paralegal: finds and copies authorities"),
        2: N_("Junior researcher: drafts short answers"),
        3: N_("Legal researcher: drafts full memos with authorities"),
        4: N_("Senior lawyer: reviews drafts and authorities"),
        5: N_("Responsible attorney: releases, and advises the client"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("hour", "fixed", "unit"),
    measures={"memo": N_("memo"), "page": N_("page"), "citation": N_("citation checked")},
)

"""Patent searching and drafting as a service line: it can be assessed and briefed; delivery is not built yet."""

from __future__ import annotations

from remit.domain.line import Question, ServiceLine, Task
from remit.domain.reasons import N_

TASKS = (
    Task("search_prior_art", N_("Search prior art"), procedure=False, one_answer=False, zone=5),
    Task("chart_claims", N_("Chart claims against documents"), procedure=True, one_answer=False, zone=4),
    Task("draft_description", N_("Draft the description"), procedure=False, one_answer=False, zone=5),
    Task("draft_claims", N_("Draft claims"), procedure=False, one_answer=False, zone=5, act="draft_patent_claims", critical=3),
    Task("prepare_drawings", N_("Prepare formal drawings"), procedure=True, one_answer=True, zone=3, lay_check=True),
    Task("check_form", N_("Check numbering, antecedents and references to figures"), procedure=True, one_answer=True, zone=3),
    Task("docket", N_("Keep deadlines"), procedure=True, one_answer=True, zone=3, critical=3),
    Task("file_application", N_("File and answer office actions"), procedure=False, one_answer=False, zone=5, act="represent_before_patent_office", critical=3),
    Task("decide_filing", N_("Decide whether and where to file"), procedure=False, one_answer=False, zone=5, own_decision=True, critical=3),
)

QUESTIONS = (
    Question("field_of_art", N_("Field of the art")),
    Question("office", N_("Patent office")),
    Question("unpublished", N_("Is the invention unpublished?"), "yes", holds="secret"),
    Question("invented_in", N_("Country in which it was made (foreign filing licence)")),
    Question("attorney", N_("Responsible attorney or agent"), "person"),
    Question("claims", N_("Claims expected"), "number", required=False),
    Question("language", N_("Language of the work"), "language"),
    Question("prior_art", N_("Known documents"), "rows", rows=(Question("number", N_("Publication number")),), required=False),
)

LINE = ServiceLine(
    code="patent_drafting",
    field="law",
    says=N_("Patent searching and drafting"),
    edition=1,
    levels={
        1: N_("Searcher's aide: runs given searches"),
        2: N_("Patent searcher: searches and charts prior art"),
        3: N_("Technical writer: drafts descriptions and figures' legends"),
        4: N_("Senior patent engineer: drafts claims, reviews drafts"),
        5: N_("Patent attorney or agent: files and answers the office"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    bases=("fixed", "hour", "unit"),
    measures={"search": N_("search report"), "application": N_("application drafted"), "claim": N_("claim"), "drawing": N_("sheet of drawings")},
)

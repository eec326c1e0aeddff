"""Legal memo for an attorney as a service line: tasks, questions, slots, steps, rules and measures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from remit.domain.line import Case, Command, Need, Quantity, Question, ServiceLine, Step, Task, Work
from remit.domain.reasons import N_
from remit.lines.legal_memo import board, checks, deliverable, drafting, intake
from remit.lines.legal_memo.kept import checked, passages
from remit.lines.legal_memo.memo import KINDS, Draft
from remit.lines.legal_memo.rules import RULES

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

PASSAGE = Question("item", N_("Passage"), at="command")
TEXT = Question("text", N_("Text"), at="command")
COMMANDS = (
    Command(
        "frame",
        N_("Frame the question"),
        (
            Question("question", N_("Question presented"), at="command", required=False),
            Question("jurisdiction", N_("Jurisdiction and court"), at="command", required=False),
            Question("law_as_of", N_("Date of the law"), "date", at="command", required=False),
        ),
        drafting.frame,
        key="q",
    ),
    Command(
        "add",
        N_("Add to the discussion"),
        (Question("kind", N_("Kind of passage"), "choice", choices=KINDS, at="command"), TEXT),
        drafting.add,
        key="a",
        many=drafting.add_many,
    ),
    Command("write", N_("Write it"), (PASSAGE, TEXT), drafting.write, key="w"),
    Command("rise", N_("Move it up"), (PASSAGE,), drafting.rise, key="u"),
    Command("strike", N_("Strike it"), (PASSAGE,), drafting.strike, key="s"),
    Command(
        "tie",
        N_("Say how it is cited"),
        (PASSAGE, Question("citation", N_("Citation"), at="command"), Question("pinpoint", N_("Pinpoint"), at="command", required=False)),
        drafting.tie,
        key="c",
    ),
    Command("untie", N_("Take the citation back"), (PASSAGE,), drafting.untie, key="t"),
)

STEPS = (
    Step(
        "draft",
        N_("Draft"),
        "draft_memo",
        need=Need(level=3, speaks="language"),
        slots=("authority", "draft"),
        work=Work(Draft, drafting.start, COMMANDS, board.show, board.suggest),
        checks=(checks.framed, checks.whole, checks.citations, checks.quotations, checks.authorities),
        makes=deliverable.make,
        readers=("attorney",),
        due=(2, "workday"),
        effort=(Decimal(60), "page"),
    ),
    Step(
        "review",
        N_("Review"),
        "review_memo",
        need=Need(level=4, speaks="language", apart=("draft",)),
        kind="review",
        of="draft",
        due=(1, "workday"),
        effort=(Decimal(10), "page"),
    ),
)
WORDS_A_PAGE = 300


def count(case: Case) -> Iterator[Quantity]:
    """The memo, its pages of 300 words, and the citations that were checked."""
    state = checks.written(case)
    words = sum(len(text.split()) for _, _, text in passages(state))
    yield Quantity("memo", Decimal(1))
    yield Quantity("page", Decimal(-(-words // WORDS_A_PAGE)))
    yield Quantity("citation", Decimal(len(checked(case, state).citations)))


def first_edition(told: dict[str, Any]) -> dict[str, Any]:
    """The first edition could be assessed and briefed only, and left no state behind."""
    return told


LINE = ServiceLine(
    code="legal_memo",
    field="law",
    says=N_("Legal memo for an attorney"),
    edition=2,
    levels={
        1: N_("Paralegal: finds and copies authorities"),
        2: N_("Junior researcher: drafts short answers"),
        3: N_("Legal researcher: drafts full memos with authorities"),
        4: N_("Senior lawyer: reviews drafts and authorities"),
        5: N_("Responsible attorney: releases, and advises the client"),
    },
    tasks=TASKS,
    questions=QUESTIONS,
    slots=intake.SLOTS,
    steps=STEPS,
    rules=RULES,
    bases=("hour", "fixed", "unit"),
    measures={"memo": N_("memo"), "page": N_("page"), "citation": N_("citation checked")},
    count=count,
    upgrade={1: first_edition},
)

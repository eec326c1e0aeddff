"""What a brief asks, what is missing, and what it asks of people."""

from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from remit.domain import brief
from remit.domain.calendars import Calendar, WorkingHours
from remit.domain.line import Need, Question, ServiceLine, Step, Task

LINE = ServiceLine(
    code="ledger",
    field="accounting",
    says="Ledger",
    edition=1,
    levels={},
    tasks=(Task("t", "task", procedure=True, one_answer=True, zone=3),),
    questions=(
        Question("vouchers", "Vouchers", "number"),
        Question("council", "Works council?", "yes"),
        Question("heard", "When it was heard", "date", when=("council", True)),
        Question("software", "Its own words for it", required=False),
        Question("iban", "Account", at="entity"),
    ),
    steps=(
        Step("do", "Do", "t", need=Need(level=2)),
        Step("count", "Count", "t", kind="software"),
        Step("look", "Look", "t", kind="review", of="do"),
        Step("say", "Approve", "t", side="client"),
    ),
)
CODES = [question.code for question in brief.questions(LINE)]
WHOLE = dict.fromkeys(CODES, "1") | {"council": False}


def test_a_line_adds_its_own_questions_once() -> None:
    assert CODES[: len(brief.QUESTIONS)] == [question.code for question in brief.QUESTIONS]
    assert CODES[len(brief.QUESTIONS) :] == ["vouchers", "council", "heard"]
    assert brief.questions(None) == brief.QUESTIONS


@given(st.sets(st.sampled_from(CODES)))
def test_what_is_missing_is_what_is_required_and_not_answered(without: set[str]) -> None:
    answers = {code: None if code in without else value for code, value in WHOLE.items()}
    required = {question.code for question in brief.questions(LINE) if question.required} - {"heard"}
    assert {question.code for question in brief.missing(LINE, answers)} == without & required


def test_zero_and_no_are_answers_and_a_condition_asks_more() -> None:
    assert brief.missing(LINE, WHOLE | {"vouchers": 0, "shared_min": 0}) == ()
    assert [question.code for question in brief.missing(LINE, WHOLE | {"council": True, "heard": None})] == ["heard"]


def test_the_need_names_what_was_answered_and_nobody() -> None:
    answers = {
        "client_country": "DE", "language": "de", "language_level": "B2", "software": "DATEV, SAP S/4HANA ,", "confidentiality": "payroll",
        "zone": "Europe/Berlin", "opens": "09:00", "closes": "17:30", "shared_min": 240,
    }  # fmt: skip
    need = brief.need(LINE, answers, "client")
    assert (need.jurisdiction, need.client, need.languages, need.software, need.holds) == (
        "DE",
        "client",
        (("de", "B2"),),
        ("DATEV", "SAP S/4HANA"),
        ("payroll",),
    )
    assert (need.shared_min, need.hours) == (240, WorkingHours.on_weekdays("Europe/Berlin", time(9), time(17, 30), Calendar("DE")))
    assert (need.person, need.provider, need.responsible, need.prepared_by) == ("", "", (), ())
    assert brief.need(LINE, answers | {"confidentiality": "ordinary"}, "client").holds == ()


def test_hours_need_all_three_answers_and_no_country_table() -> None:
    half = {"zone": "Asia/Kolkata", "opens": "22:00"}
    assert brief.client_hours(half) is None
    for country in (None, "", "XX"):
        hours = brief.client_hours(half | {"closes": "24:00", "client_country": country})
        assert hours is not None
        assert [hours.open_on(date(2026, 11, day)) for day in range(2, 9)] == [True] * 5 + [False] * 2


def test_a_step_asks_the_higher_level_and_software_asks_nobody() -> None:
    asked = brief.need(LINE, {}, "client")
    assert [step.code for step in brief.steps_of_provider(LINE)] == ["do", "look"]
    assert brief.for_step(asked, LINE.step("do"), 1).step.level == 2
    assert brief.for_step(asked, LINE.step("do"), 4).step.level == 4


def test_where_the_law_differs_by_part_the_part_is_asked_and_its_law_holds() -> None:
    parts = {"GB-EAW": "England and Wales", "GB-SCT": "Scotland", "GB": "elsewhere"}
    codes = [question.code for question in brief.questions(LINE, parts)]
    assert codes[codes.index("client_country") + 1] == brief.PART
    answers = WHOLE | {"client_country": "GB"}
    assert [question.code for question in brief.missing(LINE, answers, parts)] == [brief.PART]
    assert brief.missing(LINE, answers) == ()
    assert brief.missing(LINE, answers | {brief.PART: "GB"}, parts) == (), "elsewhere is an answer"
    assert brief.law(answers | {brief.PART: "GB-SCT"}) == "GB-SCT"
    assert brief.need(LINE, {"client_country": "GB", brief.PART: "GB-SCT"}, "client").jurisdiction == "GB-SCT"
    for part in (None, "", "GB", "DE-BY"):
        assert brief.law({"client_country": "GB", brief.PART: part}) == "GB"


def test_degree_known_law_and_training_are_asked_for_where_they_are_answered() -> None:
    asked = brief.need(LINE, {"degree_level": "7", "knows": "us-ny, DE", "trained_in": " month close ,"}, "halden")
    assert (asked.degree_level, asked.knows, asked.trainings) == (7, ("US-NY", "DE"), (("month close", ""),))
    assert asked.source("degree") == "the brief"
    nothing = brief.need(LINE, {}, "halden")
    assert (nothing.degree_level, nothing.knows, nothing.trainings, nothing.software) == (0, (), (), ())

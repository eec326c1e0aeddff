"""What a brief asks of a client, what is still missing, and what it asks of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from remit.domain import gate, line
from remit.domain.calendars import Calendar, UnknownCalendar, WorkingHours
from remit.domain.line import Question, ServiceLine
from remit.domain.reasons import N_

RELATIONSHIPS = {
    "on_call": N_("on call"),
    "retainer": N_("retainer"),
    "dedicated": N_("dedicated team"),
    "permanent": N_("permanent"),
    "own_unit": N_("own unit abroad"),
}
CONFIDENTIALITY = {
    "ordinary": N_("ordinary business papers"),
    "personal": N_("personal data"),
    "tax": N_("tax return data"),
    "payroll": N_("payroll data"),
    "health": N_("health data"),
    "secret": N_("trade secrets"),
}
LEVELS = {"1": N_("clerk"), "2": N_("associate"), "3": N_("senior"), "4": N_("manager"), "5": N_("principal")}
DEGREES = {"6": N_("bachelor"), "7": N_("master, MBA"), "8": N_("doctor")}
"""By ISCED 2011 level."""
CEFR = {level: level for level in ("A1", "A2", "B1", "B2", "C1", "C2")}

QUESTIONS: tuple[Question, ...] = (
    Question("service", N_("Service"), "choice"),
    Question("client_country", N_("Your country: its law, languages and holidays hold"), "text"),
    Question("entities", N_("Legal entities whose books, payroll or filings it concerns"), "number"),
    Question("level", N_("Least level of who prepares the work"), "choice", choices=LEVELS),
    Question("hours_a_month", N_("Volume: hours of work a month, as far as you know"), "number"),
    Question("language", N_("Language of the work"), "language"),
    Question("language_level", N_("Least level in that language (CEFR)"), "choice", choices=CEFR),
    Question("software", N_("Software to be worked in, separated by commas"), required=False),
    Question("confidentiality", N_("The most sensitive data in it"), "choice", choices=CONFIDENTIALITY),
    Question("zone", N_("Time zone of your people"), "text"),
    Question("opens", N_("Your people work from (hours and minutes)"), "text"),
    Question("closes", N_("Your people work until (hours and minutes)"), "text"),
    Question("shared_min", N_("Least minutes a day that must be shared"), "number"),
    Question("start", N_("Start"), "date"),
    Question("term_months", N_("Term in months"), "number"),
    Question("relationship", N_("Relationship"), "choice", choices=RELATIONSHIPS),
    Question("budget", N_("Budget for the whole term"), "money", required=False),
    Question("inhouse_cost_year", N_("What it costs in-house a year"), "money", required=False),
    Question("degree_level", N_("Least degree of who prepares the work"), "choice", choices=DEGREES, required=False),
    Question("knows", N_("Jurisdictions whose rules they must know, separated by commas (US-NY, DE)"), required=False),
    Question("trained_in", N_("Training that they must have passed, separated by commas"), required=False),
)
"""Asked of every brief, in this order; a service line adds its own (`at="brief"`)."""


UNDIVIDED: Mapping[str, str] = {}
PART = "client_part"


def questions(service: ServiceLine | None, parts: Mapping[str, str] = UNDIVIDED) -> tuple[Question, ...]:
    """All questions of a brief for a service; without one, those that stand for every service.

    `parts`: code to name of the parts of the client's country whose law differs; where there are any, it is asked which.
    """
    known = {question.code for question in QUESTIONS}
    own = () if service is None else tuple(q for q in service.questions if q.at == "brief" and q.code not in known)
    if not parts:
        return QUESTIONS + own
    where = next(number for number, question in enumerate(QUESTIONS, 1) if question.code == "client_country")
    part = Question(PART, N_("The part of your country whose law holds"), "choice", choices=parts)
    return (*QUESTIONS[:where], part, *QUESTIONS[where:], *own)


def law(answers: Mapping[str, Any]) -> str:
    """Whose law holds: the part of the country that was answered, else the country."""
    country, part = answers.get("client_country") or "", answers.get(PART) or ""
    return part if country and part.startswith(f"{country}-") else country


def missing(service: ServiceLine | None, answers: Mapping[str, Any], parts: Mapping[str, str] = UNDIVIDED) -> tuple[Question, ...]:
    """Required questions without an answer; `parts` as in `questions`. Zero and no are answers."""
    return tuple(
        question
        for question in questions(service, parts)
        if question.required and answers.get(question.code) in (None, "") and (question.when is None or answers.get(question.when[0]) == question.when[1])
    )


def client_hours(answers: Mapping[str, Any]) -> WorkingHours | None:
    """The client's hours on its working days; None while zone or hours are not answered.

    Where no table knows the country's holidays, they are the hours of Monday to Friday.
    """
    zone, opens, closes = (answers.get(code) for code in ("zone", "opens", "closes"))
    if not (zone and opens and closes):
        return None
    start, end = time.fromisoformat(opens), None if closes == "24:00" else time.fromisoformat(closes)
    try:
        return WorkingHours.on_weekdays(zone, start, end, Calendar(answers.get("client_country") or ""))
    except UnknownCalendar:
        every_day = WorkingHours.daily(zone, start, end)
        return replace(every_day, weekly=(*every_day.weekly[:5], (), ()))


def need(service: ServiceLine, answers: Mapping[str, Any], client: str) -> gate.Need:
    """What the brief asks of whoever works on it; a step's own need is put in by `for_step`. Names no people."""
    language, level = answers.get("language"), answers.get("language_level")
    holds = answers.get("confidentiality")
    return gate.Need(
        field=service.code,
        client=client,
        jurisdiction=law(answers),
        zone=answers.get("zone") or "UTC",
        languages=((language, level),) if language and level else (),
        software=_named(answers, "software"),
        degree_level=int(answers.get("degree_level") or 0),
        knows=tuple(name.upper() for name in _named(answers, "knows")),
        trainings=tuple((name, "") for name in _named(answers, "trained_in")),
        hours=client_hours(answers),
        shared_min=int(answers.get("shared_min") or 0),
        holds=(holds,) if holds and holds != "ordinary" else (),
        sources=tuple((condition, N_("the brief")) for condition in ASKED),
    )


ASKED = ("level", "language", "software", "hours", "degree", "knows", "training")
"""Conditions of the gate that a brief's answers ask for."""


def _named(answers: Mapping[str, Any], code: str) -> tuple[str, ...]:
    """Names that stand in an answer with commas between them."""
    return tuple(name.strip() for name in str(answers.get(code) or "").split(",") if name.strip())


def for_step(asked: gate.Need, step: line.Step, least_level: int = 1) -> gate.Need:
    """What one step asks, on top of the brief: its act, and the higher of both levels."""
    return replace(asked, step=replace(step.need, level=max(step.need.level, least_level)))


def steps_of_provider(service: ServiceLine) -> Iterable[line.Step]:
    """The steps that a provider's people do."""
    return (step for step in service.steps if step.side == "provider" and step.kind != "software")

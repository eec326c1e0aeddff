"""Conditions on what a person can: level, years in the field, languages, software."""

from __future__ import annotations

from typing import Any

from remit.domain.gate.asking import Asking, Outcome, Outcomes
from remit.domain.gate.credentials import ASK, UNKNOWN_YEARS, YEARS
from remit.domain.gate.facts import CEFR, years_in
from remit.domain.reasons import N_, Sentence

LEVEL = Sentence("gate.level", N_("Level {asked} is asked for; {held} is held."))
UNKNOWN_LEVEL = Sentence("gate.unknown_level", N_("The level is not known; {asked} is asked for."))
HELD_LEVEL = Sentence("gate.held.level", N_("Level {held}"))
HELD_YEARS = Sentence("gate.held.years", N_("{held} years in {field}"))
LANGUAGE = Sentence("gate.language", N_("Language {language} at {asked} is asked for; {held} is held."))
UNKNOWN_LANGUAGE = Sentence("gate.unknown_language", N_("The languages are not known; {language} at {asked} is asked for."))
HELD_LANGUAGE = Sentence("gate.held.language", N_("Language {language} at {held}"))
SOFTWARE = Sentence("gate.software", N_("{software} is asked for and not known to them."))
UNKNOWN_SOFTWARE = Sentence("gate.unknown_software", N_("It is not known whether they work with {software}."))
HELD_SOFTWARE = Sentence("gate.held.software", N_("{software}"))

OTHER = Sentence("gate.cure.other_person", N_("Choose someone who meets it."))
TEST = Sentence("gate.cure.language_test", N_("A dated test at {asked} or better, or someone who has it."))
TRAIN = Sentence("gate.cure.training", N_("Training in {software}, or someone who knows it."))


def level(asking: Asking) -> Outcomes:
    """The highest level in the field on the day; level 1 is everybody's."""
    asked, need = asking.need.step.level, asking.need
    if asked <= 1:
        return
    said: dict[str, Any] = {"rule_id": "asked.level", "rule_source": need.source("level"), "asked": asked}
    if asking.person.levels is None:
        yield Outcome("refuses", UNKNOWN_LEVEL(cure=ASK(), **said))
        return
    held = max((each.level for each in asking.person.levels if each.field in ("", need.field) and each.holds_on(asking.on)), default=0)
    yield Outcome("holds", HELD_LEVEL(held=held)) if held >= asked else Outcome("refuses", LEVEL(held=held, cure=OTHER(), **said))


def years(asking: Asking) -> Outcomes:
    """Whole years in the field before the day."""
    need = asking.need
    if not need.years:
        return
    said: dict[str, Any] = {"rule_id": "asked.years", "rule_source": need.source("years"), "asked": need.years, "field": need.field}
    if asking.person.experience is None:
        yield Outcome("refuses", UNKNOWN_YEARS(cure=ASK(), **said))
        return
    held = years_in(asking.person.experience, need.field, asking.on)
    yield Outcome("holds", HELD_YEARS(held=held, field=need.field)) if held >= need.years else Outcome("refuses", YEARS(held=held, cure=OTHER(), **said))


def languages(asking: Asking) -> Outcomes:
    """Each language at its least CEFR level, by a statement or test in force on the day."""
    for code, asked in asking.need.languages:
        said: dict[str, Any] = {"rule_id": "asked.language", "rule_source": asking.need.source("language"), "asked": asked, "language": code}
        if asking.person.languages is None:
            yield Outcome("refuses", UNKNOWN_LANGUAGE(cure=ASK(), **said))
            continue
        rank = max((CEFR.index(each.level) for each in asking.person.languages if each.code == code and each.holds_on(asking.on)), default=-1)
        if rank >= CEFR.index(asked):
            yield Outcome("holds", HELD_LANGUAGE(language=code, held=CEFR[rank]))
        else:
            yield Outcome("refuses", LANGUAGE(held=CEFR[rank] if rank >= 0 else "-", cure=TEST(asked=asked), **said))


def software(asking: Asking) -> Outcomes:
    """Each program that the work is done in; neither case nor spaces make another program of it."""
    for code in asking.need.software:
        said: dict[str, Any] = {"rule_id": "asked.software", "rule_source": asking.need.source("software"), "software": code}
        if asking.person.software is None:
            yield Outcome("refuses", UNKNOWN_SOFTWARE(cure=ASK(), **said))
        elif any(_plain(each.code) == _plain(code) and each.holds_on(asking.on) for each in asking.person.software):
            yield Outcome("holds", HELD_SOFTWARE(software=code))
        else:
            yield Outcome("refuses", SOFTWARE(cure=TRAIN(software=code), **said))


def _plain(name: str) -> str:
    return "".join(name.casefold().split())

"""Conditions on what a person can: level, years, degree, languages and their skills, software, accounts, training, the law that they know."""

from __future__ import annotations

from typing import Any

from remit.domain.gate.asking import Asking, Outcome, Outcomes
from remit.domain.gate.credentials import ASK, UNKNOWN_YEARS, YEARS
from remit.domain.gate.facts import CEFR, SystemAccess, years_in
from remit.domain.gate.need import Account
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

DEGREE = Sentence("gate.degree", N_("A degree of ISCED level {asked} in {field} is asked for and not held."))
UNKNOWN_DEGREE = Sentence("gate.unknown_degree", N_("The degrees are not known; one of ISCED level {asked} in {field} is asked for."))
HELD_DEGREE = Sentence("gate.held.degree", N_("Degree of ISCED level {held}: {title}"))
SKILL = Sentence("gate.language_skill", N_("Language {language} in {skill} at {asked} is asked for; {held} is held."))
SYSTEM = Sentence("gate.system", N_("They have no account in {system} in force on {on}."))
UNKNOWN_SYSTEM = Sentence("gate.unknown_system", N_("It is not known whether they have an account in {system}."))
HELD_SYSTEM = Sentence("gate.held.system", N_("Account in {system}"))
TRAINING = Sentence("gate.training", N_("Training in {training} is asked for and not passed, or no longer valid."))
TRAINING_VERSION = Sentence("gate.training_version", N_("Training in {training} is asked for in version {asked}; it was passed in version {held}."))
UNKNOWN_TRAINING = Sentence("gate.unknown_training", N_("It is not known whether they were trained in {training}."))
HELD_TRAINING = Sentence("gate.held.training", N_("Trained in {training}"))
KNOWS = Sentence("gate.knows", N_("They are not said to know the rules of {jurisdiction}."))
UNKNOWN_KNOWS = Sentence("gate.unknown_knows", N_("It is not known whose rules they know; those of {jurisdiction} are asked for."))
HELD_KNOWS = Sentence("gate.held.knows", N_("Knows the rules of {jurisdiction}"))
ANY_FIELD = N_("any field")

GRANT = Sentence("gate.cure.system", N_("Have the client grant the account, or choose who has one."))
REVIEW = Sentence("gate.cure.system_review", N_("Have the client review the account that ended on {valid_until}."))
TEACH = Sentence("gate.cure.train", N_("Have them trained in {training} {version}, or choose who is."))
SAY = Sentence("gate.cure.say_knows", N_("Record that they know them, or choose who does."))
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


def skills(asking: Asking) -> Outcomes:
    """Speech or writing of a language at its least level; a statement about all of the language says it of both."""
    for code, asked, skill in asking.need.skills:
        said: dict[str, Any] = {"rule_id": "asked.language", "rule_source": asking.need.source("language"), "asked": asked, "language": code}
        if asking.person.languages is None:
            yield Outcome("refuses", UNKNOWN_LANGUAGE(cure=ASK(), **said))
            continue
        told = [each for each in asking.person.languages if each.code == code and each.skill in ("", skill) and each.holds_on(asking.on)]
        rank = max((CEFR.index(each.level) for each in told), default=-1)
        if rank >= CEFR.index(asked):
            yield Outcome("holds", HELD_LANGUAGE(language=code, held=CEFR[rank]))
        else:
            yield Outcome("refuses", SKILL(skill=skill, held=CEFR[rank] if rank >= 0 else "-", cure=TEST(asked=asked), **said))


def degree(asking: Asking) -> Outcomes:
    """A degree of at least that level, in one of the fields where fields are named."""
    need = asking.need
    if not need.degree_level:
        return
    fields = {_plain(name) for name in need.degree_fields}
    field = " / ".join(need.degree_fields) or ANY_FIELD
    said: dict[str, Any] = {"rule_id": "asked.degree", "rule_source": need.source("degree"), "asked": need.degree_level, "field": field}
    if asking.person.degrees is None:
        yield Outcome("refuses", UNKNOWN_DEGREE(cure=ASK(), **said))
        return
    fitting = [each for each in asking.person.degrees if each.level >= need.degree_level and (not fields or _plain(each.field) in fields)]
    if fitting:
        best = max(fitting, key=lambda each: each.level)
        yield Outcome("holds", HELD_DEGREE(held=best.level, title=best.title or best.field))
    else:
        yield Outcome("refuses", DEGREE(cure=OTHER(), **said))


def systems(asking: Asking) -> Outcomes:
    """An account in force in each of the client's systems that the work is done in."""
    for name in asking.need.systems:
        said: dict[str, Any] = {"rule_id": "asked.system", "rule_source": asking.need.source("system"), "system": name}
        if asking.person.systems is None and asking.need.accounts is None:
            yield Outcome("refuses", UNKNOWN_SYSTEM(cure=ASK(), **said))
            continue
        own = [each for each in asking.need.accounts or () if each.person == asking.person.key]
        known: tuple[SystemAccess | Account, ...] = (*(asking.person.systems or ()), *own)
        held = [each for each in known if _plain(each.system) == _plain(name)]
        if any(each.holds_on(asking.on) for each in held):
            yield Outcome("holds", HELD_SYSTEM(system=name))
            continue
        ended = max((each.valid_until for each in held if each.valid_until is not None and each.valid_until <= asking.on), default=None)
        yield Outcome("refuses", SYSTEM(on=asking.on, cure=REVIEW(valid_until=ended) if ended else GRANT(), **said))


def trainings(asking: Asking) -> Outcomes:
    """Each training in its version, passed and valid on the day."""
    for code, version in asking.need.trainings:
        said: dict[str, Any] = {"rule_id": "asked.training", "rule_source": asking.need.source("training"), "training": code}
        cure = TEACH(training=code, version=version)
        if asking.person.trainings is None:
            yield Outcome("refuses", UNKNOWN_TRAINING(cure=cure, **said))
            continue
        valid = [each for each in asking.person.trainings if _plain(each.code) == _plain(code) and each.holds_on(asking.on)]
        if any(not version or each.version in ("", version) for each in valid):
            yield Outcome("holds", HELD_TRAINING(training=code))
        elif valid:
            yield Outcome("refuses", TRAINING_VERSION(asked=version, held=", ".join(sorted({each.version for each in valid})), cure=cure, **said))
        else:
            yield Outcome("refuses", TRAINING(cure=cure, **said))


def knows(asking: Asking) -> Outcomes:
    """Each jurisdiction whose rules must be known; who knows those of a part need not know those of the whole."""
    for jurisdiction in asking.need.knows:
        said: dict[str, Any] = {"rule_id": "asked.knows", "rule_source": asking.need.source("knows"), "jurisdiction": jurisdiction}
        if asking.person.knows is None:
            yield Outcome("refuses", UNKNOWN_KNOWS(cure=ASK(), **said))
        elif any(each.jurisdiction == jurisdiction and each.holds_on(asking.on) for each in asking.person.knows):
            yield Outcome("holds", HELD_KNOWS(jurisdiction=jurisdiction))
        else:
            yield Outcome("refuses", KNOWS(cure=SAY(), **said))


def _plain(name: str) -> str:
    return "".join(name.casefold().split())

"""Which parts of a function may leave the house, and as what: keep, BPO (the procedure is the product) or KPO (the judgement is the product)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from remit.domain.line import Task
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import Asks, Rule, RuleSets


class Class(StrEnum):
    """What becomes of a task."""

    KEEP = "keep"
    BPO = "bpo"
    KPO = "kpo"


CLASS_WORDS = {Class.KEEP: N_("keep in-house"), Class.BPO: N_("BPO: process"), Class.KPO: N_("KPO: judgement")}
CRITICALITY_WORDS = {1: N_("low"), 2: N_("medium"), 3: N_("high")}

PRESENCE = Sentence("assess.presence", N_("It must be done on the spot."))
OWN_DECISION = Sentence("assess.own_decision", N_("It is your own decision by its nature; its preparation may still leave."))
STAYS_WITH_CLIENT = Sentence("assess.reserved_client", N_("In {jurisdiction} this act stays with your own people."))
LICENSED = Sentence("assess.reserved_licensed", N_("In {jurisdiction} only a licensed person may do it; a provider's licensed person may."))
RESPONSIBLE = Sentence("assess.reserved_responsible", N_("In {jurisdiction} a qualified person must answer for it; others may work under them."))
OPEN = Sentence("assess.open", N_("In {jurisdiction} a rule leaves this act open to anyone."))
CONDITIONS = Sentence("assess.conditions", N_("In {jurisdiction} a rule sets conditions on where or how it is done; whoever works on it is asked for them."))
RULE_UNKNOWN = Sentence("assess.rule_unknown", N_("No rule is on file for this act in {jurisdiction}: ask before you let it go."))
NAME_PART = Sentence("assess.cure.name_part", N_("The law there differs by part of the country: assess again for {parts}."))
PROCEDURE = Sentence("assess.procedure", N_("A written procedure covers it."))
NO_PROCEDURE = Sentence("assess.no_procedure", N_("No procedure covers every case: it needs judgement."))
ONE_ANSWER = Sentence("assess.one_answer", N_("There is one right answer, and it can be checked."))
MANY_ANSWERS = Sentence("assess.many_answers", N_("Experts may answer differently: the reasoning is what you buy."))
ZONE_LOW = Sentence("assess.zone_low", N_("Some training suffices (O*NET job zone {zone} of 5)."))
ZONE_HIGH = Sentence("assess.zone_high", N_("It takes a qualified person (O*NET job zone {zone} of 5)."))
LAY_CHECK = Sentence("assess.lay_check", N_("Someone without the training can see whether it is right."))
EXPERT_CHECK = Sentence("assess.expert_check", N_("Only a qualified person can see whether it is right."))

KPO_ZONE = 4
"""From this O*NET job zone on (considerable preparation) a task is knowledge work."""


@dataclass(frozen=True)
class Verdict:
    """The outcome for one task. `critical` 1 to 3. `decides`: which side decides in the end."""

    task: str
    says: str
    outcome: Class
    critical: int
    reasons: tuple[Reason, ...]
    decides: str


def assess(task: Task, jurisdiction: str, rules: RuleSets, on: date) -> Verdict:
    """The proposal for a task of a client in a jurisdiction, by the rules in force on a day; every reason that counted is given."""
    keeps, notes = _reserved(task, jurisdiction, rules, on)
    if task.presence:
        keeps.append(PRESENCE())
    if task.own_decision:
        keeps.append(OWN_DECISION())
    nature = [
        PROCEDURE() if task.procedure else NO_PROCEDURE(),
        ONE_ANSWER() if task.one_answer else MANY_ANSWERS(),
        ZONE_HIGH(zone=task.zone) if task.zone >= KPO_ZONE else ZONE_LOW(zone=task.zone),
        LAY_CHECK() if task.lay_check else EXPERT_CHECK(),
    ]
    process = nature_of(task) is Class.BPO and not any(note.code == LICENSED.code for note in notes)
    outcome = Class.KEEP if keeps else Class.BPO if process else Class.KPO
    reasons = (*keeps, *notes, *nature)
    return Verdict(task.code, task.says, outcome, task.critical, reasons, decides="client" if keeps or task.critical == 3 else "provider")


def nature_of(task: Task) -> Class:
    """BPO or KPO by the task's nature alone, where nobody assessed it: the law and the client's own reasons are not looked at."""
    return Class.BPO if task.procedure and task.one_answer and task.zone < KPO_ZONE else Class.KPO


def assess_all(tasks: Iterable[Task], jurisdiction: str, rules: RuleSets, on: date) -> tuple[Verdict, ...]:
    """The proposals in the order of the tasks."""
    return tuple(assess(task, jurisdiction, rules, on) for task in tasks)


def _reserved(task: Task, jurisdiction: str, rules: RuleSets, on: date) -> tuple[list[Reason], list[Reason]]:
    """(reasons to keep, further notes) from the rules about the task's act."""
    if not task.act:
        return [], []
    keeps: list[Reason] = []
    notes: list[Reason] = []
    found = [rule for _set, rule in rules.asked(jurisdiction, task.act, on) if rule.act == task.act]
    for rule in found:
        if rule.asks.stays_with == "client":
            keeps.append(_by(STAYS_WITH_CLIENT, rule, jurisdiction))
        elif rule.asks.stays_with == "licensed":
            notes.append(_by(RESPONSIBLE if rule.asks.held_by == "responsible" else LICENSED, rule, jurisdiction))
        else:
            notes.append(_by(OPEN if rule.asks == Asks() else CONDITIONS, rule, jurisdiction))
    if not found:
        parts = [each.jurisdiction for each in rules.parts(jurisdiction)]
        notes.append(RULE_UNKNOWN(jurisdiction=jurisdiction, cure=NAME_PART(parts=parts) if parts else None))
    return keeps, notes


def _by(sentence: Sentence, rule: Rule, jurisdiction: str) -> Reason:
    return sentence(jurisdiction=jurisdiction, rule_id=rule.id, rule_source=rule.source)

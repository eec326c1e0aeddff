"""The law of a place as dated data: what a rule asks for an act, by when it asks for a filing or a notice, and what is in force on a day."""

from remit.domain.rules.deadlines import Deadline, deadline_of, due_on
from remit.domain.rules.notices import Notice, notices_of
from remit.domain.rules.parse import Fault, parse
from remit.domain.rules.values import Asks, Equal, Qualification, Rule, RuleSet, RuleSets

__all__ = ["Asks", "Deadline", "Equal", "Fault", "Notice", "Qualification", "Rule", "RuleSet", "RuleSets", "deadline_of", "due_on", "notices_of", "parse"]
